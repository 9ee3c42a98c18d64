"""A server beside the running one, opened from a base backup: it listens on a socket in a folder of its own, asks
nobody for a password because nobody else reaches it, and is gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from infra.backups import checking
from infra.backups.sealing import BackupError
from infra.backups.shelf import Backup
from infra.embedded import postgres_files, process
from infra.embedded.child import NOBODY
from infra.embedded.postgres import OWNER
from infra.embedded.postgres_files import Files

# What the backed-up server was told does not count here: its own settings may name machines, archives, libraries.
SETTINGS = {
    "listen_addresses": "''",
    "port": "5432",
    "timezone": "UTC",
    "archive_mode": "off",
    "hot_standby": "off",
    "fsync": "off",
    "log_error_verbosity": "terse",
}
PATIENCE = 3600.0


@contextmanager
def opened(backup: Backup) -> Iterator[str]:
    """Start the side server and yield the owner's address of the product's database on it."""
    home = Path(tempfile.mkdtemp(prefix="ayumi-side-"))
    files = postgres_files.locate(home)
    try:
        checking.extract(checking.fetch_base(backup, home), files.data)
        with _running(files, home / "server.log"):
            yield f"postgresql://{OWNER}@/{backup.database}?host={files.cluster}&port=5432"
    finally:
        shutil.rmtree(files.cluster, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(files: Files, log: Path) -> Iterator[None]:
    config = _configure(files)
    _give_away(files)
    program = [str(files.binary("postgres")), "-D", str(files.data), "-c", f"config_file={config}"]
    server = process.spawn(program, log=log, identity=files.identity, at_parents_death=signal.SIGINT)
    try:
        _wait_until_recovered(files, server, log)
        yield
    finally:
        process.stop(server, by=signal.SIGINT)


def _configure(files: Files) -> Path:
    entrance = files.cluster / "entrance.conf"
    entrance.write_text("local all all trust\n", encoding="ascii")
    told = SETTINGS | {"unix_socket_directories": f"'{files.cluster}'", "hba_file": f"'{entrance}'"}
    config = files.cluster / "side.conf"
    config.write_text("".join(f"{name} = {value}\n" for name, value in told.items()), encoding="utf-8")
    for name in ("standby.signal", "postgresql.auto.conf"):
        (files.data / name).unlink(missing_ok=True)
    return config


def _give_away(files: Files) -> None:
    """Where the server must run as somebody else, its files become theirs."""
    if files.identity == "nobody":
        for each in (files.cluster, *files.cluster.rglob("*")):
            os.chown(each, NOBODY, NOBODY, follow_symlinks=False)


def _wait_until_recovered(files: Files, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"host={files.cluster} port=5432 user={OWNER} dbname=template1", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise BackupError(f"the side server did not come up. The end of its log:\n{process.last_lines(log)}")

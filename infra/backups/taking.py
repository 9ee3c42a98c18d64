"""Taking a backup: the database server first, then every file, so that no row speaks of a file that is not there."""

import hashlib
import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ExecStatus

from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.files.store import store
from ayumi.moving.packing import schema_revision
from infra.backups import sealing, shelf
from infra.backups.sealing import BackupError
from infra.backups.shelf import Backup, Part
from infra.embedded import postgres_files

PIECE = 1 << 20
POSITION = re.compile(r"write-ahead log (start|end) point: ([0-9A-F]+/[0-9A-F]+)")


def take() -> Backup:
    """Take a backup of everything. It counts from the moment its manifest lies on the shelf."""
    sealing.recipients()
    name, taken_at = shelf.fresh_name(), clock.now()
    server = _server()
    with tempfile.TemporaryDirectory(prefix="ayumi-backup-") as folder:
        base = Path(folder) / shelf.DATABASE
        with _log_kept(server):
            positions = _base_backup(server, base)
        with base.open("rb") as opened:
            shelf.shelf().put_file(f"{shelf.BASE}{name}/{shelf.DATABASE}", opened, "application/octet-stream")
        made = Backup(
            name=name,
            taken_at=taken_at.isoformat(),
            database=_database(server),
            server_version=_version(server),
            schema=schema_revision(),
            wal_start=positions["start"],
            wal_end=positions["end"],
            base_size=base.stat().st_size,
            base_sha256=sha256_of(base),
            files=_files(Path(folder)),
        )
    shelf.shelf().put(f"{shelf.BASE}{name}/{shelf.MANIFEST}", made.as_json(), "application/json")
    return made


def _server() -> str:
    url = settings().backup_database_url
    if not url:
        raise BackupError(
            "set AYUMI_BACKUP_DATABASE_URL to a role with REPLICATION; a managed server that gives none is backed up "
            "by its provider (infra/README.md)"
        )
    return url


def _database(server: str) -> str:
    """The product's database: the one its address names, though a base backup holds the whole server."""
    return str(conninfo_to_dict(server).get("dbname") or "ayumi")


def _version(server: str) -> str:
    with psycopg.connect(server, replication="true", autocommit=True) as connection:
        return str(connection.info.parameter_status("server_version"))


# -- the database server -----------------------------------------------------


@contextmanager
def _log_kept(server: str) -> Iterator[None]:
    """Let the server keep its log from here on: the backup takes it along at its end, hours later perhaps.

    A slot holds it, which goes with its connection, however this ends.
    """
    slot = f"ayumi_backup_{secrets.token_hex(4)}"
    with psycopg.connect(server, replication="true", autocommit=True) as connection:
        made = connection.pgconn.exec_(f"CREATE_REPLICATION_SLOT {slot} TEMPORARY PHYSICAL (RESERVE_WAL)".encode())
        if made.status != ExecStatus.TUPLES_OK:
            raise BackupError(f"the server keeps no log for a backup: {made.error_message.decode(errors='replace')}")
        yield


def _base_backup(server: str, target: Path) -> dict[str, str]:
    """Stream the server's files through encryption into one file; return where its log began and ended."""
    said = target.with_suffix(".log")
    with said.open("wb") as complaints, target.open("wb") as sealed:
        running = subprocess.Popen(
            _program(server), stdout=subprocess.PIPE, stderr=complaints, env=_environment(server)
        )  # fmt: skip
        assert running.stdout is not None
        try:
            sealing.seal(running.stdout, sealed)
        finally:
            running.stdout.close()
            code = running.wait()
    words = said.read_text(encoding="utf-8", errors="replace")
    found = dict(POSITION.findall(words))
    if code != 0 or found.keys() != {"start", "end"}:
        raise BackupError(f"pg_basebackup failed with code {code}:\n{words}")
    return found


def _program(server: str) -> list[str]:
    binary = postgres_files.find_bindir() / "pg_basebackup"
    to_stdout = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--gzip"]
    where = make_conninfo(server, password=None)
    how = ["--checkpoint=fast", "--no-password", "--verbose"]
    return [str(binary), *to_stdout, *how, f"--dbname={where}"]


def _environment(server: str) -> dict[str, str]:
    """The password goes where no list of processes shows it; the words must be English to be understood."""
    password = conninfo_to_dict(server).get("password")
    return dict(os.environ) | {"LC_ALL": "C"} | ({"PGPASSWORD": str(password)} if password else {})


# -- the files ---------------------------------------------------------------


def _files(folder: Path) -> list[Part]:
    known = {part.key: part for each in shelf.every() for part in each.files}
    lying = set(shelf.shelf().names(shelf.FILES))
    found = []
    for key in store().names(""):
        part = known.get(key) if f"{shelf.FILES}{key}.age" in lying else None
        part = part or _file(key, folder)
        if part:
            found.append(part)
    return found


def _file(key: str, folder: Path) -> Part | None:
    """Take one file; None when it has been erased since it was listed."""
    plain, sealed = folder / "plain", folder / "sealed"
    try:
        source = store().reading(key)
    except FileNotFoundError:
        return None
    with source, plain.open("wb") as target:
        copy(source, target)
    with plain.open("rb") as opened, sealed.open("wb") as target:
        sealing.seal(opened, target)
    name = f"{shelf.FILES}{key}.age"
    shelf.shelf().delete(name)
    with sealed.open("rb") as opened:
        shelf.shelf().put_file(name, opened, "application/octet-stream")
    return Part(key, plain.stat().st_size, sha256_of(plain), sha256_of(sealed))


def copy(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(PIECE):
        target.write(piece)


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()

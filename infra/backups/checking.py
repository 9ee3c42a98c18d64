"""Is a backup what its manifest says? Every encrypted part by its hash; with the key, every part opened as well, and
the database's files by PostgreSQL's own check."""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from infra.backups import sealing, shelf
from infra.backups.sealing import BackupError
from infra.backups.shelf import Backup, Part
from infra.backups.taking import copy, sha256_of
from infra.embedded import postgres_files, process
from infra.embedded.process import ServiceError


def faults(backup: Backup) -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is well."""
    with tempfile.TemporaryDirectory(prefix="ayumi-backup-") as name:
        folder = Path(name)
        yield from _of_base(backup, folder)
        for part in backup.files:
            fault = _of_part(part, folder)
            if fault:
                yield f"{part.key}: {fault}"


def _of_base(backup: Backup, folder: Path) -> Iterator[str]:
    try:
        sealed = fetch_base(backup, folder)
        if sealing.can_open():
            data = folder / "data"
            extract(sealed, data)
            process.run([str(postgres_files.find_bindir() / "pg_verifybackup"), "--quiet", str(data)])
    except (BackupError, ServiceError, tarfile.TarError) as error:
        yield f"{shelf.DATABASE}: {error}"


def fetch_base(backup: Backup, folder: Path) -> Path:
    """Bring the database's part here; refuse one that is not what the manifest says."""
    sealed = folder / shelf.DATABASE
    _bring(f"{shelf.BASE}{backup.name}/{shelf.DATABASE}", sealed)
    if sha256_of(sealed) != backup.base_sha256:
        raise BackupError("has been changed since it was taken")
    return sealed


def extract(sealed: Path, data: Path) -> None:
    """Open the database's part into a folder."""
    packed = sealed.with_suffix("")
    with sealed.open("rb") as source, packed.open("wb") as target:
        sealing.unseal(source, target)
    data.mkdir(mode=0o700)
    with tarfile.open(packed) as opened:
        opened.extractall(data, filter="data")
    packed.unlink()
    data.chmod(0o700)


def _of_part(part: Part, folder: Path) -> str:
    try:
        open_part(part, folder / "part") if sealing.can_open() else check_part(part)
    except BackupError as error:
        return str(error)
    return ""


def check_part(part: Part) -> None:
    """Look at the encrypted form alone."""
    with _reading(f"{shelf.FILES}{part.key}.age") as source:
        _compare(source, part.sealed_sha256)


def open_part(part: Part, target: Path) -> None:
    """Open one file of the store; refuse one that is not what was taken."""
    check_part(part)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _reading(f"{shelf.FILES}{part.key}.age") as source, target.open("wb") as opened:
        sealing.unseal(source, opened)
    with target.open("rb") as opened:
        _compare(opened, part.sha256)


def _compare(source: IO[bytes], sha256: str) -> None:
    digest = hashlib.sha256()
    while piece := source.read(1 << 20):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise BackupError("has been changed since it was taken")


def _reading(key: str) -> IO[bytes]:
    try:
        return shelf.shelf().reading(key)
    except FileNotFoundError as error:
        raise BackupError("is missing") from error


def _bring(key: str, target: Path) -> None:
    with _reading(key) as source, target.open("wb") as opened:
        copy(source, opened)

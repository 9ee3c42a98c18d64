"""Backups are encrypted before they lie anywhere: age, for the public keys of the settings.

Whoever takes backups needs no secret. What opens them is a file that stays with those who restore, and the program
`age` opens them without us.
"""

import os
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from ayumi.config import settings


class BackupError(Exception):
    """A backup could not be taken, read or used; the text tells the person at the keyboard what to do."""


def make_key(path: Path) -> str:
    """Write a new key into a file that only its owner may read; return its public half."""
    identity = x25519.Identity.generate()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def recipients() -> list[object]:
    """Return for whom to encrypt; refuse to go on without anybody."""
    said = [each.strip() for each in settings().backup_recipients.split(",") if each.strip()]
    if not said:
        raise BackupError("set AYUMI_BACKUP_RECIPIENTS: backups are never kept unencrypted (`ayumi backup key FILE`)")
    return [x25519.Recipient.from_str(each) for each in said]


def can_open() -> bool:
    return bool(settings().backup_identity)


def _identities() -> list[object]:
    path = settings().backup_identity
    if not path:
        raise BackupError("set AYUMI_BACKUP_IDENTITY to the file with the key that opens backups")
    lines = Path(path).read_text(encoding="ascii").splitlines()
    return [x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]


def seal(source: IO[bytes], target: IO[bytes]) -> None:
    """Encrypt a stream piece by piece."""
    pyrage.encrypt_io(source, target, recipients())


def unseal(source: IO[bytes], target: IO[bytes]) -> None:
    """Open an encrypted stream piece by piece; whatever was changed in it is found."""
    try:
        pyrage.decrypt_io(source, target, _identities())
    except (pyrage.DecryptError, OSError) as error:
        raise BackupError(f"this part of the backup does not open: {error}") from error

"""Where backups stand: `base/<name>/` with one manifest each, and beside them every file of the store once.

base/20261123T040000Z/base.tar.gz.age     the database server, as pg_basebackup wrote it
base/20261123T040000Z/manifest.json       when, up to which position, every file with its hash; written last
base/20261123T040000Z/verified.json       when it was first found sound; gone when it is found broken
files/<key in the file store>.age         a file is taken once, and stays as long as a manifest names it
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.files.store import Store, open_store
from infra.backups.sealing import BackupError

BASE, FILES, MANIFEST, DATABASE = "base/", "files/", "manifest.json", "base.tar.gz.age"
VERIFIED = "verified.json"
NAME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the store: what it must hash to when opened, and what its encrypted form hashes to."""

    key: str
    size: int
    sha256: str
    sealed_sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a manifest says. A backup without one was broken off and is none."""

    name: str
    taken_at: str
    database: str
    server_version: str
    schema: str
    wal_start: str
    wal_end: str
    base_size: int
    base_sha256: str
    files: list[Part] = field(default_factory=list)

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def shelf() -> Store:
    return open_store(settings().backup_url)


def fresh_name() -> str:
    return clock.now().astimezone(UTC).strftime(NAME)


def every() -> list[Backup]:
    """All whole backups, the oldest first."""
    return [_read(key) for key in shelf().names(BASE) if key.endswith(f"/{MANIFEST}")]


def one(name: str | None) -> Backup:
    """The backup of this name, or the newest."""
    found = [each for each in every() if name in (None, each.name)]
    if not found:
        raise BackupError(f"there is no backup {name}" if name else "there is no backup yet: ayumi backup take")
    return found[-1]


def _read(key: str) -> Backup:
    said = json.loads(shelf().get(key))
    return Backup(**{**said, "files": [Part(**each) for each in said["files"]]})


def mark(name: str, *, sound: bool) -> None:
    """Remember beside a backup that it was found sound, or no longer."""
    key = f"{BASE}{name}/{VERIFIED}"
    if sound:
        shelf().put(key, json.dumps({"verified_at": clock.now().isoformat()}).encode(), "application/json")
    else:
        shelf().delete(key)


def newest() -> dict[str, datetime]:
    """When the newest was taken of those that are whole, and of those found sound. Reads names, opens nothing."""
    found: dict[str, datetime] = {}
    for key in shelf().names(BASE):
        name, _slash, part = key.removeprefix(BASE).partition("/")
        if part in (MANIFEST, VERIFIED) and (when := moment_of(name)):
            found[part] = max(when, found.get(part, when))
    return found


def moment_of(name: str) -> datetime | None:
    """When a backup was begun, as its name says."""
    try:
        return datetime.strptime(name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


# -- not kept longer than said -----------------------------------------------


def days() -> int:
    return int(settings().backup_days)


def forget_old() -> list[str]:
    """Forget what is older than the setting says, and every file that no manifest names any more."""
    oldest = clock.now() - timedelta(days=days())
    whole = every()
    old = [each.name for each in whole if each.when < oldest]
    for key in _of(old):
        shelf().delete(key)
    named = {f"{FILES}{part.key}.age" for each in whole if each.name not in old for part in each.files}
    for key in [each for each in shelf().names(FILES) if each not in named]:
        shelf().delete(key)
    return old


def _of(names: list[str]) -> Iterator[str]:
    """The manifest last: broken off, it is begun again."""
    for name in names:
        keys = list(shelf().names(f"{BASE}{name}/"))
        yield from sorted(keys, key=lambda key: key.endswith(MANIFEST))

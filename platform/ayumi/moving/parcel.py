"""A ZIP file written part by part, each hashed on its way, and read back only when every hash is right."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.moving.contents import FORMAT

MANIFEST: Final = "manifest.json"
PIECE: Final = 1 << 20
SAFE: Final = re.compile(r"[a-z-]+/[A-Za-z0-9_.-]+|README\.(ja|en)\.txt")


class Damaged(Invalid):
    """Something in the file is not what its manifest says."""

    message = _("This packing is damaged or has been changed: %(part)s.")


class NoPacking(Invalid):
    """It is something else."""

    message = _("This file is no packing of a municipality, or of another kind: %(part)s.")


@dataclass(slots=True)
class Parcel:
    """A packing being written."""

    zip: ZipFile
    parts: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Write one part piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(name, "w", force_zip64=True) as opened:

            def write(piece: bytes) -> None:
                nonlocal size
                digest.update(piece)
                size += len(piece)
                opened.write(piece)

            yield write
        self.parts.append({"name": name, "sha256": digest.hexdigest(), "size": size})

    def close(self, said: dict[str, Any]) -> str:
        """Write the manifest last and return its sha-256."""
        text = json.dumps(said | {"format": FORMAT, "parts": self.parts}, ensure_ascii=False, indent=1).encode()
        self.zip.writestr(MANIFEST, text)
        return hashlib.sha256(text).hexdigest()


@contextmanager
def writing(file: Path | IO[bytes]) -> Iterator[Parcel]:
    """Write a packing to a file, named or open."""
    with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as opened:
        yield Parcel(opened)


@contextmanager
def reading(path: Path) -> Iterator[tuple[ZipFile, dict[str, Any]]]:
    """Open a packing whose every part is there and is what the manifest says; raise NoPacking or Damaged."""
    try:
        with ZipFile(path) as opened:
            manifest = _manifest(opened)
            _check_parts(opened, manifest)
            yield opened, manifest
    except BadZipFile as error:
        raise Damaged(part=str(error)) from error


def about(path: Path) -> dict[str, Any]:
    """Return what a packing says of its municipality; nothing of it is checked yet."""
    try:
        with ZipFile(path) as opened:
            return _manifest(opened)["municipality"]  # type: ignore[no-any-return]
    except BadZipFile as error:
        raise NoPacking(part=path.name) from error


def _manifest(opened: ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(opened.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise NoPacking(part=MANIFEST) from error
    if manifest.get("format") != FORMAT:
        raise NoPacking(part=str(manifest.get("format")))
    if not manifest.keys() >= {"municipality", "schema", "journal", "tables", "parts"}:
        raise Damaged(part=MANIFEST)
    return manifest


def _check_parts(opened: ZipFile, manifest: dict[str, Any]) -> None:
    said = {each["name"]: each for each in manifest["parts"]}
    there = opened.namelist()
    strangers = set(there) ^ (said.keys() | {MANIFEST})
    if strangers or len(there) != len(set(there)):
        raise Damaged(part=", ".join(sorted(strangers)) or "names")
    for name, each in said.items():
        if not SAFE.fullmatch(name) or sha256_of(opened, name, each["size"]) != each["sha256"]:
            raise Damaged(part=name)


def sha256_of(opened: ZipFile, name: str, size: int) -> str:
    """Return the hash of a part, reading no more of it than it is said to have."""
    digest, left = hashlib.sha256(), size
    with opened.open(name) as part:
        while piece := part.read(min(PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                return ""
            digest.update(piece)
    return digest.hexdigest() if left == 0 else ""


def copy(source: IO[bytes], write: Callable[[bytes], None]) -> str:
    """Copy a stream piece by piece and return its sha-256."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        write(piece)
    return digest.hexdigest()

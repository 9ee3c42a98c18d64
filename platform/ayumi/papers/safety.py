"""The gate for uploaded files: what a file is by its content, that its name says the same, and whether it is safe."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from ayumi.papers.errors import EmptyFile, SwollenArchive, TooLarge, WrongKind, WrongName

MEGABYTE: Final = 1024 * 1024
MAX_UNPACKED: Final = 100 * MEGABYTE
MAX_ENTRIES: Final = 1000
# Sheets of repeated cells honestly reach 1:100; the best that deflate can do is about 1:1030.
MAX_RATIO: Final = 300
SMALL_ENTRY: Final = MEGABYTE

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = 1
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_ENCODINGS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


class Kind(StrEnum):
    """The kinds of file that are ever taken, each with its content type."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"

    @property
    def suffix(self) -> str:
        """How such a file is named at its end; also its short name for people."""
        return {"image/jpeg": ".jpg", self.XLSX: ".xlsx"}.get(self, "." + self.rpartition("/")[2])

    @property
    def endings(self) -> tuple[str, ...]:
        """How the name of such a file may end."""
        return {"image/jpeg": (".jpg", ".jpeg"), "text/csv": (".csv", ".txt")}.get(self, (self.suffix,))


_SIGNATURES: Final = {b"%PDF-": Kind.PDF, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}


def check_upload(data: bytes, filename: str, allowed: Collection[Kind], max_bytes: int) -> Kind:
    """What the file is, once it may be kept; otherwise a FileRefused that says why.

    A workbook is unpacked on trial. A PDF or an image is only recognised: hand it out as a download, with the
    content type found here and `nosniff`, never inline under our own address without a sandbox.
    """
    if not data:
        raise EmptyFile(filename=filename)
    if len(data) > max_bytes:
        size = f"{len(data) / MEGABYTE:.1f}"
        raise TooLarge(filename=filename, size=size, limit=f"{max_bytes / MEGABYTE:g}")
    kind = sniff(data)
    if kind is None or kind not in allowed:
        raise WrongKind(filename=filename, allowed="、".join(sorted(each.suffix for each in allowed)))
    if not filename.lower().endswith(kind.endings):
        raise WrongName(filename=filename, kind=kind.suffix)
    if kind is Kind.XLSX:
        check_archive(data, filename)
    return kind


def sniff(data: bytes) -> Kind | None:
    """The kind of a file by its first bytes (a workbook: by its parts; text: by all of it), or None."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return Kind.XLSX if _is_workbook(data) else None
    return Kind.CSV if _is_table_text(data) else None


def is_old_office(data: bytes) -> bool:
    """Whether it is a compound file: Office 97-2003, or a new workbook locked by a password."""
    return data.startswith(_OLE)


def is_locked(data: bytes) -> bool:
    """Whether a compound file hides an encrypted workbook."""
    return is_old_office(data) and "EncryptedPackage".encode("utf-16-le") in data


def decode(data: bytes) -> str | None:
    """Text in UTF-8 (with or without mark), UTF-16 with its mark, or Shift_JIS as Windows has it (CP932)."""
    marked = [encoding for mark, encoding in _ENCODINGS.items() if data.startswith(mark)]
    for encoding in marked or ["utf-8", "cp932"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def check_archive(data: bytes, filename: str) -> None:
    """Unpack every part of a zip archive without keeping it, and stop once it swells beyond measure.

    The sizes an archive declares are its own word, so they are not asked: each part is really inflated.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SwollenArchive(filename=filename) from error
    if len(parts) > MAX_ENTRIES or any(part.flag_bits & _ENCRYPTED for part in parts):
        raise SwollenArchive(filename=filename)
    left = MAX_UNPACKED
    for part in parts:
        left -= _unpacked_size(data, part, left, filename)


def _unpacked_size(data: bytes, part: zipfile.ZipInfo, left: int, filename: str) -> int:
    packed = _packed_bytes(data, part)
    if part.compress_type == zipfile.ZIP_STORED:
        size = len(packed)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflated_size(packed, left)
    else:
        raise SwollenArchive(filename=filename)
    swollen = size > SMALL_ENTRY and size > MAX_RATIO * max(len(packed), 1)
    if size > left or size > part.file_size or swollen:
        raise SwollenArchive(filename=filename)
    return size


def _packed_bytes(data: bytes, part: zipfile.ZipInfo) -> bytes:
    header = data[part.header_offset : part.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size:
        return b""
    *_rest, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    return data[start : start + part.compress_size]


def _inflated_size(packed: bytes, left: int) -> int:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, pending = 0, packed
    while pending and not inflater.eof and size <= left:
        try:
            size += len(inflater.decompress(pending, MEGABYTE))
        except zlib.error:
            break
        pending = inflater.unconsumed_tail
    return size


def _is_workbook(data: bytes) -> bool:
    """A workbook without macros: .xlsm and .xlsb are other kinds, whatever their name says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names and not any("vbaProject" in name for name in names)


def _is_table_text(data: bytes) -> bool:
    """Text that can be a table: readable, no control characters, no mark-up that a browser would run."""
    text = decode(data)
    if not text or text.lstrip().startswith(("<", "{\\rtf")):
        return False
    return _CONTROLS.search(text) is None

"""How far a workbook's cells reach, found without laying them out.

A reader of workbooks makes room for every cell up to the farthest one, so a file of one kilobyte with one
word in XFD1048576 would take all the memory there is. Here the parts are read as a stream and only counted.
"""

import io
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

DAMAGE: Final = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, ValueError)
_PICTURES: Final = (".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bin", ".vml")


class _Counter:
    """Follows rows and cells as a reader would; a cell that is only formatted takes no room."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case "c":
                self._place(attributes.get("r"))
            case "v" | "is" | "f":
                self.rows = max(self.rows, self._row)
                self.columns = max(self.columns, self._column)

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        self._row = int(reference[len(letters) :])
        self._column = _column_number(letters)


def extents_of(workbook: bytes) -> list[tuple[int, int]]:
    """Rows and columns up to the farthest filled cell of each sheet; one of DAMAGE when it cannot be read."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if not name.endswith(_PICTURES)]
    return [_count(part) for part in parts if b"row" in part]


def _count(part: bytes) -> tuple[int, int]:
    counter = _Counter()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = counter.start
    parser.Parse(part, True)
    return counter.rows, counter.columns


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

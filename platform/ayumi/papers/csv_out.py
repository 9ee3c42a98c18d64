"""CSV for spreadsheets in Japanese offices: no cell is a formula, no character is lost in silence."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _

Cell: TypeAlias = str | int | float | Decimal | date | None
Encoding: TypeAlias = Literal["utf-8-sig", "cp932"]

GETA: Final = "〓"
# What a spreadsheet would run, and what would be taken for its defused form when read back.
_WOULD_RUN: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
# The same character under the two numbers that Windows and the rest of the world give it.
_WINDOWS: Final = str.maketrans({"\u2014": "\u2015", "\u00a5": "\uffe5"})


@dataclass(frozen=True, slots=True)
class LostCell:
    """A cell that Shift_JIS cannot hold: row and column counted from 1, and the characters it lacks."""

    row: int
    column: int
    characters: str


class Unmappable(Invalid):
    """Some cells cannot be written in the chosen encoding; `cells` lists them."""

    message = _("Shift_JIS has no room for “%(characters)s” (row %(row)s). Please choose UTF-8 instead.")

    def __init__(self, cells: Sequence[LostCell]) -> None:
        self.cells = list(cells)
        characters = "".join(dict.fromkeys("".join(cell.characters for cell in cells)))
        super().__init__(characters=characters, row=cells[0].row)


def csv_out(rows: Iterable[Sequence[Cell]], encoding: Encoding = "utf-8-sig", *, substitute: bool = False) -> bytes:
    """The rows (headings first) as CSV with CRLF, in UTF-8 with its mark or in CP932.

    Text that a spreadsheet would run is led by an apostrophe, which `sheets_in.read_table` takes off again.
    Cells that CP932 cannot hold raise Unmappable; with substitute they get 〓 in place of what is missing.
    """
    texts = [[cell_text(cell) for cell in row] for row in rows]
    if encoding == "cp932":
        texts = [[cell.translate(_WINDOWS) for cell in row] for row in texts]
        lost = lost_in_cp932(texts)
        if lost and not substitute:
            raise Unmappable(lost)
        for cell in lost:
            texts[cell.row - 1][cell.column - 1] = _with_geta(texts[cell.row - 1][cell.column - 1])
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerows(texts)
    return held.getvalue().encode(encoding)


def lost_in_cp932(rows: Iterable[Sequence[str]]) -> list[LostCell]:
    """Every cell with characters outside CP932: 𠮷, variation selectors, emoji. It has 髙, 﨑 and ①."""
    return [
        LostCell(number, place, missing)
        for number, row in enumerate(rows, 1)
        for place, cell in enumerate(row, 1)
        if (missing := "".join(letter for letter in cell.translate(_WINDOWS) if not _fits(letter)))
    ]


def cell_text(cell: Cell) -> str:
    """What a cell says in CSV: ISO dates, plain numbers, and text that cannot run."""
    match cell:
        case None:
            return ""
        case str():
            return "'" + cell if _WOULD_RUN.match(cell) else cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case _:
            return format(Decimal(str(cell)), "f")


def _with_geta(text: str) -> str:
    return "".join(letter if _fits(letter) else GETA for letter in text)


def _fits(letter: str) -> bool:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True

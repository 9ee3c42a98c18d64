"""Tables that people hand in: CSV as Excel and other systems save it, and workbooks. Cells become text."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook

from ayumi.papers.errors import (
    DamagedSheet,
    LockedWorkbook,
    NoHeading,
    NoRows,
    OldExcel,
    SameHeadingTwice,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
)
from ayumi.papers.extent import DAMAGE, extents_of
from ayumi.papers.safety import MEGABYTE, Kind, check_upload, decode, is_locked, is_old_office, sniff

Value: TypeAlias = int | float | str | bool | time | date | datetime | timedelta

MAX_ROWS: Final = 10_000
MAX_BYTES: Final = 20 * MEGABYTE
MAX_COLUMNS: Final = 500
MAX_CELLS: Final = 5_000_000

# What `sheets_out.csv_out` puts before a cell that a spreadsheet would take for a formula.
_DEFUSED: Final = re.compile(r"'+[=+\-@＝＋－＠\t\r]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the headings: its number as Excel shows it, and one text per heading."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, and its rows without the blank ones."""

    header: list[str]
    rows: list[Row]


def read_table(data: bytes, filename: str, *, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES) -> Table:
    """Read a CSV file or the first visible sheet of a workbook; a FileRefused says what is wrong with it.

    The first row that is not blank holds the headings. Text stays as it is (leading zeros, variant
    characters); 3.0 becomes 3, dates become ISO dates, times HH:MM.
    """
    kind = _kind(data, filename, max_bytes)
    records = _workbook_rows(data, filename, max_rows) if kind is Kind.XLSX else _csv_rows(data, filename)
    return _table(records, filename, max_rows)


def _kind(data: bytes, filename: str, max_bytes: int) -> Kind:
    if is_old_office(data):
        raise (LockedWorkbook if is_locked(data) else OldExcel)(filename=filename)
    if not data.startswith(b"PK") and sniff(data) is None and decode(data) is None:
        raise UnknownEncoding(filename=filename)
    return check_upload(data, filename, (Kind.CSV, Kind.XLSX), max_bytes)


def _table(records: Iterable[list[str]], filename: str, max_rows: int) -> Table:
    numbered = ((number, cells) for number, cells in enumerate(records, 1) if any(map(str.strip, cells)))
    _, first = next(numbered, (0, None))
    if first is None:
        raise NoRows(filename=filename)
    header = _header(first, filename)
    rows: list[Row] = []
    for number, cells in numbered:
        if len(rows) == max_rows:
            raise TooManyRows(filename=filename, limit=max_rows)
        rows.append(_row(number, cells, header, filename))
    return Table(header, rows)


def _header(cells: list[str], filename: str) -> list[str]:
    header = [re.sub(r"\s+", " ", cell).strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise TooManyColumns(filename=filename, limit=MAX_COLUMNS)
    for heading in header:
        if heading and header.count(heading) > 1:
            raise SameHeadingTwice(filename=filename, heading=heading)
    return header


def _row(number: int, cells: list[str], header: list[str], filename: str) -> Row:
    width = len(header)
    if len(cells) == width and all(header):
        return Row(number, cells)
    for place, cell in enumerate(cells):
        if cell.strip() and (place >= width or not header[place]):
            raise NoHeading(filename=filename, row=number, column=column_letters(place))
    return Row(number, (cells + [""] * width)[:width])


def column_letters(place: int) -> str:
    """The letters over a column, A for place 0, as a spreadsheet shows them."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# CSV ---


def _csv_rows(data: bytes, filename: str) -> Iterator[list[str]]:
    text = (decode(data) or "").rstrip("\x1a")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    defused = "'" in text
    try:
        for cells in reader:
            number += 1
            yield [cell[1:] if _DEFUSED.match(cell) else cell for cell in cells] if defused else cells
    except csv.Error as error:
        raise DamagedSheet(filename=filename, row=number) from error


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "\t" if first.count("\t") > first.count(",") else ","


# Workbooks ---


def _workbook_rows(data: bytes, filename: str, max_rows: int) -> Iterator[list[str]]:
    try:
        _check_extents(data, filename, max_rows)
        with load_workbook(io.BytesIO(data)) as workbook:
            cells = _first_sheet(workbook, filename)
    except (*DAMAGE, CalamineError, OSError) as error:
        raise DamagedSheet(filename=filename, row=1) from error
    return ([_text(value) for value in row] for row in cells)


def _check_extents(data: bytes, filename: str, max_rows: int) -> None:
    for rows, columns in extents_of(data):
        if columns > MAX_COLUMNS:
            raise TooManyColumns(filename=filename, limit=MAX_COLUMNS)
        if rows * columns > MAX_CELLS:
            raise TooManyRows(filename=filename, limit=max_rows)


def _first_sheet(workbook: CalamineWorkbook, filename: str) -> list[list[Value]]:
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
    raise NoRows(filename=filename)


def _text(value: Value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value)
        case datetime() | date() | time():
            return _moment(value)
        case _:
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"


def _number(value: float) -> str:
    """Fifteen digits, which is what a spreadsheet shows at most: 0.30000000000000004 was entered as 0.3."""
    return format(Decimal(format(value, ".15g")), "f")


def _moment(value: date | time) -> str:
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")

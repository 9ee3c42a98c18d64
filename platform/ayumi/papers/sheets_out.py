"""Workbooks that people open in Excel: values, never a formula; ready to print on A4; native charts."""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

import xlsxwriter

from ayumi.papers.sheet_charts import CHART_ROWS, FONT, PALETTE, Placed, Shape, dressed, series_of

JAPAN: Final = timezone(timedelta(hours=9))
MAX_TEXT: Final = 32_767
_A4: Final = 9
_WIDEST: Final = 50
_LINE: Final = 17  # points


class Look(StrEnum):
    """How a column's values are shown."""

    TEXT = "@"
    COUNT = "#,##0"
    YEN = '#,##0"円"'
    DAYS = '#,##0"日"'
    PEOPLE = '#,##0"人"'
    CASES = '#,##0"件"'
    RATE = "0.0%"
    DATE = "yyyy-mm-dd"
    MOMENT = "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number that is shown otherwise than its column."""

    value: int | float | Decimal | None
    look: Look


Cell: TypeAlias = str | int | float | Decimal | date | Shown | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; without a width it is as wide as its longest value, up to fifty letters."""

    heading: str
    look: Look = Look.TEXT
    width: float | None = None


class TextTooLong(ValueError):
    """A cell of a workbook holds at most 32,767 letters; nothing is cut off in silence."""


class Book:
    """A workbook in the making. Ask for sheets, fill them, then take the bytes with `finish`."""

    def __init__(self, title: str, *, created: datetime, subject: str = "") -> None:
        self._held = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10.5},
        }
        self._book: Any = xlsxwriter.Workbook(self._held, options)
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._dresses: dict[tuple[Look, bool, bool, bool], Any] = {}
        self._names: set[str] = set()
        self._sheets: list[Sheet] = []
        self.title = title
        moment = _local(created)
        self._book.set_properties({"title": title, "subject": subject, "author": "", "created": moment})

    def sheet(self, name: str, *, landscape: bool = False) -> "Sheet":
        """A new sheet; a name that Excel would refuse is made to fit."""
        name = self._fitting(name)
        sheet = Sheet(self, self._book.add_worksheet(name), name, landscape)
        self._sheets.append(sheet)
        return sheet

    def finish(self) -> bytes:
        """The finished workbook; nothing can be added after."""
        for sheet in self._sheets:
            sheet.settle()
        self._book.close()
        return self._held.getvalue()

    def format(self, **properties: object) -> Any:
        """A cell format, made once for each set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def dress(self, look: Look, of_text: bool, is_quoted: bool, is_total: bool) -> Any:
        """The format of a cell of a table, asked for once for each of the few there are."""
        key = (look, of_text, is_quoted, is_total)
        if key not in self._dresses:
            base = _TOTAL if is_total else _BODY
            aligned = {"align": "left" if of_text else "right", "num_format": look.value}
            self._dresses[key] = self.format(**base, **aligned, **(_QUOTED if is_quoted else {}))
        return self._dresses[key]

    def new_chart(self, shape: Shape) -> Any:
        """A chart of this book, not yet on any sheet."""
        return self._book.add_chart(shape.options)

    def _fitting(self, name: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\]", "・", name).strip("'")[:31] or "シート"
        fitting, number = plain, 2
        while fitting.casefold() in self._names:
            fitting, number = f"{plain[:27]}（{number}）", number + 1
        self._names.add(fitting.casefold())
        return fitting


class Sheet:
    """One sheet, filled from the top down: lines, tables, charts."""

    def __init__(self, book: Book, sheet: Any, name: str, landscape: bool) -> None:
        self.name = name
        self._book, self._sheet = book, sheet
        self._row = 0
        self._tables: list[Placed] = []
        self._charts = 0
        self._widths: dict[int, float] = {}
        self._set_up_print(landscape)

    def title(self, text: str) -> None:
        """The title over a sheet."""
        self._line(text, font_size=14, bold=True)

    def line(self, text: str) -> None:
        """A line of plain text, such as the period or the cut-off time."""
        self._line(text)

    def paragraph(self, text: str, columns: int, width: int) -> None:
        """A longer text over several columns, together so many narrow letters wide, on as many lines as it takes."""
        look = self._book.format(text_wrap=True, valign="top")
        self._sheet.merge_range(self._row, 0, self._row, columns - 1, "", look)
        self._text(self._row, 0, text, look)
        self._sheet.set_row(self._row, _LINE * sum(letters_wide(line) // width + 1 for line in text.split("\n")))
        self._row += 1

    def heading(self, text: str) -> None:
        """The heading over one of several tables, with room above."""
        self.gap()
        self._line(text, bold=True, font_size=11.5, font_color="#0017C1")

    def gap(self, rows: int = 1) -> None:
        self._row += rows

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, total: Sequence[Cell] = ()) -> Placed:
        """A table under its heading row, closed by a row of totals when given."""
        top = self._row
        for place, column in enumerate(columns):
            self._text(top, place, column.heading, self._book.format(**_HEADING))
            self._widen(place, column, column.heading)
        self._row += 1
        for row in rows:
            self._fill(columns, row)
        placed = Placed(self.name, top + 1, self._row - 1, tuple(column.heading for column in columns))
        self._tables.append(placed)
        if total:
            self._fill(columns, total, is_total=True)
        return placed

    def chart(
        self, shape: Shape, title: str, *, table: Placed, names: str, series: Sequence[str], description: str
    ) -> None:
        """A native chart below what is there: one series for each named column, `names` along the axis.

        The description is what a screen reader says in place of the picture. An empty table has no chart.
        """
        if table.last < table.first:
            return
        chart = self._book.new_chart(shape)
        for number, heading in enumerate(series):
            chart.add_series(series_of(shape, heading, table, names, PALETTE[number % len(PALETTE)]))
        dressed(chart, shape, title, alone=len(series) == 1)
        self.gap()
        options = {"description": description, "object_position": 2, "x_offset": 4}
        self._sheet.insert_chart(self._row, 0, chart, options)
        self._row += CHART_ROWS
        self._charts += 1

    def settle(self) -> None:
        """A sheet that is one list keeps its headings in sight, repeats them in print, and can be filtered."""
        if len(self._tables) != 1 or self._charts:
            return
        only = self._tables[0]
        self._sheet.freeze_panes(only.first, 0)
        self._sheet.repeat_rows(only.first - 1)
        if only.last > only.first:
            self._sheet.autofilter(only.first - 1, 0, only.last, len(only.headings) - 1)

    def _line(self, text: str, **look: object) -> None:
        self._text(self._row, 0, text, self._book.format(**look))
        self._row += 1

    def _fill(self, columns: Sequence[Column], row: Sequence[Cell], *, is_total: bool = False) -> None:
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            look = Look.TEXT if isinstance(cell, str) else column.look
            if isinstance(cell, Shown):
                look, cell = cell.look, cell.value
            is_quoted = isinstance(cell, str) and cell.startswith(_FORMULA_LIKE)
            dress = self._book.dress(look, column.look is Look.TEXT, is_quoted, is_total)
            self._write(self._row, place, cell, dress)
            if column.width is None:
                self._widen(place, column, _shown(cell))
        self._row += 1

    def _write(self, row: int, place: int, cell: Cell, look: Any) -> None:
        match cell:
            case None | "":
                self._sheet.write_blank(row, place, None, look)
            case str():
                self._text(row, place, cell, look)
            case bool():
                self._sheet.write_boolean(row, place, cell, look)
            case date():
                self._sheet.write_datetime(row, place, _local(cell) if isinstance(cell, datetime) else cell, look)
            case _:
                self._sheet.write_number(row, place, cell, look)

    def _text(self, row: int, place: int, text: str, look: Any) -> None:
        """Text is text whatever it begins with: this is the only way letters get into a sheet."""
        if len(text) > MAX_TEXT:
            raise TextTooLong(f"{self.name}, row {row + 1}, column {place + 1}: {len(text)} letters")
        self._sheet.write_string(row, place, text, look)

    def _widen(self, place: int, column: Column, text: str) -> None:
        width = column.width or min(max(max(map(letters_wide, text.split("\n"))) + 2.5, 6), _WIDEST)
        if width > self._widths.get(place, 0):
            self._widths[place] = width
            self._sheet.set_column(place, place, width)

    def _set_up_print(self, landscape: bool) -> None:
        if landscape:
            self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.hide_gridlines(2)
        title = self._book.title.replace("&", "&&")[:200]
        self._sheet.set_footer(f'&L&"{FONT},Regular"&8{title}&R&"{FONT},Regular"&8&P / &N')


_BODY: Final[dict[str, object]] = {"valign": "vcenter", "bottom": 1, "bottom_color": "#D8D8DB", "text_wrap": True}
_TOTAL: Final[dict[str, object]] = {"valign": "vcenter", "top": 1, "bottom": 6, "bold": True}
# Keeps Excel from making a formula of a text when somebody edits the cell and presses Enter.
_QUOTED: Final[dict[str, object]] = {"quote_prefix": True}
_FORMULA_LIKE: Final = tuple("=+-@")
_HEADING: Final[dict[str, object]] = {
    "bold": True,
    "bg_color": "#E8F1FE",
    "top": 1,
    "bottom": 1,
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
}


def letters_wide(text: str) -> int:
    """How many narrow letters wide a text is; kanji and kana are two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case int() | float() | Decimal():
            return f"{cell:,}円"
        case datetime():
            return "2026-11-23 10:42"
        case _:
            return str(cell)


def _local(moment: datetime) -> datetime:
    """Workbooks know no time zones: what is written is the time in Japan."""
    return moment if moment.tzinfo is None else moment.astimezone(JAPAN).replace(tzinfo=None)

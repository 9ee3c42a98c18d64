"""What a month's report says, by hand: its figures beside those of the month before, ready for both papers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from infra.bench.floors.definitions import UNITS, WORDS, Defined

JAPAN: Final = timezone(timedelta(hours=9))
REIWA: Final = 2018  # the year before its first
SIDE_BY_SIDE: Final = ("week", "menu", "employer")
NAMES: Final = {"week": "週", "menu": "メニュー", "employer": "事業所"}
READINESS, SUPPORT = "就労準備支援事業 月次報告書", "就労支援 月次報告書"
UNFINISHED: Final = "この月はまだ終わっていません。集計した日までの途中経過です。"
Number = int | float
Row = Any
Parts = dict[str, dict[str, Row]]


@dataclass(slots=True)
class Line:
    """A figure or one of its parts, beside the same of the month before."""

    name: str
    unit: str
    value: Number | None
    previous: Number | None

    @property
    def change(self) -> Number | None:
        """How much more it is."""
        if self.value is None or self.previous is None:
            return None
        return round(self.value - self.previous, 1) if self.unit == "rate" else self.value - self.previous

    @property
    def sign(self) -> str:
        """Its unit in words."""
        return UNITS[self.unit]


@dataclass(slots=True)
class Table:
    """Figures with the same parts, side by side."""

    by: str
    columns: list[Defined]
    rows: list[tuple[str, list[Number | None]]]


@dataclass(slots=True)
class About:
    """Whose report it is, of which month, and when it was made."""

    municipality: str
    runs_programme: bool
    words: str | None
    month: date
    made: datetime
    is_over: bool
    hash: str
    edition: int = 1

    @property
    def title(self) -> str:
        """What the report is called here."""
        return READINESS if self.runs_programme else SUPPORT

    @property
    def period(self) -> str:
        """Its month."""
        return f"{year_of(self.month)}{self.month.month}月分"

    @property
    def moment(self) -> str:
        """When it was made."""
        at = self.made.astimezone(JAPAN)
        return f"{day_of(at.date())} {at.hour}時{at.minute:02}分"

    @property
    def issued_on(self) -> str:
        """The day on which it was made."""
        return day_of(self.made.astimezone(JAPAN).date())


def year_of(on: date) -> str:
    """The year as offices write it."""
    return f"令和{'元' if on.year == REIWA + 1 else on.year - REIWA}年"


def day_of(on: date) -> str:
    """A day as offices write it."""
    return f"{year_of(on)}{on.month}月{on.day}日"


class Contents:
    """All figures of a report by key and part, in their order."""

    def __init__(self, figures: Iterable[Row], before: Iterable[Row]) -> None:
        self.now, self.before = by_key(figures), by_key(before)
        self.compared = bool(self.before)

    def plain(self, figures: list[Defined]) -> list[Line]:
        """The figures of a section that are not divided."""
        return [self.line(each, "", each.name) for each in figures if not each.by]

    def divided(self, figures: list[Defined]) -> list[tuple[Defined, list[Line]]]:
        """Those whose parts stand below each other."""
        found = [(each, self.parts(each)) for each in figures if each.by and each.by not in SIDE_BY_SIDE]
        return [
            (each, [self.line(each, part, self.name(each, part)) for part in parts]) for each, parts in found if parts
        ]

    def tables(self, figures: list[Defined]) -> list[Table]:
        """Those whose parts stand side by side; a table without rows is left out."""
        tables = [self.table([each for each in figures if each.by == by]) for by in SIDE_BY_SIDE]
        return [each for each in tables if each.rows]

    def table(self, columns: list[Defined]) -> Table:
        """Figures with the same parts; a part of which there is nothing this month is left out."""
        if not columns:
            return Table("", columns, [])
        parts = dict.fromkeys(part for each in columns for part in self.parts(each))
        by = columns[0].by
        rows = []
        for part in sorted(parts) if by == "week" else parts:
            values = [value_of(each, self.now[each.key].get(part)) for each in columns]
            if any(values):
                rows.append((self.named(columns, part), values))
        return Table(by, columns, rows)

    def line(self, defined: Defined, part: str, name: str) -> Line:
        """A figure or a part of it."""
        previous = None
        if self.compared and defined.by != "week":
            previous = value_of(defined, self.before[defined.key].get(part))
        return Line(name, defined.unit, value_of(defined, self.now[defined.key].get(part)), previous)

    def parts(self, defined: Defined) -> list[str]:
        """The parts of a figure; those that were only there in the month before come last."""
        now = self.now[defined.key]
        if defined.by == "week":
            return list(now)
        return [*now, *(part for part, row in self.before[defined.key].items() if row.value and part not in now)]

    def name(self, defined: Defined, part: str) -> str:
        """What a part is called."""
        known = WORDS.get(defined.by, {}).get(part)
        return known or self.label(defined, part) or part

    def named(self, columns: list[Defined], part: str) -> str:
        """What a part is called that stands in several columns."""
        if columns[0].by == "week":
            monday = date.fromisoformat(part)
            sunday = monday + timedelta(days=6)
            return f"{monday.month}/{monday.day}〜{sunday.month}/{sunday.day}"
        labels = [label for each in columns[::-1] if (label := self.label(each, part))]
        known = WORDS.get(columns[0].by, {}).get(part)
        return known or self.label(columns[0], part) or (labels[0] if labels else part)

    def label(self, defined: Defined, part: str) -> str | None:
        """The name that was written down beside a part."""
        row = self.now[defined.key].get(part) or self.before[defined.key].get(part)
        return row.label if row else None


def by_key(figures: Iterable[Row]) -> Parts:
    """Figures by their keys and parts."""
    found: Parts = defaultdict(dict)
    for row in figures:
        found[row.key][row.dimension] = row
    return found


def value_of(defined: Defined, row: Row | None) -> Number | None:
    """The number of a row; a share is kept in thousandths and said in percent."""
    if defined.is_share:
        return row.value / 10 if row else None
    return int(row.value) if row else 0

"""Dates as Japanese offices write and type them.

Eras change by cabinet order under the Era Name Act (元号法, Act No. 43 of 1979); the first year of an era is
written 元年. The day an era begins belongs to the new era.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date


class NotADate(ValueError):
    """The text is not written like a date."""


class NoSuchDate(NotADate):
    """The text is written like a date, but the calendar has no such day (昭和64年2月1日, 2026-02-30)."""


@dataclass(frozen=True, slots=True)
class Era:
    """A reign: its name, its letter in forms, and its first day."""

    name: str
    letter: str
    begins: date

    def year_of(self, on: date) -> int:
        return on.year - self.begins.year + 1


ERAS = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
FIRST_DAY = ERAS[-1].begins

_BY_MARK = {mark: era for era in ERAS for mark in (era.name, era.name[0], era.letter)}
_MARKS = "|".join(sorted(_BY_MARK, key=len, reverse=True))
_YEAR = rf"(?:(?P<era>{_MARKS})(?P<era_year>元|\d{{1,2}})|(?P<year>\d{{4}}))"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"{_YEAR}(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)


def era_of(on: date) -> Era:
    """The era a day belongs to; days before 1868-01-25 have none here and raise NoSuchDate."""
    for era in ERAS:
        if on >= era.begins:
            return era
    raise NoSuchDate(f"no era for {on.isoformat()}")


def era_year(on: date) -> str:
    """令和8年; the first year is 令和元年."""
    era = era_of(on)
    year = era.year_of(on)
    return f"{era.name}{'元' if year == 1 else year}年"


def to_era(on: date) -> str:
    """令和8年11月23日."""
    return f"{era_year(on)}{on.month}月{on.day}日"


def era_month(on: date) -> str:
    """令和8年11月."""
    return f"{era_year(on)}{on.month}月"


def era_short(on: date) -> str:
    """R8.11.23, for narrow columns; the first year is written 1 there, as in R1.5.1."""
    era = era_of(on)
    return f"{era.letter}{era.year_of(on)}.{on.month}.{on.day}"


def parse_date(text: str) -> date:
    """The day meant by R8.4.1, 令和8年4月1日, 令8年4月1日, 2026/4/1, 2026-04-01 or 20260401.

    Full-width digits, spaces and a lower-case era letter are fine. A day outside its era (昭和64年2月1日,
    令和元年4月30日) is refused rather than moved: one of the two parts is a slip, and we cannot know which.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    for shape in _SHAPES:
        found = shape.fullmatch(plain)
        if found:
            return _day(found.groupdict())
    raise NotADate(text)


def _day(parts: dict[str, str | None]) -> date:
    era = _BY_MARK.get(parts.get("era") or "")
    year = int(parts["year"] or 0) if era is None else _western(era, str(parts["era_year"]))
    try:
        day = date(year, int(str(parts["month"])), int(str(parts["day"])))
    except ValueError as error:
        raise NoSuchDate(str(error)) from error
    if day < FIRST_DAY or (era is not None and era_of(day) is not era):
        raise NoSuchDate(day.isoformat())
    return day


def _western(era: Era, year: str) -> int:
    return era.begins.year - 1 + (1 if year == "元" else int(year))

"""The calendars an office lives by: fiscal years, weeks, business days, legal periods and ages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

import jpholiday

from ayumi.japan.eras import era_year

# The Cabinet Office announces each year's holidays in the February before it. Before 1986 the package
# disagrees with the announced list (it adds 4 May). So both ends are closed instead of answering wrongly;
# move the upper one when a release of jpholiday carries the new announcement.
FIRST_HOLIDAY_YEAR: Final = 1986
LAST_HOLIDAY_YEAR: Final = 2027

ONE_DAY: Final = timedelta(days=1)

OpenOn = Callable[[date], bool]


class BeyondHolidays(ValueError):
    """The holidays of that year are not announced, so no business day can be told."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, such as 2026-11."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, on: date) -> Self:
        return cls(on.year, on.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written YYYY-MM; anything else is a ValueError."""
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def __contains__(self, on: date) -> bool:
        return (on.year, on.month) == (self.year, self.month)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.plus(1).first - ONE_DAY

    @property
    def next(self) -> Self:
        return self.plus(1)

    @property
    def previous(self) -> Self:
        return self.plus(-1)

    def plus(self, months: int) -> Self:
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year, month + 1)

    def days(self) -> Iterator[date]:
        return each_day(self.first, self.last)


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


# Fiscal years ---


def fiscal_year(on: date) -> int:
    """The year in which the fiscal year of a day began: 1 April to 31 March (地方自治法 208条)."""
    return on.year if on.month >= 4 else on.year - 1


def fiscal_year_span(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def fiscal_year_label(year: int) -> str:
    """令和8年度. All of 2019 is 令和元年度, as the ministries agreed on 2019-04-02: hence the look at May."""
    return f"{era_year(date(year, 5, 1))}度"


# Weeks ---


def week_start(on: date) -> date:
    """The Monday of the week (Monday to Sunday) that holds a day."""
    return on - timedelta(days=on.weekday())


def week_days(on: date) -> tuple[date, ...]:
    """The seven days of the week that holds a day, from Monday."""
    monday = week_start(on)
    return tuple(each_day(monday, monday + timedelta(days=6)))


def week_of_month(on: date) -> tuple[Month, int]:
    """The month a week is named after, by its Monday, and its place in it counted from 1."""
    monday = week_start(on)
    return Month.of(monday), (monday.day - 1) // 7 + 1


def week_label(on: date) -> str:
    """4月第1週: the week whose Monday is the first of April's Mondays."""
    month, number = week_of_month(on)
    return f"{month.month}月第{number}週"


# Business days ---


def holiday_name(on: date) -> str | None:
    """The Japanese name of a national holiday, or None (国民の祝日に関する法律)."""
    if not FIRST_HOLIDAY_YEAR <= on.year <= LAST_HOLIDAY_YEAR:
        raise BeyondHolidays(f"holidays of {on.year} are not announced")
    name: str | None = jpholiday.is_holiday_name(on)
    return name


def is_municipal_day(on: date) -> bool:
    """Whether town halls work: not at weekends, on holidays, or from 29 December to 3 January.

    地方自治法 4条の2 lets each ordinance decide; this is what practically every ordinance says. A place with
    a day of its own (慰霊の日 in Okinawa) passes its own predicate to the functions below.
    """
    new_year = (on.month, on.day) >= (12, 29) or (on.month, on.day) <= (1, 3)
    return on.weekday() < 5 and holiday_name(on) is None and not new_year


def is_bank_day(on: date) -> bool:
    """Whether banks work: not at weekends, on holidays, from 31 December to 3 January (銀行法施行令 5条)."""
    new_year = (on.month, on.day) == (12, 31) or (on.month, on.day) <= (1, 3)
    return on.weekday() < 5 and holiday_name(on) is None and not new_year


def next_municipal_day(on: date) -> date:
    """The day itself when the town hall is open, else the first open day after it."""
    return open_day_from(on, is_municipal_day)


def next_bank_day(on: date) -> date:
    """The day itself when banks are open, else the first open day after it."""
    return open_day_from(on, is_bank_day)


def previous_bank_day(on: date) -> date:
    """The day itself when banks are open, else the last open day before it."""
    return open_day_from(on, is_bank_day, step=-ONE_DAY)


def open_day_from(on: date, is_open: OpenOn, *, step: timedelta = ONE_DAY) -> date:
    """The first open day met when walking from a day, that day included."""
    while not is_open(on):
        on += step
    return on


def add_business_days(on: date, count: int, is_open: OpenOn = is_municipal_day) -> date:
    """The count-th open day after a day (before it when negative), never counting that day (民法 140条)."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        on = open_day_from(on + step, is_open, step=step)
    return on


# Periods and ages ---


def months_after(on: date, months: int) -> date:
    """The corresponding day some months later, or that month's last where there is none (民法 143条2項)."""
    month = Month.of(on).plus(months)
    return date(month.year, month.month, min(on.day, month.last.day))


def period_end(first: date, months: int) -> date:
    """The last day of a period of months that begins with the first day whole (民法 140条 proviso, 143条2項).

    It ends on the eve of the corresponding day; where the last month has no such day, on its last day.
    """
    if months < 1:
        raise ValueError("a period lasts at least one month")
    corresponding = months_after(first, months)
    return corresponding - ONE_DAY if corresponding.day == first.day else corresponding


def legal_age(born: date, on: date) -> int:
    """Age in law on a day: it rises on the eve of the birthday (年齢計算ニ関スル法律, 民法 143条2項)."""
    if on < born:
        raise ValueError("not yet born on that day")
    eve = on + ONE_DAY
    return eve.year - born.year - ((eve.month, eve.day) < (born.month, born.day))

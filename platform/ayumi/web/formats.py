"""How pages write dates, times, money and numbers, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from flask import Flask

from ayumi.japan import eras
from ayumi.japan.calendar import Month, legal_age, week_start
from ayumi.kernel import clock
from ayumi.web import catalogue
from ayumi.web.looks.given import given

WEEKDAYS_JA: Final = "月火水木金土日"
WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What the year field of a date is counted by: an era, or 西暦 for the Western year.
WESTERN: Final = "西暦"
ERA_CHOICES: Final = ("令和", "平成", "昭和", "大正", WESTERN)

# What the four fields of a date were joined to when they made no day: 昭和50年13月1日.
TYPED: Final = re.compile(r"(?P<era>\D{2})?(?P<year>[^年]*)年(?P<month>[^月]*)月(?P<day>[^日]*)日")

Number = int | float | Decimal


def init_formats(app: Flask) -> None:
    """Give the filters below to every template under their own names."""
    app.jinja_env.filters.update(
        date_long=date_long,
        date_short=date_short,
        weekday=weekday,
        month_label=month_label,
        week_label=week_label,
        time=time_of_day,
        moment=moment,
        yen=yen,
        number=number,
        change=change,
        age=age,
        date_parts=date_parts,
        iso=iso,
        given=given,
    )
    app.jinja_env.globals.update(era_choices=ERA_CHOICES, page_language=page_language)


@dataclass(frozen=True)
class Language:
    """A language of the pages, with the one the reader may change to."""

    code: str
    name: str
    other: Language | None = None


JAPANESE: Final = Language("ja", "日本語", Language("en", "English"))
ENGLISH: Final = Language("en", "English", Language("ja", "日本語"))


def page_language() -> Language:
    """The language of this page."""
    return ENGLISH if is_english() else JAPANESE


def is_english() -> bool:
    """Whether the reader asked for English; outside a request the office's Japanese is meant."""
    locale = catalogue.locale()
    return locale is not None and locale.language == "en"


def weekday(on: date) -> str:
    """月 or Mon."""
    return WEEKDAYS_EN[on.weekday()] if is_english() else WEEKDAYS_JA[on.weekday()]


def date_long(on: date | None) -> str:
    """令和8年11月23日（月）, or Mon, 23 Nov 2026; nothing for no date."""
    if on is None:
        return ""
    on = _day(on)
    if is_english():
        return f"{weekday(on)}, {on.day} {MONTHS_EN[on.month - 1]} {on.year}"
    return f"{eras.to_era(on)}（{weekday(on)}）"


def date_short(on: date | None, today: date | None = None) -> str:
    """11/23（月）, with its year only when that is another one than today's: R7.11.23（日）."""
    if on is None:
        return ""
    on = _day(on)
    same_year = on.year == (today or clock.today()).year
    if is_english():
        year = "" if same_year else f" {on.year}"
        return f"{weekday(on)} {on.day} {MONTHS_EN[on.month - 1]}{year}"
    return f"{f'{on.month}/{on.day}' if same_year else eras.era_short(on)}（{weekday(on)}）"


def month_label(month: Month | date) -> str:
    """令和8年11月, or November 2026 written Nov 2026."""
    first = month.first if isinstance(month, Month) else month
    return f"{MONTHS_EN[first.month - 1]} {first.year}" if is_english() else eras.era_month(first)


def week_label(on: date, today: date | None = None) -> str:
    """The Monday and Sunday of the week of a day: 11/23（月）〜11/29（日）."""
    monday = week_start(on)
    sunday = monday + timedelta(days=6)
    return f"{date_short(monday, today)}{' – ' if is_english() else '〜'}{date_short(sunday, today)}"


def time_of_day(at: datetime | None) -> str:
    """10:42, by the clocks of Japan."""
    return "" if at is None else f"{at.astimezone(clock.JAPAN):%-H:%M}"


def moment(at: datetime | None, today: date | None = None) -> str:
    """A day and its time: 11/23（月）10:42."""
    if at is None:
        return ""
    gap = ", " if is_english() else ""
    return f"{date_short(clock.day_of(at), today)}{gap}{time_of_day(at)}"


def yen(amount: Number | None) -> str:
    """1,234円, or ¥1,234; nothing for no amount."""
    if amount is None:
        return ""
    if is_english():
        return f"{'-' if amount < 0 else ''}¥{number(-amount if amount < 0 else amount)}"
    return f"{number(amount)}円"


def number(amount: Number | None) -> str:
    """1,234 or 1,234.5: as many decimals as there are, at most two."""
    if amount is None:
        return ""
    if isinstance(amount, int):
        return f"{amount:,}"
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def change(amount: Number | None) -> str:
    """+3, -3 or ±0: a difference that says its direction."""
    if amount is None:
        return ""
    return "±0" if amount == 0 else f"{'+' if amount > 0 else ''}{number(amount)}"


def age(born: date | None, today: date | None = None) -> str:
    """52歳, or 52; the age in law on that day."""
    if born is None:
        return ""
    return years(legal_age(born, today or clock.today()))


def years(number: int) -> str:
    """52歳, or 52: how old somebody is."""
    return str(number) if is_english() else f"{number}歳"


def iso(on: date | None) -> str:
    """2026-11-23, for the datetime attribute of <time> and for date inputs; nothing for no date."""
    return "" if on is None else on.isoformat()


def date_parts(value: object, era: str = "") -> dict[str, str]:
    """What the four date fields show: the parts of a day, or of what somebody typed, kept as typed."""
    if isinstance(value, str):
        typed = TYPED.fullmatch(value)
        if typed:
            return {**typed.groupdict(default=""), "era": typed["era"] or WESTERN}
        value = _read_iso(value)
    if not isinstance(value, date):
        return {"era": era or _usual_era(), "year": "", "month": "", "day": ""}
    day = _day(value)
    reign = eras.era_of(day)
    western = is_english() or reign.name not in ERA_CHOICES
    return {
        "era": WESTERN if western else reign.name,
        "year": str(day.year if western else reign.year_of(day)),
        "month": str(day.month),
        "day": str(day.day),
    }


def _read_iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _usual_era() -> str:
    return WESTERN if is_english() else ERA_CHOICES[0]


def _day(on: date) -> date:
    return clock.day_of(on) if isinstance(on, datetime) else on

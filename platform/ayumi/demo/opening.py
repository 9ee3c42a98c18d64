"""Days on which offices work, for dates near and far."""

from datetime import date, datetime, time, timedelta
from functools import cache

from ayumi.japan.calendar import BeyondHolidays, holiday_name, is_municipal_day, open_day_from
from ayumi.kernel.clock import JAPAN


@cache
def is_open(on: date) -> bool:
    """Whether the town hall works; every weekday counts as open in years whose holidays are not announced."""
    try:
        return is_municipal_day(on)
    except BeyondHolidays:
        return on.weekday() < 5


@cache
def closed_because(on: date) -> str:
    """Why a weekday is closed, in Japanese."""
    try:
        return holiday_name(on) or "年末年始"
    except BeyondHolidays:
        return "年末年始"


def next_open(on: date) -> date:
    """The day itself when the office works, else the first such day after it."""
    return open_day_from(on, is_open)


def previous_open(on: date) -> date:
    """The day itself when the office works, else the last such day before it."""
    return open_day_from(on, is_open, step=timedelta(days=-1))


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """An instant in Japan."""
    return datetime.combine(on, time(hour, minute), JAPAN)

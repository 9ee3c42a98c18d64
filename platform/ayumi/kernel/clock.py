"""What time it is: instants are UTC, days are Japanese."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day in Japan."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the Japanese day on which an instant falls."""
    return instant.astimezone(JAPAN).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be another instant for a while: a made-up past is written by the same rules as the present."""
    token = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)

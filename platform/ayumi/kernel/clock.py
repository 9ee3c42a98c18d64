"""What time it is: instants are UTC, days are Japanese."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Japan."""
    return datetime.now(JAPAN).date()


def day_of(instant: datetime) -> date:
    """Return the Japanese day on which an instant falls."""
    return instant.astimezone(JAPAN).date()

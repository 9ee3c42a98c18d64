"""Which job does what was promised: kind -> what runs."""

from collections.abc import Callable
from typing import Any

from jobs import consent_expiry, expected_weeks

KINDS: dict[str, Callable[..., Any]] = {
    "consent_expiry": consent_expiry.run,
    "expected_weeks": expected_weeks.run,
}

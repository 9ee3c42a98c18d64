"""The clocks that run once a leak is known (個人情報保護法 68条, 同施行規則 43条 and 44条).

What is reported, and by when: first "without delay", which the commission's guidelines put at about three to five
days from when it became known; then everything within thirty days, or sixty where somebody meant harm (規則 43条3号).

How the days are counted here. The guidelines count the day on which it became known as the first (初日算入; the
general rule of 民法 140条, which would leave it out, does not apply to their reckoning), and where one is in doubt the
earlier day is the safer one. Weekends and holidays count and do not stop the clock. Only when the last of the thirty or
sixty days is a day on which the commission's office is closed, the next open day is still in time (行政機関の休日に
関する法律 2条). The three to five days are a rule of thumb and no period set by law, so they are not put off.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ayumi.incidents.model import Ground
from ayumi.japan.calendar import BeyondHolidays, next_municipal_day

SOON, LATEST = 3, 5
FINAL, FINAL_MALICIOUS = 30, 60
NEAR = {"preliminary": 5, "final": 7}  # days before the end in which a clock is looked at each day
MANY = 100


class Which(StrEnum):
    """The two reports."""

    PRELIMINARY = "preliminary"
    FINAL = "final"


class Pace(StrEnum):
    """How a report stands."""

    DONE = "done"
    AHEAD = "ahead"
    NEAR = "near"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """One report: from when it is expected, the last day, and when it was made."""

    which: Which
    wanted_from: date
    due: date
    done_on: date | None

    def pace(self, today: date) -> Pace:
        """Return how it stands."""
        if self.done_on is not None:
            return Pace.DONE
        if today > self.due:
            return Pace.LATE
        return Pace.NEAR if self.left(today) <= NEAR[self.which] else Pace.AHEAD

    def left(self, today: date) -> int:
        """Return how many days are left; negative when it is late."""
        return (self.due - today).days


def nth_day(known_on: date, number: int) -> date:
    """Return the n-th day, the one on which it became known being the first."""
    return known_on + timedelta(days=number - 1)


def open_day(on: date) -> date:
    """Return the day itself, or the next on which offices are open. Of years without a calendar nothing is put off."""
    try:
        return next_municipal_day(on)
    except BeyondHolidays:
        return on


def must_be_reported(incident: Any) -> bool:
    """Whether the law asks for a report: one of its grounds is enough."""
    return bool(incident.grounds)


def clocks(incident: Any) -> tuple[Clock, ...]:
    """Return the clocks of an incident; none where nothing has to be reported."""
    if not must_be_reported(incident):
        return ()
    days = FINAL_MALICIOUS if Ground.MALICIOUS.value in incident.grounds else FINAL
    known_on: date = incident.known_on
    last = nth_day(known_on, days)
    return (
        Clock(Which.PRELIMINARY, nth_day(known_on, SOON), nth_day(known_on, LATEST), incident.preliminary_reported_on),
        Clock(Which.FINAL, known_on, open_day(last), incident.finally_reported_on),
    )


def running(incident: Any) -> Clock | None:
    """Return the clock that ends next, or None when nothing is left to report."""
    return next((clock for clock in clocks(incident) if clock.done_on is None), None)

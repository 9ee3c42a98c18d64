"""What happens by the clock, in Japanese time, for every municipality; each moment is served once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.dialects.postgresql import insert

from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.outbox import Promise, ScheduleTick
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from jobs.everywhere import everywhere
from jobs.stopping import Stopping

PAUSE = 5  # seconds

Arguments = Callable[[datetime], dict[str, str]]


def nothing(_moment: datetime) -> dict[str, str]:
    """No arguments."""
    return {}


def month_before(moment: datetime) -> dict[str, str]:
    """The month that has just ended."""
    return {"month": str(Month.of(moment.date()).previous)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable. ``hour``: None means every hour. ``day``: of the month; None means every day.

    Missed moments are made up for, the newest alone.
    """

    kind: str
    hour: int | None
    minute: int
    day: int | None = None
    arguments: Arguments = nothing
    made_up_for: timedelta = timedelta(hours=20)

    def last(self, now: datetime) -> datetime:
        """The newest moment of this line that is not in the future, in Japanese time."""
        moment = now.astimezone(clock.JAPAN).replace(minute=self.minute, second=0, microsecond=0)
        moment = moment if self.hour is None else moment.replace(hour=self.hour)
        step = timedelta(hours=1) if self.hour is None else timedelta(days=1)
        while moment > now or (self.day is not None and moment.day != self.day):
            moment -= step
        return moment


TIMETABLE = (
    Entry("signed_heads", None, 5),
    Entry("journal_check", 2, 20),
    Entry("expected_weeks", 3, 0),
    Entry("consent_expiry", 3, 10),
    Entry("invitation_expiry", 3, 20),
    Entry("reset_expiry", 3, 25),
    Entry("packing_expiry", 3, 30),
    Entry("tidying", 3, 40),
    Entry("monthly_report", 5, 0, day=1, arguments=month_before, made_up_for=timedelta(days=3)),
    Entry("incident_deadlines", 8, 0),
    Entry("confirmation_links", 9, 0, day=1, arguments=month_before, made_up_for=timedelta(days=3)),
)


def run(app: Flask) -> None:
    """Serve the timetable until told to stop."""
    stopping = Stopping()
    while not stopping:
        with app.app_context():
            everywhere(lambda: tick(clock.now()))
        for _second in range(PAUSE):
            if not stopping:
                time.sleep(1)


def tick(now: datetime) -> int:
    """Serve every line whose moment has come and return how many promises were made."""
    return sum(serve(entry, now) for entry in TIMETABLE if now - entry.last(now) <= entry.made_up_for)


def serve(entry: Entry, now: datetime) -> int:
    """Promise one line's work for every municipality, unless this moment has been served."""
    moment = entry.last(now)
    with visiting(Place(Door.DISPATCHER)) as session:
        served = insert(ScheduleTick).values(name=entry.kind, fire_at=moment).on_conflict_do_nothing()
        if not session.execute(served.returning(ScheduleTick.name)).all():
            return 0
        towns = municipalities.in_service(session)
        rows = [promise_for(entry, moment, tenant_id, now) for tenant_id in towns]
        if rows:
            session.execute(insert(Promise).on_conflict_do_nothing(), rows)
        return len(rows)


def promise_for(entry: Entry, moment: datetime, tenant_id: int, now: datetime) -> dict[str, Any]:
    """Return the promise of one municipality's share."""
    return {
        "tenant_id": tenant_id,
        "id": ids.new(),
        "kind": entry.kind,
        "arguments": entry.arguments(moment),
        "dedupe_key": f"{entry.kind}:{moment.isoformat()}",
        "promised_at": now,
        "run_after": now,
        "attempts": 0,
    }

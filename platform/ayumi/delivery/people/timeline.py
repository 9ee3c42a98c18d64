"""A person's page: who is there, what was agreed, twelve weeks at a glance, and one timeline of everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.consents import queries as consents
from ayumi.consents.model import ConsentStatus, Scope
from ayumi.delivery.people import differences, events
from ayumi.delivery.people.events import CHANGE, DECISION, WEEK, WORK, Event
from ayumi.delivery.records import marks
from ayumi.firms import queries as firms
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock, journal
from ayumi.participants import fields
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.placements import beside as days
from ayumi.placements import queries as placements
from ayumi.placements.model import PlacementStatus
from ayumi.plans import queries as plans
from ayumi.records import queries as records
from ayumi.records.queries import SeenWeek
from ayumi.selection import queries as selection
from ayumi.selection.model import EnrolmentStatus
from ayumi.web.formats import date_long

PER_PAGE = 30
STRIP = 12
MOST_WEEKS = 600
KNOWN = ("phone", "household_number", "note", "barriers")
KINDS = ("", WEEK, DECISION, WORK, CHANGE)


@dataclass(slots=True)
class Life:
    """Everything a person's page tells."""

    person: Participant
    known: Mapping[str, Any]
    around: Any
    supporters: Sequence[Any]
    enrolments: Sequence[Any]
    consents: Sequence[Any]
    goals: Sequence[Any]
    placements: Sequence[Any]
    weeks: Sequence[Any]
    events: list[Event]

    @property
    def running(self) -> Any:
        """The enrolment that has not ended."""
        return next((row for row in self.enrolments if row.status is not EnrolmentStatus.ENDED), None)

    @property
    def goal(self) -> Any:
        """The goal as it stands."""
        return next((row for row in self.goals if row.is_current), None)

    @property
    def consent(self) -> Any:
        """The consent in force that lets the firm look, or else any that is in force."""
        held = [row for row in self.consents if row.status is ConsentStatus.IN_FORCE]
        return next((row for row in held if Scope.FIRM in row.scopes), held[0] if held else None)

    @property
    def next_day(self) -> tuple[date, str] | None:
        """The nearest day on which something is due."""
        return min(((on, what) for on, what in self._coming() if on and on >= clock.today()), default=None)

    def _coming(self) -> list[tuple[date | None, str]]:
        said: list[tuple[date | None, str]] = []
        if self.goal:
            said.append((self.goal.review_on, gettext("look at the goal again")))
        if self.consent:
            said.append((self.consent.expires_on, gettext("consent runs out")))
        for row in self.placements:
            if row.status is PlacementStatus.PLANNED:
                said.append((row.starts_on, gettext("work experience begins")))
            if row.status is PlacementStatus.ACTIVE:
                said.append((row.ends_on, gettext("work experience ends")))
        return said

    @property
    def next_words(self) -> str:
        """The nearest day in words."""
        found = self.next_day
        return f"{date_long(found[0])} {found[1]}" if found else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the timeline, with the days of its weeks."""

    events: list[Event]
    total: int
    page: int
    kind: str
    squares: dict[UUID, tuple[marks.Square, ...]]
    strip: list[dict[str, Any]]


def life(person: Participant) -> Life:
    """Gather what is known of a person, a few columns of each thing."""
    enrolled, agreed = selection.enrolments_of(person.id), consents.of(person.id)
    goals, placed = plans.goals_of(person.id), placements.of_participant(person.id)
    weeks = records.weeks_of(person.id, MOST_WEEKS)
    written = journal.history(person.id, *(row.id for row in enrolled))
    found = [
        *events.weeks(weeks),
        *events.enrolments(enrolled),
        *events.consent_papers(agreed, person.id),
        *events.goals(goals),
        *events.work_experience(placed, days.days_of_participant(person.id)),
        *events.changes(written, _names(written), differences),
    ]
    found.sort(key=lambda event: event.order, reverse=True)
    around, supporters = participants.around(person), participants.supporters_of(person.id)
    known = fields.known(person, KNOWN)
    return Life(person, known, around, supporters, enrolled, agreed, goals, placed, weeks, found)


def _names(written: Sequence[Any]) -> dict[UUID, str]:
    ids = differences.mentioned(written)
    return accounts.names_of(ids) | (firms.names_of(ids) if ids else {})


def shown(told: Life) -> Shown:
    """Return the page of the timeline that the address asks for."""
    kind = request.args.get("kind", "")
    chosen = [event for event in told.events if kind not in KINDS or not kind or event.kind == kind]
    number = request.args.get("page", "1")
    last = max((len(chosen) + PER_PAGE - 1) // PER_PAGE, 1)
    page = min(max(int(number) if number.isdecimal() and len(number) < 6 else 1, 1), last)
    rows = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    seen = _seen(told.person.id, rows)
    strip = marks.strip(seen[-STRIP:]) if any(week.record_id for week in seen[-STRIP:]) else []
    squares = {week.record_id: marks.squares(week) for week in seen if week.record_id}
    return Shown(rows, len(chosen), page, kind if kind in KINDS else "", squares, strip)


def _seen(participant_id: UUID, rows: Sequence[Event]) -> list[SeenWeek]:
    """The weeks from the oldest one on the page, at least those of the strip, in one statement."""
    oldest = min((event.on for event in rows if event.kind == WEEK), default=clock.today())
    back = (week_start(clock.today()) - oldest).days // 7 + 1
    return records.attendance_strip([participant_id], max(back, STRIP))[participant_id]

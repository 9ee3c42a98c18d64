"""Find how a municipality chooses people, and whom it has taken in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from ayumi.japan.calendar import months_after
from ayumi.kernel import clock, journal
from ayumi.kernel.db import Rows, db
from ayumi.kernel.db import one as row
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.selection.model import Enrolment, EnrolmentStatus, SelectionRoute

SOFT_CAP_MONTHS = 12
"""生活保護法施行規則 5条: support lasts a year, or another period where the municipality finds one fitting."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route: what is done, by whom, and whether it decides or asks for consent."""

    text: str
    by: tuple[str, ...]
    decides: bool
    asks_consent: bool


@dataclass(frozen=True, slots=True)
class Term:
    """How long support has lasted against the soft cap of a year."""

    year_ends_on: date
    is_over: bool
    prolonged_at: datetime | None
    prolonged_why: str | None

    @property
    def asks_why(self) -> bool:
        """Tell whether going on still needs a reason."""
        return self.is_over and self.prolonged_at is None


def current_route() -> SelectionRoute | None:
    """Return how the municipality chooses people today."""
    return db.session.scalars(select(SelectionRoute).where(SelectionRoute.is_current)).one_or_none()


def route(id: UUID) -> SelectionRoute:
    """Return the edition of the route that a case began with."""
    return row(SelectionRoute, id)


def steps(route: SelectionRoute, *, english: bool = False) -> list[Step]:
    """Return a route's steps in the reader's language, or in the one there is."""
    first, second = ("en", "ja") if english else ("ja", "en")
    return [
        Step(
            text=str(each.get(first) or each.get(second) or each.get("text", "")),
            by=tuple(each.get("by", ())),
            decides=bool(each.get("decides")),
            asks_consent=bool(each.get("consent")),
        )
        for each in route.steps
    ]


def one(enrolment_id: UUID, *, lock: bool = False) -> Enrolment:
    """Return this enrolment if its person is here to see, else raise NotFound."""
    found = row(Enrolment, enrolment_id, lock=lock)
    participants.one(found.participant_id)
    return found


def running(participant_id: UUID) -> Enrolment | None:
    """Return the enrolment that has not ended, if there is one."""
    found: Enrolment | None = db.session.scalar(_of(participant_id).where(Enrolment.status != EnrolmentStatus.ENDED))
    return found


def last_ended(participant_id: UUID) -> Enrolment | None:
    """Return the enrolment that ended last, if there is one."""
    ended = _of(participant_id).where(Enrolment.status == EnrolmentStatus.ENDED)
    found: Enrolment | None = db.session.scalar(ended.order_by(Enrolment.ends_on.desc()).limit(1))
    return found


def _of(participant_id: UUID) -> Select[Any]:
    return select(Enrolment).where(Enrolment.participant_id == participant_id)


def enrolments_of(participant_id: UUID) -> Rows:
    """Return a person's enrolments, newest first, each with its ``number`` counted from the first one.

    Say ``participants.queries.one`` before: this looks at nobody's restriction.
    """
    return db.session.execute(
        select(
            Enrolment.id,
            func.row_number().over(order_by=(Enrolment.starts_on, Enrolment.entered_at)).label("number"),
            Enrolment.route_label,
            Enrolment.decided_on,
            Enrolment.decided_by,
            Enrolment.wish,
            Enrolment.starts_on,
            Enrolment.ends_on,
            Enrolment.end_reason,
            Enrolment.status,
        )
        .where(Enrolment.participant_id == participant_id)
        .order_by(Enrolment.starts_on.desc(), Enrolment.entered_at.desc())
    ).all()


def term(enrolment: Enrolment, *, on: date | None = None) -> Term:
    """Return where support stands against the year, and the reason given in this year for going on."""
    day = on or clock.today()
    years = max(1, _whole_years(enrolment.starts_on, day))
    year_ends_on = months_after(enrolment.starts_on, SOFT_CAP_MONTHS * years)
    is_over = enrolment.status is not EnrolmentStatus.ENDED and day >= year_ends_on
    given = _prolonged_since(enrolment.id, months_after(year_ends_on, -2))
    return Term(year_ends_on, is_over, given.at if given else None, given.why if given else None)


def _whole_years(first: date, day: date) -> int:
    years = day.year - first.year
    return years if months_after(first, SOFT_CAP_MONTHS * years) <= day else years - 1


def _prolonged_since(enrolment_id: UUID, since: date) -> Any:
    """A reason given in the last two months of a year already counts for the next one."""
    said = (entry for entry in journal.history(enrolment_id) if entry.action == "prolonged")
    return next((entry for entry in said if clock.day_of(entry.at) >= since), None)


def people_by_firm() -> dict[UUID | None, int]:
    """Return firm (None: own staff) -> number of people in support whom whoever is here may see."""
    rows = db.session.execute(
        select(Participant.delivery_firm_id, func.count(Enrolment.id))
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(Enrolment.status != EnrolmentStatus.ENDED, participants.visible())
        .group_by(Participant.delivery_firm_id)
    ).all()
    return {firm_id: count for firm_id, count in rows}

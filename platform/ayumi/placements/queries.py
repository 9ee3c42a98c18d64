"""Find placements and experience days. Whoever looks sees only people they may see."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, null, select
from sqlalchemy.orm import aliased, load_only

from ayumi.accounts.model import Membership
from ayumi.employers.model import Employer, Site
from ayumi.firms.model import Firm
from ayumi.kernel import seen
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door
from ayumi.participants import fields
from ayumi.participants.fields import Group
from ayumi.participants.model import Participant
from ayumi.participants.queries import looked_at, visible
from ayumi.placements.model import DayStatus, ExperienceDay, Placement, PlacementStatus
from ayumi.records.model import RecordDay, RecordVersion

COUNTS = ExperienceDay.status != DayStatus.WITHDRAWN
OF_PERSON = Participant.id == ExperienceDay.participant_id

# What an employer's door may read of a day.
AT_EMPLOYER = load_only(
    ExperienceDay.employer_id,
    ExperienceDay.placement_id,
    ExperienceDay.held_on,
    ExperienceDay.starts_at,
    ExperienceDay.ends_at,
    ExperienceDay.minutes,
    ExperienceDay.status,
    ExperienceDay.dispute,
    ExperienceDay.confirmation_id,
    ExperienceDay.corrected_from,
    ExperienceDay.settled_at,
    ExperienceDay.edition,
)


def one(placement_id: UUID, *, lock: bool = False) -> Placement:
    """Return this placement if its person may be seen here, else raise NotFound."""
    query = (
        select(Placement)
        .join(Participant, Participant.id == Placement.participant_id)
        .where(Placement.id == placement_id, visible())
    )
    found = db.session.scalar(query.with_for_update(of=Placement) if lock else query)
    if found is None:
        raise NotFound
    looked_at(found.participant_id)
    return found


def day(day_id: UUID, *, lock: bool = False) -> ExperienceDay:
    """Return this day if it may be seen here, else raise NotFound. An employer's door sees its own columns only."""
    query = select(ExperienceDay).where(ExperienceDay.id == day_id)
    if here().door is Door.EMPLOYER:
        query = query.options(AT_EMPLOYER)
    else:
        query = query.join(Participant, OF_PERSON).where(visible())
    found = db.session.scalar(query.with_for_update(of=ExperienceDay) if lock else query)
    if found is None:
        raise NotFound
    if here().door is Door.EMPLOYER:
        seen.looked_at(ExperienceDay.__tablename__, found.id)
    else:
        looked_at(found.participant_id)
    return found


_LINE = (
    Placement.id,
    Placement.participant_id,
    Placement.employer_id,
    Placement.nickname,
    Placement.starts_on,
    Placement.ends_on,
    Placement.planned_days_per_week,
    Placement.planned_minutes_per_day,
    Placement.status,
    Placement.end_note,
    Employer.name.label("employer_name"),
    Site.name.label("site_name"),
    Participant.family_name,
    Participant.given_name,
    Participant.kana_key,
)


def _lines() -> Any:
    days = select(func.count(ExperienceDay.id)).where(ExperienceDay.placement_id == Placement.id, COUNTS)
    confirmed = days.where(ExperienceDay.status == DayStatus.CONFIRMED)
    return (
        select(*_LINE, days.scalar_subquery().label("days"), confirmed.scalar_subquery().label("confirmed"))
        .join(Employer, Employer.id == Placement.employer_id)
        .join(Site, Site.id == Placement.site_id)
        .join(Participant, Participant.id == Placement.participant_id)
        .where(visible())
    )


def of_participant(participant_id: UUID) -> Rows:
    """Return all placements of a person, newest first, with their days: one site is not the verdict."""
    query = _lines().where(Placement.participant_id == participant_id).order_by(Placement.starts_on.desc())
    return db.session.execute(query).all()


def of_employer(employer_id: UUID) -> Rows:
    """Return the placements at an employer, open ones first."""
    is_open = Placement.status.in_([PlacementStatus.PLANNED, PlacementStatus.ACTIVE])
    query = _lines().where(Placement.employer_id == employer_id).order_by(is_open.desc(), Placement.starts_on.desc())
    return db.session.execute(query.limit(100)).all()


def every(*, status: PlacementStatus | None = None, text: str = "", page: int = 1, size: int = 50) -> Rows:
    """Return one page of placements by the end of their period; ``total`` in each row counts them all."""
    query = _lines().add_columns(func.count().over().label("total"), Firm.name.label("firm_name"))
    query = query.outerjoin(Firm, Firm.id == Placement.delivery_firm_id)
    if status is not None:
        query = query.where(Placement.status == status)
    if text:
        in_names = [Employer.name, Placement.nickname, Participant.family_name, Participant.given_name]
        found = [column.contains(text, autoescape=True) for column in in_names]
        query = query.where(found[0] | found[1] | found[2] | found[3])
    order = (Placement.ends_on.desc(), Participant.kana_key, Placement.id)
    return db.session.execute(query.order_by(*order).limit(size).offset((page - 1) * size)).all()


def tried_sites(participant_id: UUID) -> set[UUID]:
    """Return the sites a person has been placed at."""
    query = select(Placement.site_id).where(
        Placement.participant_id == participant_id, Placement.status != PlacementStatus.CANCELLED
    )
    return set(db.session.scalars(query))


# Days ---


def days_of(placement_id: UUID, first: date, last: date) -> Rows:
    """Return a placement's days of a period with who recorded them, withdrawn ones too."""
    query = (
        select(*of_day(), Membership.name.label("recorded_by_name"), ExperienceDay.recorded_at)
        .join(Participant, OF_PERSON)
        .outerjoin(Membership, Membership.id == ExperienceDay.recorded_by)
        .where(ExperienceDay.placement_id == placement_id, ExperienceDay.held_on.between(first, last), visible())
        .order_by(ExperienceDay.held_on, ExperienceDay.recorded_at)
    )
    return db.session.execute(query).all()


def of_day() -> tuple[Any, ...]:
    """The columns of a day. The employer's word on it is for those at the person's side, and for the employer."""
    said = fields.sees(Group.NAME) or here().door is Door.EMPLOYER
    return (
        ExperienceDay.id,
        ExperienceDay.placement_id,
        ExperienceDay.employer_id,
        ExperienceDay.held_on,
        ExperienceDay.starts_at,
        ExperienceDay.ends_at,
        ExperienceDay.minutes,
        ExperienceDay.status,
        ExperienceDay.dispute if said else null().label("dispute"),
        ExperienceDay.corrected_from,
        ExperienceDay.settled_at,
        ExperienceDay.edition,
    )


def days_elsewhere(placement: Placement, first: date, last: date) -> set[date]:
    """Return the dates on which this person already has a day at this employer through another placement."""
    query = select(ExperienceDay.held_on).where(
        ExperienceDay.employer_id == placement.employer_id,
        ExperienceDay.participant_id == placement.participant_id,
        ExperienceDay.placement_id != placement.id,
        ExperienceDay.held_on.between(first, last),
        COUNTS,
    )
    return set(db.session.scalars(query))


def last_times(placement_id: UUID) -> ExperienceDay | None:
    """Return the last day of a placement that counts."""
    return db.session.scalar(
        select(ExperienceDay)
        .where(ExperienceDay.placement_id == placement_id, COUNTS)
        .order_by(ExperienceDay.held_on.desc())
        .limit(1)
    )


def span_of_days(placement_id: UUID) -> tuple[date | None, date | None]:
    """Return the first and last date on which a placement has a day."""
    row = db.session.execute(
        select(func.min(ExperienceDay.held_on), func.max(ExperienceDay.held_on)).where(
            ExperienceDay.placement_id == placement_id, COUNTS
        )
    ).one()
    return row[0], row[1]


_WEEK = (
    RecordDay.placement_id,
    RecordDay.held_on,
    RecordDay.starts_at,
    RecordDay.ends_at,
    RecordDay.minutes,
    RecordDay.attendance,
)


_NOW, _BEFORE, _EARLIER = aliased(RecordVersion), aliased(RecordVersion), aliased(RecordVersion)
_SAID = aliased(RecordDay)
_LAST = select(func.max(_EARLIER.version)).where(
    _EARLIER.weekly_record_id == _NOW.weekly_record_id,
    _EARLIER.version < _NOW.version,
    _EARLIER.submitted_at.is_not(None),
)
_STILL = exists().where(
    _SAID.record_version_id == _NOW.id,
    _SAID.placement_id == RecordDay.placement_id,
    _SAID.held_on == RecordDay.held_on,
)
# Put together once: it is asked of every week that is handed in.
_LEFT_OUT = (
    select(*_WEEK)
    .join(_BEFORE, _BEFORE.id == RecordDay.record_version_id)
    .join(_NOW, _NOW.weekly_record_id == _BEFORE.weekly_record_id)
    .where(_BEFORE.version == _LAST.scalar_subquery(), RecordDay.placement_id.is_not(None), ~_STILL)
    .where(_NOW.id == bindparam("version"))
)


def left_out_of(record_version_id: UUID) -> Rows:
    """Return the lines of the version before that spoke of a placement on a day of which this one says nothing."""
    return db.session.execute(_LEFT_OUT, {"version": record_version_id}).all()


def weeks_at(placement_id: UUID) -> Rows:
    """Return the lines of all weekly records handed in that speak of one placement."""
    return db.session.execute(
        select(*_WEEK)
        .join(RecordVersion, RecordVersion.id == RecordDay.record_version_id)
        .where(
            RecordDay.placement_id == placement_id, RecordVersion.is_current, RecordVersion.submitted_at.is_not(None)
        )
        .order_by(RecordDay.held_on, RecordDay.position)
    ).all()


def has_days(first: date, last: date) -> ColumnElement[bool]:
    """Condition on Employer.id: people whom one may see were there in this period.

    Names a column, as a firm's door may not read them all.
    """
    return exists(ExperienceDay.id).where(
        ExperienceDay.employer_id == Employer.id,
        ExperienceDay.held_on.between(first, last),
        COUNTS,
        OF_PERSON,
        visible(),
    )


def days_by_employer(employer_ids: list[UUID], first: date, last: date) -> dict[UUID, int]:
    """Return employer -> number of days in a period."""
    query = (
        select(ExperienceDay.employer_id, func.count(ExperienceDay.id))
        .join(Participant, OF_PERSON)
        .where(
            ExperienceDay.employer_id.in_(employer_ids), ExperienceDay.held_on.between(first, last), COUNTS, visible()
        )
        .group_by(ExperienceDay.employer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def in_month(employer_id: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """Condition on ExperienceDay: it counts, at this employer, in this period (values or parameters)."""
    return and_(ExperienceDay.employer_id == employer_id, ExperienceDay.held_on.between(first, last), COUNTS)

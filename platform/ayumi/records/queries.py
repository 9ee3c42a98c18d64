"""Find weeks: what waits for whom, what a person's weeks look like. Only of people one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Membership
from ayumi.firms.model import Firm
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, here, one
from ayumi.kernel.errors import NotFound
from ayumi.kernel.kept import MY_FIRM, kept
from ayumi.kernel.tenancy import Door
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant, Supporter
from ayumi.records import versions
from ayumi.records.content import counts_as
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord

UNWRITTEN = (RecordStatus.EXPECTED, RecordStatus.DRAFT)
TO_WRITE = (*UNWRITTEN, RecordStatus.RETURNED)
HANDED_IN = (RecordStatus.SUBMITTED, RecordStatus.ACCEPTED, RecordStatus.RETURNED)
Found = tuple[int, Rows]
"""How many there are in all, and the rows asked for."""
ROW: tuple[Any, ...] = (
    WeeklyRecord.id.label("record_id"),
    WeeklyRecord.week_start,
    WeeklyRecord.due_on,
    WeeklyRecord.status,
    WeeklyRecord.edition,
    WeeklyRecord.skip_reason,
    WeeklyRecord.first_submitted_at,
    WeeklyRecord.delivery_firm_id,
    WeeklyRecord.firm_id,
    Participant.id.label("participant_id"),
    Participant.family_name,
    Participant.given_name,
    Participant.family_kana,
    Participant.given_kana,
    Participant.caseworker_id,
    Firm.name.label("firm_name"),
)


@dataclass(frozen=True, slots=True)
class SeenWeek:
    """A week of somebody at a glance; ``days`` from Monday, None where nothing was handed in."""

    week_start: date
    record_id: UUID | None
    status: RecordStatus | None
    due_on: date | None
    days: tuple[Attendance | None, ...]

    @property
    def attended(self) -> int:
        """Days attended."""
        return self.days.count(Attendance.ATTENDED)

    @property
    def planned(self) -> int:
        """Days on which something had been planned."""
        return sum(day not in (None, Attendance.NOT_PLANNED) for day in self.days)


def is_late() -> ColumnElement[bool]:
    """Holds for weeks that were handed in for the first time after the Japanese day they were due."""
    handed_in = func.date(func.timezone(clock.JAPAN.key, WeeklyRecord.first_submitted_at))
    return and_(WeeklyRecord.first_submitted_at.is_not(None), handed_in > WeeklyRecord.due_on)


def is_missing(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Holds for weeks that were due before this day and have not come."""
    return and_(WeeklyRecord.status.in_(UNWRITTEN), WeeklyRecord.due_on < on)


def mine_to_write() -> ColumnElement[bool]:
    """Holds for weeks that whoever is here writes: a firm its own, own staff those no firm can write any more."""
    if here().door is Door.FIRM:
        return WeeklyRecord.delivery_firm_id == MY_FIRM
    firm_has_left = WeeklyRecord.delivery_firm_id.is_distinct_from(WeeklyRecord.firm_id)
    return or_(WeeklyRecord.delivery_firm_id.is_(None), firm_has_left)


def supported_by(membership_id: UUID) -> ColumnElement[bool]:
    """Holds for people whom this member supports."""
    return exists().where(Supporter.participant_id == Participant.id, Supporter.membership_id == membership_id)


def rows(*columns: Any) -> Select[Any]:
    """Weeks with their person and who supports them, of people one may see."""
    return (
        select(*ROW, is_late().label("late"), *columns)
        .select_from(WeeklyRecord)
        .join(Participant, Participant.id == WeeklyRecord.participant_id)
        .outerjoin(Firm, Firm.id == WeeklyRecord.delivery_firm_id)
        .where(participants.visible())
    )


def week(record_id: UUID) -> Any:
    """Return one week with its person and caseworker (``caseworker_name``), or raise NotFound."""
    found = db.session.execute(_week(), {"week": record_id}).one_or_none()
    if found is None:
        raise NotFound
    participants.looked_at(found.participant_id)
    return found


@kept
def _week() -> Select[Any]:
    query = rows(Membership.name.label("caseworker_name")).where(WeeklyRecord.id == bindparam("week"))
    return query.outerjoin(Membership, Membership.id == Participant.caseworker_id)


def with_draft(record_id: UUID) -> Any:
    """Return one week and whether a version of it is being written (``begun``), or raise NotFound."""
    found = db.session.execute(_with_draft(), {"week": record_id}).one_or_none()
    if found is None:
        raise NotFound
    return found


@kept
def _with_draft() -> Select[Any]:
    return rows(versions.is_open_draft().label("begun")).where(WeeklyRecord.id == bindparam("week"))


def weeks_of(participant_id: UUID, limit: int) -> Rows:
    """Return a person's weeks, newest first, with ``version submitted_at summary`` of what counts."""
    query = with_current(RecordVersion.summary, RecordVersion.has_concern).where(Participant.id == participant_id)
    return db.session.execute(query.order_by(WeeklyRecord.week_start.desc()).limit(limit)).all()


def with_current(*columns: Any) -> Select[Any]:
    """Weeks with the version that counts, where one was handed in."""
    request = RecordVersion.request_to_caseworker.is_not(None).label("has_request")
    return rows(RecordVersion.version, RecordVersion.submitted_at, request, *columns).outerjoin(
        RecordVersion, and_(RecordVersion.weekly_record_id == WeeklyRecord.id, versions.counts())
    )


# What waits for whom: (how many in all, the rows) ------------------------------------------------------------


def to_read(membership_id: UUID | None, limit: int) -> Found:
    """Weeks to accept or send back, those with an open concern first, then the oldest: of one caseworker, or all."""
    return counted(of_caseworker(waiting(open_concern().label("open_concern")), membership_id), limit)


def waiting(*columns: Any) -> Select[Any]:
    """Weeks that wait to be read, in the order in which they should be."""
    urgent_first = case((open_concern(), 0), else_=1)
    return (
        with_current(RecordVersion.summary, *columns)
        .where(WeeklyRecord.status == RecordStatus.SUBMITTED)
        .order_by(urgent_first, RecordVersion.submitted_at, WeeklyRecord.id)
    )


def open_concern() -> ColumnElement[bool]:
    """Holds for weeks with a concern that nobody has acknowledged."""
    return exists().where(Concern.weekly_record_id == WeeklyRecord.id, Concern.acknowledged_at.is_(None))


def open_concerns(membership_id: UUID | None, limit: int) -> Found:
    """Concerns to acknowledge, oldest first, the newest words of each week."""
    query = concerns().where(Concern.acknowledged_at.is_(None))
    return counted(of_caseworker(query, membership_id).order_by(Concern.raised_at, Concern.id), limit)


def seen_concerns(membership_id: UUID | None, limit: int) -> Found:
    """Concerns that have been acknowledged, the last ones first."""
    query = concerns().where(Concern.acknowledged_at.is_not(None))
    return counted(of_caseworker(query, membership_id).order_by(Concern.acknowledged_at.desc(), Concern.id), limit)


def week_of_concern(concern_id: UUID) -> UUID:
    """Return the week a concern was raised in."""
    return one(Concern, concern_id).weekly_record_id


def concerns() -> Select[Any]:
    """Concerns with their week and person, the newest words of each week."""
    newer = aliased(Concern)
    said_again = exists().where(
        newer.weekly_record_id == Concern.weekly_record_id,
        newer.raised_at > Concern.raised_at,
        or_(newer.acknowledged_at.is_(None), Concern.acknowledged_at.is_not(None)),
    )
    said = (Concern.what, Concern.since, Concern.known_to, Concern.raised_at, Concern.raised_by)
    seen = (Concern.acknowledged_at, Concern.acknowledged_by, Concern.acknowledgement)
    query = rows(Concern.id.label("concern_id"), *said, *seen)
    return query.join(Concern, Concern.weekly_record_id == WeeklyRecord.id).where(~said_again)


def open_concerns_of(record_id: UUID, *, also_seen: bool = False) -> Sequence[Concern]:
    """Return a week's concerns that nobody has acknowledged; all of them when asked."""
    query = select(Concern).where(Concern.weekly_record_id == record_id).order_by(Concern.raised_at)
    if not also_seen:
        query = query.where(Concern.acknowledged_at.is_(None))
    return db.session.scalars(query).all()


def missing(membership_id: UUID | None, limit: int) -> Found:
    """Weeks that were due before today and have not come, longest overdue first."""
    query = rows().where(is_missing(clock.today()))
    return counted(of_caseworker(query, membership_id).order_by(WeeklyRecord.due_on, Participant.kana_key), limit)


def due_for_supporters(limit: int) -> Found:
    """Weeks that have begun and that whoever is here has still to hand in, the first due first."""
    query = rows().where(
        mine_to_write(), WeeklyRecord.status.in_(UNWRITTEN), WeeklyRecord.week_start <= week_start(clock.today())
    )
    return counted(query.order_by(WeeklyRecord.due_on, Participant.kana_key), limit)


def returned(limit: int) -> Found:
    """Weeks that were sent back to whoever is here, with ``returned_comment decided_at``, oldest first."""
    query = with_current(RecordVersion.returned_comment, RecordVersion.decided_at).where(
        mine_to_write(), WeeklyRecord.status == RecordStatus.RETURNED
    )
    return counted(query.order_by(RecordVersion.decided_at, WeeklyRecord.id), limit)


def of_caseworker(query: Select[Any], membership_id: UUID | None) -> Select[Any]:
    """The same of one caseworker's people; of everybody without one."""
    return query if membership_id is None else query.where(Participant.caseworker_id == membership_id)


def counted(query: Select[Any], limit: int, offset: int = 0) -> Found:
    """Run a query for some rows and the count of all, in one statement."""
    found = db.session.execute(query.add_columns(func.count().over().label("total")).limit(limit).offset(offset)).all()
    if found or not offset:
        return (found[0].total if found else 0), found
    return counted(query, 1)[0], []


# A person's weeks at a glance ---------------------------------------------------------------------------------


def attendance_strip(participant_ids: Sequence[UUID], weeks: int = 12) -> dict[UUID, list[SeenWeek]]:
    """Return person -> the last weeks up to the present one, the oldest first."""
    this = week_start(clock.today())
    mondays = [this - timedelta(days=7 * back) for back in range(weeks - 1, -1, -1)]
    seen = _seen(participant_ids, mondays)
    return {id: [seen.get((id, monday), _nothing(monday)) for monday in mondays] for id in participant_ids}


def _nothing(monday: date) -> SeenWeek:
    return SeenWeek(monday, None, None, None, (None,) * 7)


def _seen(participant_ids: Sequence[UUID], mondays: Sequence[date]) -> dict[tuple[UUID, date], SeenWeek]:
    asked = {"people": list(participant_ids), "mondays": list(mondays)}
    by_week: dict[tuple[Any, ...], list[tuple[date, Attendance]]] = {}
    for person, monday, id, status, due_on, held_on, attendance in db.session.execute(_days_seen(), asked):
        said = by_week.setdefault((person, monday, id, status, due_on), [])
        if attendance is not None:
            said.append((held_on, attendance))
    return {
        (person, monday): SeenWeek(monday, id, status, due_on, days_from_monday(monday, tuple(said)))
        for (person, monday, id, status, due_on), said in by_week.items()
    }


@kept
def _days_seen() -> Select[*tuple[Any, ...]]:
    of_version = and_(RecordVersion.weekly_record_id == WeeklyRecord.id, versions.counts())
    return (
        select(
            WeeklyRecord.participant_id,
            WeeklyRecord.week_start,
            WeeklyRecord.id,
            WeeklyRecord.status,
            WeeklyRecord.due_on,
            RecordDay.held_on,
            RecordDay.attendance,
        )
        .join(Participant, Participant.id == WeeklyRecord.participant_id)
        .outerjoin(RecordVersion, of_version)
        .outerjoin(RecordDay, RecordDay.record_version_id == RecordVersion.id)
        .where(participants.visible())
        .where(Participant.id == any_(bindparam("people", type_=ARRAY(Uuid))))
        .where(WeeklyRecord.week_start == any_(bindparam("mondays", type_=ARRAY(Date))))
    )


@lru_cache(maxsize=4096)
def days_from_monday(monday: date, said: tuple[tuple[date, Attendance], ...]) -> tuple[Attendance | None, ...]:
    """Return what counts of each day from Monday, of what was said of its menus."""
    menus: list[set[Attendance | None]] = [set() for _day_of_week in range(7)]
    for held_on, attendance in said:
        menus[(held_on - monday).days].add(attendance)
    return tuple(counts_as(day) if day else None for day in menus)

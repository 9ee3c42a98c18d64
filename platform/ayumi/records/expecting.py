"""Which weeks are expected: one of each person in support for each week, before anybody writes it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from ayumi.japan.calendar import is_municipal_day, open_day_from, week_start
from ayumi.kernel import clock, states
from ayumi.kernel.db import db, tenant
from ayumi.kernel.journal import Entry
from ayumi.kernel.words import _
from ayumi.municipalities.model import Programme
from ayumi.participants.model import Participant
from ayumi.records.model import TRANSITIONS, RecordStatus, WeeklyRecord
from ayumi.selection.model import Enrolment, EnrolmentStatus

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)
SUPPORT_RESTS = _("Support is paused or has ended.")


def due_day(monday: date, record_due_days: int) -> date:
    """The office day on which a week's record is due."""
    return open_day_from(monday + SUNDAY + timedelta(days=record_due_days), is_municipal_day)


def weeks_between(first: date, last: date) -> Iterable[date]:
    """The Mondays from the week of one day to the week of another."""
    monday = week_start(first)
    while monday <= last:
        yield monday
        monday += WEEK


def insert_weeks(until: date) -> int:
    """Expect every week of every running enrolment that is not expected yet; return how many were new.

    Never a week before the municipality began to keep its records here (``Programme.started_on``).
    """
    running = and_(Enrolment.tenant_id == tenant(), Enrolment.status == EnrolmentStatus.ACTIVE)
    first = db.session.scalar(select(func.min(Enrolment.starts_on)).where(running))
    due_days, began_here = db.session.execute(select(Programme.record_due_days, Programme.started_on)).one()
    if first is None or max(first, began_here or first) > until:
        return 0
    weeks = values(column("monday", Date), column("due_on", Date), name="expected_week").data(
        [(monday, due_day(monday, due_days)) for monday in weeks_between(max(first, began_here or first), until)]
    )
    rows = (
        select(
            literal(tenant()),
            func.gen_random_uuid(type_=Uuid),
            Participant.id,
            Enrolment.id,
            weeks.c.monday,
            weeks.c.due_on,
            literal(RecordStatus.EXPECTED.value),
            Participant.delivery_firm_id,
            Participant.firm_id,
        )
        .join(Enrolment, and_(Enrolment.participant_id == Participant.id, running))
        .join(weeks, weeks.c.monday >= func.date_trunc("week", Enrolment.starts_on))
        .where(Participant.tenant_id == tenant(), ~_rested(weeks.c.monday))
    )
    return _insert(rows)


def _rested(monday: ColumnElement[date]) -> ColumnElement[bool]:
    """Holds for weeks that lie wholly in a time when the enrolment rested: told by its history."""
    paused, resumed = aliased(Entry), aliased(Entry)
    went_on = (
        select(func.min(resumed.at))
        .where(
            resumed.tenant_id == tenant(),
            resumed.subject_id == paused.subject_id,
            resumed.status_before == EnrolmentStatus.PAUSED.value,
            resumed.at > paused.at,
        )
        .scalar_subquery()
    )
    return exists().where(
        paused.tenant_id == tenant(),
        paused.subject_id == Enrolment.id,
        paused.status_after == EnrolmentStatus.PAUSED.value,
        _japanese_day(paused.at) < monday,
        _japanese_day(went_on) > monday + 6,
    )


def _japanese_day(instant: Any) -> ColumnElement[date]:
    return cast(func.timezone(clock.JAPAN.key, instant), Date)


def _insert(rows: Select[tuple[object, ...]]) -> int:
    table = WeeklyRecord.__table__
    names = ["tenant_id", "id", "participant_id", "enrolment_id", "week_start", "due_on", "status"]
    statement = insert(table).from_select([*names, "delivery_firm_id", "firm_id"], rows)  # type: ignore[arg-type]
    done = db.session.execute(statement.on_conflict_do_nothing().returning(table.c.id))
    return len(done.all())


def follow_delivery() -> None:
    """Weeks nobody has begun go to whoever supports the person now, from the present week on."""
    moved = and_(
        WeeklyRecord.tenant_id == tenant(),
        WeeklyRecord.participant_id == Participant.id,
        Participant.tenant_id == tenant(),
        WeeklyRecord.status == RecordStatus.EXPECTED,
        WeeklyRecord.week_start >= week_start(clock.today()),
        or_(
            WeeklyRecord.delivery_firm_id.is_distinct_from(Participant.delivery_firm_id),
            WeeklyRecord.firm_id.is_distinct_from(Participant.firm_id),
        ),
    )
    firms = {"delivery_firm_id": Participant.delivery_firm_id, "firm_id": Participant.firm_id}
    statement = update(WeeklyRecord).where(moved).values(**firms, edition=WeeklyRecord.edition + 1)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def rest_weeks() -> None:
    """No record is needed of weeks after support has ended or while it rests; when it goes on, it is again."""
    ended = and_(Enrolment.status == EnrolmentStatus.ENDED, WeeklyRecord.week_start > Enrolment.ends_on)
    paused = and_(Enrolment.status == EnrolmentStatus.PAUSED, WeeklyRecord.week_start > clock.today())
    for record in _of_enrolments(or_(ended, paused), WeeklyRecord.status == RecordStatus.EXPECTED):
        record.skip_reason = SUPPORT_RESTS
        states.change(record, RecordStatus.SKIPPED, table=TRANSITIONS, action="skipped")
    rested = and_(WeeklyRecord.status == RecordStatus.SKIPPED, WeeklyRecord.skip_reason == SUPPORT_RESTS)
    for record in _of_enrolments(Enrolment.status == EnrolmentStatus.ACTIVE, rested):
        if record.week_start < week_start(clock.today()):
            continue
        record.skip_reason = None
        states.change(record, RecordStatus.EXPECTED, table=TRANSITIONS, action="expected")


def _of_enrolments(enrolment: object, record: object) -> list[WeeklyRecord]:
    query = select(WeeklyRecord).join(Enrolment, Enrolment.id == WeeklyRecord.enrolment_id)
    return list(db.session.scalars(query.where(enrolment, record).order_by(WeeklyRecord.id)))  # type: ignore[arg-type]

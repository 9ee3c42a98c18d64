"""What is over and may go on a day: for people, payments, contracts, reports and the log, each counted in its own way.

Asked when a list is drafted, and asked again of each subject at the moment of erasing it: a hold placed meanwhile, a
class made longer or a person who has come back keeps everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from ayumi.consents.model import Consent
from ayumi.contracts.model import Contract
from ayumi.employers.model import Agreement, UnitPrice
from ayumi.fees.model import Line, LineDay, Statement, StatementStatus
from ayumi.japan.calendar import Month, fiscal_year, fiscal_year_span
from ayumi.kernel import clock
from ayumi.kernel.journal import Entry
from ayumi.participants.model import Participant, ParticipantImport, Status
from ayumi.placements.model import Confirmation, ExperienceDay, Placement
from ayumi.plans.model import Goal
from ayumi.records.model import WeeklyRecord
from ayumi.reports.model import MonthlyReport
from ayumi.retention import classes, holds
from ayumi.retention.model import Artefact, DisposalItem
from ayumi.selection.model import Enrolment, EnrolmentStatus

YEAR_OF_LOG: Final = UUID("5a3c7f0e-2f6b-4d1b-9d0a-6f2f1d0c7e11")
LISTS_ARE_READ_FOR: Final = timedelta(days=30)
PAID: Final = (StatementStatus.APPROVED, StatementStatus.DROPPED)


@dataclass(frozen=True, slots=True)
class Over:
    """Something that is over: what it is, whose, when it ended, and in which table its subject stands."""

    artefact: Artefact
    subject: str
    subject_id: UUID
    completed_on: date


@dataclass(frozen=True, slots=True)
class Due(Over):
    """The same, with the day from which on it may go."""

    due_on: date


def due(session: Session, on: date, *, subject: str = "", subject_id: UUID | None = None) -> list[Due]:
    """Return what may go on a day: of everybody, or of one subject."""
    kept = classes.years(session)
    wanted = [subject] if subject else list(ENDED)
    found: list[Due] = []
    for name in wanted:
        found += _timed(ENDED[name](session, subject_id), kept, on)
    return found


def _timed(ended: Iterable[Over], kept: dict[Artefact, int | None], on: date) -> Iterator[Due]:
    for each in ended:
        years = kept[each.artefact]
        if each.subject == "participant_import":
            first = each.completed_on + LISTS_ARE_READ_FOR
        elif years is None:
            continue
        else:
            first = classes.due_on(each.completed_on, years)
        if first <= on:
            yield Due(each.artefact, each.subject, each.subject_id, each.completed_on, first)


def _only(column: Any, subject_id: UUID | None) -> list[ColumnElement[bool]]:
    return [] if subject_id is None else [column == subject_id]


# People ---


def people(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Those whose support has ended, who are under no hold, and whose days are not in an unfinished statement."""
    has: dict[Artefact, Any] = {
        Artefact.SUPPORT_RECORD: or_(_any(WeeklyRecord), _any(Placement)),
        Artefact.PLAN: _any(Goal),
        Artefact.CONSENT: _any(Consent),
    }
    query = (
        select(Participant.id, _end_of_support(), *(each.label(artefact.value) for artefact, each in has.items()))
        .where(Participant.status == Status.ENDED, *_only(Participant.id, subject_id))
        .where(~exists().where(Enrolment.participant_id == Participant.id, Enrolment.status != EnrolmentStatus.ENDED))
        .where(~holds.in_force(Participant.id), ~_is_in_open_statement())
    )
    for row in session.execute(query):
        ended = row.ended_on
        yield from (Over(each, "participant", row.id, ended) for each in has if row._mapping[each.value])
        yield Over(Artefact.CASE, "participant", row.id, ended)


def _any(model: Any) -> ColumnElement[bool]:
    return exists().where(model.participant_id == Participant.id)


def _end_of_support() -> Any:
    """The last day of support; of somebody never taken in, the day on which that was decided."""
    last = select(func.max(Enrolment.ends_on)).where(Enrolment.participant_id == Participant.id).scalar_subquery()
    decided = (
        select(func.max(_day(Entry.at)))
        .where(Entry.subject_id == Participant.id, Entry.status_after == Status.ENDED.value)
        .scalar_subquery()
    )
    return func.coalesce(last, decided, _day(Participant.created_at)).label("ended_on")


def _day(instant: Any) -> Any:
    return func.date(func.timezone("Asia/Tokyo", instant))


def _is_in_open_statement() -> ColumnElement[bool]:
    return exists().where(
        Placement.participant_id == Participant.id,
        Line.placement_id == Placement.id,
        Statement.id == Line.statement_id,
        Statement.status.not_in(PAID),
    )


def lists(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Lists of people that were uploaded: what they brought stands with the people, so they need not stay."""
    query = select(ParticipantImport.id, _day(ParticipantImport.ended_at).label("ended_on")).where(
        ParticipantImport.ended_at.is_not(None), *_only(ParticipantImport.id, subject_id)
    )
    yield from (Over(Artefact.CASE, "participant_import", *row) for row in session.execute(query))


# Payments ---


def statements(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Statements that are finished; one that a later statement adjusts ends with the later one."""
    ended = _ends_of_statements(session)
    query = select(Statement.id).where(Statement.id.in_(ended), ~_is_held(), *_only(Statement.id, subject_id))
    yield from (Over(Artefact.PAYMENT_VOUCHER, "fee_statement", id, ended[id]) for id in session.scalars(query))


def _ends_of_statements(session: Session) -> dict[UUID, date]:
    """Return statement -> when it and all that rests on it was finished; nothing for what is not."""
    finished = case((Statement.status == StatementStatus.APPROVED, Statement.approved_at), else_=Statement.compiled_at)
    own: dict[UUID, date | None] = {
        row.id: row.on if row.status in PAID else None
        for row in session.execute(select(Statement.id, Statement.status, _day(finished).label("on")))
    }
    pairs = {(row.earlier, row.later) for row in session.execute(_adjustments())}
    changed = True
    while changed:
        changed = False
        for earlier, later in pairs:
            ends, others = own[earlier], own[later]
            if ends is not None and (others is None or others > ends):
                own[earlier], changed = others, True
    return {id: on for id, on in own.items() if on is not None}


def _adjustments() -> Any:
    taken_back, paid = aliased(LineDay), aliased(Line)
    by_line = select(Line.adjusts_statement_id.label("earlier"), Line.statement_id.label("later")).where(
        Line.adjusts_statement_id.is_not(None)
    )
    by_day = (
        select(paid.statement_id, Line.statement_id)
        .select_from(LineDay)
        .join(Line, Line.id == LineDay.line_id)
        .join(taken_back, taken_back.id == LineDay.takes_back)
        .join(paid, paid.id == taken_back.line_id)
        .where(paid.statement_id != Line.statement_id)
    )
    return by_line.union(by_day)


def _is_held() -> ColumnElement[bool]:
    return exists().where(
        Line.statement_id == Statement.id,
        Placement.id == Line.placement_id,
        holds.in_force(Placement.participant_id),
    )


def confirmations(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Employers' confirmations; they end with the payments of their month."""
    ends = _ends_of_statements(session)
    paid = select(Statement.id).where(
        Statement.employer_id == Confirmation.employer_id, Statement.month == Confirmation.month
    )
    held = exists().where(
        ExperienceDay.confirmation_id == Confirmation.id, holds.in_force(ExperienceDay.participant_id)
    )
    query = select(
        Confirmation.id,
        _day(Confirmation.given_at).label("given_on"),
        func.array(paid.scalar_subquery()).label("statements"),
    ).where(~held, *_only(Confirmation.id, subject_id))
    for row in session.execute(query):
        dates = [ends.get(id) for id in row.statements]
        if None not in dates:
            latest = max([row.given_on, *(each for each in dates if each)])
            yield Over(Artefact.PAYMENT_VOUCHER, "confirmation", row.id, latest)


# Contracts, reports, the log ---


def contracts(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Contracts with firms."""
    query = select(Contract.id, Contract.ends_on).where(*_only(Contract.id, subject_id))
    yield from (Over(Artefact.CONTRACT, "contract", *row) for row in session.execute(query))


def agreements(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Agreements with employers on whose prices no payment rests any more."""
    rests = exists().where(UnitPrice.agreement_id == Agreement.id, Line.unit_price_id == UnitPrice.id)
    query = select(Agreement.id, Agreement.ends_on).where(~rests, *_only(Agreement.id, subject_id))
    yield from (Over(Artefact.CONTRACT, "employer_agreement", *row) for row in session.execute(query))


def reports(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Monthly reports."""
    query = select(MonthlyReport.id, MonthlyReport.month).where(*_only(MonthlyReport.id, subject_id))
    for row in session.execute(query):
        yield Over(Artefact.STATISTICS, "monthly_report", row.id, Month.of(row.month).last)


def logs(session: Session, subject_id: UUID | None = None) -> Iterator[Over]:
    """Fiscal years of the journal that still say something and have not been on a list that was carried out."""
    says = and_(Entry.forgotten_at.is_(None), or_(Entry.why.is_not(None), Entry.changes.is_not(None)))
    first = session.scalar(select(func.min(Entry.at)).where(says))
    if first is None:
        return
    done = set(
        session.scalars(
            select(DisposalItem.subject_id).where(
                DisposalItem.artefact == Artefact.ACCESS_LOG, DisposalItem.erased_at.is_not(None)
            )
        )
    )
    for year in range(fiscal_year(clock.day_of(first)), fiscal_year(clock.today())):
        id = log_of(year)
        if id not in done and subject_id in (None, id):
            yield Over(Artefact.ACCESS_LOG, "journal_entry", id, fiscal_year_span(year)[1])


def log_of(year: int) -> UUID:
    """Return the number under which a fiscal year of the journal stands on a list."""
    return uuid5(YEAR_OF_LOG, str(year))


def span_of(last_day: date) -> tuple[datetime, datetime]:
    """Return the instants between which the fiscal year lies that ended on a day."""
    first = fiscal_year_span(fiscal_year(last_day))[0]
    return tuple(datetime.combine(each, time.min, clock.JAPAN) for each in (first, last_day + timedelta(days=1)))  # type: ignore[return-value]


ENDED: Final = {
    "participant": people,
    "participant_import": lists,
    "fee_statement": statements,
    "confirmation": confirmations,
    "employer_agreement": agreements,
    "contract": contracts,
    "monthly_report": reports,
    "journal_entry": logs,
}
"""Kinds of subjects, in the order in which they are erased: payments before the prices they rest on."""

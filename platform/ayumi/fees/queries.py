"""Find statements and what waits: for compiling, for approval, for the monthly report."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Membership
from ayumi.employers.model import Employer
from ayumi.fees import content, month
from ayumi.fees.content import Content
from ayumi.fees.model import Line, LineDay, Statement, StatementStatus
from ayumi.fees.month import Key, Left, MonthOverview
from ayumi.fees.own import handed_in_here
from ayumi.firms.model import Firm
from ayumi.japan.calendar import Month
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.kept import kept
from ayumi.participants.model import Participant
from ayumi.participants.queries import visible
from ayumi.placements.model import Placement

Found = tuple[int, Rows]
"""How many there are in all, and the rows asked for."""

REPORTED = (StatementStatus.APPROVED, StatementStatus.SUBMITTED)


def statement(statement_id: UUID) -> Content:
    """Return what a statement says, or raise NotFound."""
    return content.of(statement_id)


def month_overview(of: Month, *, mine: bool = False) -> MonthOverview:
    """Return a month's fees, by employer. ``mine``: only what whoever is here compiles themselves."""
    return month.overview(of, mine=mine)


def left_of(statement: Statement) -> Left:
    """Return what is left out of a statement: days of its employer and side that no statement holds."""
    return month.left_of(statement)


def to_compile(until: Month) -> list[tuple[Key, Left]]:
    """Return ``((employer_id, firm_id), left)`` for each employer with confirmed days in no statement yet.

    Only what whoever is here compiles: a firm its own, the municipality those of its own staff.
    """
    return month.to_compile(until)


def to_approve(limit: int | None = None) -> Found:
    """Return the statements that wait for whoever is here: handed in by others, longest waiting first."""
    waiting = and_(Statement.status == StatementStatus.SUBMITTED, ~handed_in_here())
    return _found(waiting, Statement.submitted_at, limit)


def returned(limit: int | None = None) -> Found:
    """Return the statements that came back to whoever is here, oldest month first."""
    own = Statement.delivery_firm_id.is_not_distinct_from(here().firm_id)
    return _found(and_(Statement.status == StatementStatus.RETURNED, own), Statement.month, limit)


def fees_by_employer(of: Month) -> Rows:
    """Return ``(employer_id, employer_name, firm_id, payer, approved_days, approved_amount, submitted_days,
    submitted_amount)`` of a month for its report. Drafts and what was sent back are not counted.
    """
    days = month.days_of_statements()
    approved, submitted = (Statement.status == status for status in REPORTED)
    query = (
        select(
            Statement.employer_id,
            Employer.name.label("employer_name"),
            Statement.delivery_firm_id.label("firm_id"),
            Statement.payer,
            _sum(days.c.days, approved).label("approved_days"),
            _sum(Statement.total, approved).label("approved_amount"),
            _sum(days.c.days, submitted).label("submitted_days"),
            _sum(Statement.total, submitted).label("submitted_amount"),
        )
        .join(Employer, Employer.id == Statement.employer_id)
        .join(days, days.c.statement_id == Statement.id)
        .where(Statement.month == of.first, Statement.status.in_(REPORTED))
        .group_by(Statement.employer_id, Employer.name, Statement.delivery_firm_id, Statement.payer)
        .order_by(Employer.name, Statement.delivery_firm_id.nulls_first())
    )
    return db.session.execute(query).all()


def people_in(placement_ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """Return placement -> (participant_id, family_name, given_name) of the people one may see."""
    return {row.id: row for row in db.session.execute(_people_in(), {"placements": list(placement_ids)})}


@kept
def _people_in() -> Select[*tuple[Any, ...]]:
    return (
        select(Placement.id, Placement.participant_id, Participant.family_name, Participant.given_name)
        .join(Participant, Participant.id == Placement.participant_id)
        .where(Placement.id.in_(bindparam("placements", expanding=True)), visible())
    )


def disagreements() -> Rows:
    """Return the identifiers of whatever does not add up: the standing check on the books, empty when all is well.

    A statement is the sum of its lines, a line has as many days as it says, and a day is marked as taken back if
    and only if a line takes it back.
    """
    net = select(func.coalesce(func.sum(Line.amount), 0)).where(Line.statement_id == Statement.id).scalar_subquery()
    days = select(func.coalesce(func.sum(LineDay.sign), 0)).where(LineDay.line_id == Line.id).scalar_subquery()
    back = aliased(LineDay)
    sums = select(Statement.id).where(Statement.net != net)
    quantities = select(Line.id).where(Line.quantity != days)
    marks = (
        select(LineDay.id)
        .outerjoin(back, back.takes_back == LineDay.id)
        .where(LineDay.released_at.is_(None) != back.id.is_(None))
    )
    return db.session.execute(sums.union_all(quantities, marks)).all()


def _sum(what: Any, condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, what), else_=0)), 0)


def _found(condition: ColumnElement[bool], order: Any, limit: int | None) -> Found:
    days = month.days_of_statements()
    query = (
        select(
            Statement.id,
            Statement.employer_id,
            Statement.employer_name,
            Statement.month,
            Statement.number,
            Statement.edition,
            Statement.total,
            Statement.submitted_at,
            Statement.note,
            func.coalesce(days.c.days, 0).label("days"),
            Firm.name.label("firm_name"),
            Membership.name.label("submitted_by_name"),
            func.count().over().label("in_all"),
        )
        .outerjoin(days, days.c.statement_id == Statement.id)
        .outerjoin(Firm, Firm.id == Statement.delivery_firm_id)
        .outerjoin(Membership, Membership.id == Statement.submitted_by)
        .where(condition)
        .order_by(order, Statement.id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    return (rows[0].in_all if rows else 0), rows

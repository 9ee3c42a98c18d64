"""Make a month's statement from confirmed days, hand it in, take it back. Approving is in ``approval``."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from ayumi.employers.model import Employer
from ayumi.fees import compiling, content, payable
from ayumi.fees.model import TRANSITIONS, Line, LineKind, LineStatus, Statement, StatementStatus
from ayumi.fees.payable import Fate, Terms
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import db, here, one, tenant
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _

IN_WORK = (StatementStatus.DRAFT, StatementStatus.RETURNED)
OPEN = (*IN_WORK, StatementStatus.SUBMITTED)


class AlreadyOpen(Conflict):
    """An employer has one statement in work at a time."""

    message = _("A statement for this employer is already being worked on. Please look at it, and finish it first.")


class Outdated(Conflict):
    """Days have changed since the statement was compiled."""

    message = _("Some days or prices have changed since this was compiled. Please compile it again.")


class NothingToPay(Invalid):
    """No statement of zero is made."""

    message = _("There is nothing to be paid to this employer up to this month, so no statement is made.")


NOTHING: dict[Fate, str] = {
    Fate.NO_AGREEMENT: _("For the confirmed days there is no agreement with this employer. Please enter it first."),
    Fate.NO_PRICE: _("For the confirmed days there is no approved unit price. Please have one approved first."),
    Fate.NO_FEE: _("With this employer no fee is agreed. No statement is made."),
    Fate.DISPUTED: _("The employer questions the days. They can be paid once that is settled."),
    Fate.UNCONFIRMED: _("The employer has not confirmed the days yet. Only confirmed days are paid."),
}
"""What is said when there is nothing to pay, the first that applies."""


def compile(  # noqa: A001  the word everybody uses for it
    employer_id: UUID, month: Month, firm_id: UUID | None = None, *, id: UUID | None = None
) -> Statement:
    """Make the statement of an employer for a month: all confirmed days up to its end that nobody has paid.

    ``firm_id``: the firm that accompanied the days, None for own staff. A firm makes its own only. ``id`` names what
    a form makes: sent twice it is one statement. While one is in work there is no other (AlreadyOpen).
    """
    firm_id = here().firm_id if here().door is Door.FIRM else firm_id
    known = db.session.get(Statement, (tenant(), id)) if id else None
    if known is not None:
        return known
    _check_month(month)
    employer = one(Employer, employer_id)
    _check_none_open(employer.id, firm_id)
    due = compiling.due(employer.id, firm_id, month)
    if due is None:
        raise _nothing(employer.id, firm_id, month)
    statement, is_new = _begin(id or ids.new(), employer, month, firm_id, due.terms)
    if is_new:
        compiling.write(statement, due)
        journal.note(statement, "compiled", after=StatementStatus.DRAFT.value)
    return statement


def compile_all(month: Month, *, id: UUID) -> tuple[int, int]:
    """Compile every employer of whoever is here that has something to be paid, and drafts anew.

    Returns how many statements were made and how many drafts were made anew.
    """
    firm_id = here().firm_id
    mine = [row for row in payable.waiting(month.last) if row.firm_id == firm_id]
    with_something = {row.employer_id for row in mine if row.fate in (Fate.PAYABLE, Fate.TAKE_BACK)}
    in_work = _in_work(firm_id)
    for statement_id in in_work.values():
        recompile(statement_id)
    made = sorted(with_something - _open_employers(firm_id))
    for employer_id in made:
        compile(employer_id, month, firm_id, id=uuid5(id, str(employer_id)))
    return len(made), len(in_work)


def recompile(statement_id: UUID, *, seen: str | None = None) -> Statement:
    """Make a draft or returned statement anew: days confirmed meanwhile come in, days that changed go out.

    With nothing left to pay it is dropped. What the approver said stays beside the lines it was said of.
    """
    statement = _held(statement_id, seen)
    before, said = statement.total, _returned(statement)
    compiling.clear(statement)
    month = Month.of(statement.month)
    present = compiling.terms_in(statement)
    due = compiling.due(statement.employer_id, statement.delivery_firm_id, month, present)
    if due is None:
        compiling.sum_up(statement)
        _drop(statement, None)
        return statement
    _set_terms(statement, due.terms)
    compiling.write(statement, due)
    _say_again(statement, said)
    statement.compiled_by, statement.compiled_at = here().membership_id, clock.now()
    statement.employer_name = one(Employer, statement.employer_id).name
    journal.note(statement, "recompiled", changes=_total(before, statement.total))
    return statement


def annotate(statement_id: UUID, *, note: str | None, seen: str | None = None) -> Statement:
    """Write a note for the approver."""
    statement = _held(statement_id, seen)
    if statement.note != note:
        statement.note = note
        journal.note(statement, "annotated")
    return statement


def submit(statement_id: UUID, *, seen: str | None = None, note: str | None = None) -> Statement:
    """Hand a statement in: its next edition, every line open for the approver.

    ``seen`` is the stamp of what the person saw: they hand in that and nothing else.
    """
    statement = _held(statement_id, seen)
    said = content.of(statement.id)
    if not said.lines:
        raise NothingToPay
    if said.is_outdated:
        raise Outdated
    for line in _lines(statement):
        line.status, line.return_reason, line.return_word = LineStatus.OPEN, None, None
    statement.note = note if note is not None else statement.note
    statement.edition += 1
    statement.submitted_by, statement.submitted_at = here().membership_id, clock.now()
    db.session.flush()
    states.change(statement, StatementStatus.SUBMITTED, table=TRANSITIONS, action="submitted", why=statement.note)
    return statement


def drop(statement_id: UUID, *, why: str, seen: str | None = None) -> Statement:
    """Give up a statement that is not handed in: its days are free for another one."""
    statement = _held(statement_id, seen)
    compiling.clear(statement)
    compiling.sum_up(statement)
    _drop(statement, why)
    return statement


def _drop(statement: Statement, why: str | None) -> None:
    states.change(statement, StatementStatus.DROPPED, table=TRANSITIONS, action="dropped", why=why)


def _check_month(month: Month) -> None:
    if month.first > clock.today():
        raise Invalid(_("This month has not begun yet."))


def _check_none_open(employer_id: UUID, firm_id: UUID | None) -> None:
    if employer_id in _open_employers(firm_id):
        raise AlreadyOpen


def _open_employers(firm_id: UUID | None) -> set[UUID]:
    return set(db.session.scalars(_of(firm_id, OPEN, Statement.employer_id)))


def _in_work(firm_id: UUID | None) -> dict[UUID, UUID]:
    rows = db.session.execute(_of(firm_id, IN_WORK, Statement.employer_id, Statement.id))
    return {row.employer_id: row.id for row in rows}


def _of(firm_id: UUID | None, statuses: Iterable[StatementStatus], *columns: Any) -> Any:
    return (
        select(*columns)
        .where(Statement.delivery_firm_id.is_not_distinct_from(firm_id), Statement.status.in_(statuses))
        .order_by(Statement.id)
    )


def _nothing(employer_id: UUID, firm_id: UUID | None, month: Month) -> NothingToPay:
    rows = payable.waiting(month.last, employer_id=employer_id)
    fates = {row.fate for row in rows if row.firm_id == firm_id}
    return NothingToPay(next((NOTHING[fate] for fate in NOTHING if fate in fates), None))


def _begin(id: UUID, employer: Employer, month: Month, firm_id: UUID | None, terms: Terms) -> tuple[Statement, bool]:
    """Put in the row, or find what a second click or a colleague has put in at the same moment."""
    row = {
        "tenant_id": tenant(),
        "id": id,
        "employer_id": employer.id,
        "month": month.first,
        "number": _next_number(employer.id, month.first, firm_id),
        "status": StatementStatus.DRAFT,
        "employer_name": employer.name,
        "compiled_by": here().membership_id,
        "compiled_at": clock.now(),
        "delivery_firm_id": firm_id,
        "firm_id": firm_id,
        **dict.fromkeys(("edition", "net", "tax_included", "tax_added", "total"), 0),
        **terms._asdict(),
    }
    query = insert(Statement.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    is_new = db.session.execute(query.returning(Statement.__table__.c.id)).first() is not None
    found = db.session.get(Statement, (tenant(), id), with_for_update=True)
    if found is None:
        raise AlreadyOpen
    return found, is_new


def _next_number(employer_id: UUID, month: date, firm_id: UUID | None) -> int:
    query = select(func.coalesce(func.max(Statement.number), 0)).where(
        Statement.employer_id == employer_id,
        Statement.month == month,
        Statement.delivery_firm_id.is_not_distinct_from(firm_id),
    )
    return int(db.session.scalar(query) or 0) + 1


def _held(statement_id: UUID, seen: str | None) -> Statement:
    """Return a statement that may still be worked on, locked, if it is still what somebody saw."""
    statement = one(Statement, statement_id, lock=True)
    if statement.status not in IN_WORK:
        raise states.IllegalMove
    if seen is not None and content.of(statement_id).stamp != seen:
        raise ChangedMeanwhile
    return statement


def _lines(statement: Statement) -> Iterable[Line]:
    return db.session.scalars(select(Line).where(Line.statement_id == statement.id)).all()


def _set_terms(statement: Statement, terms: Terms) -> None:
    for name, value in terms._asdict().items():
        setattr(statement, name, value)


def _total(before: int, after: int) -> dict[str, Any]:
    return {"total": [before, after]} if before != after else {}


Said = dict[tuple[UUID | None, UUID | None, LineKind], tuple[Any, str | None]]


def _returned(statement: Statement) -> Said:
    lines = (line for line in _lines(statement) if line.status is LineStatus.RETURNED)
    return {_about(line): (line.return_reason, line.return_word) for line in lines}


def _say_again(statement: Statement, said: Said) -> None:
    for line in _lines(statement):
        if _about(line) in said:
            line.return_reason, line.return_word = said[_about(line)]
            line.status = LineStatus.RETURNED
    db.session.flush()


def _about(line: Line) -> tuple[UUID | None, UUID | None, LineKind]:
    return line.placement_id, line.adjusts_statement_id, line.kind

"""The approver's word on a statement: line by line, or on all without questions. Approved, it is frozen for good."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from ayumi.fees import content
from ayumi.fees.content import Content, SaidLine
from ayumi.fees.model import (
    TRANSITIONS,
    Line,
    LineStatus,
    ReturnReason,
    Statement,
    StatementStatus,
)
from ayumi.fees.own import handed_in_here
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import db, here, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid, NotFound, Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.placements import days
from ayumi.placements.model import ExperienceDay


class OwnSubmission(Refused):
    """Whoever handed a statement in also approves it."""

    message = _("You handed this in yourself. Somebody else has to approve it.")


class Questioned(Conflict):
    """A line whose days have changed since it was handed in."""

    message = _("Days or prices of this line have changed since it was handed in. Please send it back.")


class Return(NamedTuple):
    """Why a line goes back, and what the approver adds."""

    reason: ReturnReason
    word: str | None = None


def approve(statement_id: UUID, *, edition: int, line_ids: Collection[UUID] | None = None) -> Statement:
    """Approve lines (None: all without questions). With the last line the statement is approved and frozen."""
    statement = _taken(statement_id, edition)
    said = _locked(statement)
    chosen = _chosen(said, line_ids)
    for line in _rows(statement, chosen):
        line.status = LineStatus.APPROVED
    db.session.flush()
    if len(chosen) == len(said.open_lines):
        _freeze(statement, said)
    elif chosen:
        journal.note(statement, "lines_approved", changes={"lines": [_named(said, id) for id in chosen]})
    return statement


def approve_all(editions: Mapping[UUID, int]) -> tuple[int, int]:
    """Approve these statements in the editions that were looked at; return how many were, and how many were not.

    Left alone are those that have changed meanwhile, raise a question, or were handed in by whoever is here.
    """
    done = 0
    for statement_id, edition in editions.items():
        statement = one(Statement, statement_id, lock=True)
        if may_decide(statement) and statement.edition == edition and not _locked(statement).is_outdated:
            approve(statement_id, edition=edition)
            done += 1
    return done, len(editions) - done


def send_back(statement_id: UUID, *, edition: int, lines: Mapping[UUID, Return]) -> Statement:
    """Send a statement back for these lines, each with its reason."""
    statement = _taken(statement_id, edition)
    rows = _rows(statement, list(lines))
    if not rows:
        raise Invalid(_("Please choose a reason beside at least one line."))
    for line in rows:
        line.status = LineStatus.RETURNED
        line.return_reason, line.return_word = lines[line.id]
    told = [_told(line) for line in sorted(rows, key=lambda line: line.position)]
    journal.note(statement, "lines_returned", changes={"lines": told})
    states.change(statement, StatementStatus.RETURNED, table=TRANSITIONS, action="returned")
    return statement


def may_decide(statement: Statement) -> bool:
    """Tell whether whoever is here did not hand it in themselves and it waits for approval."""
    return statement.status is StatementStatus.SUBMITTED and not _own(statement)


def _told(line: Line) -> dict[str, Any]:
    reason = line.return_reason.value if line.return_reason else None
    return {"nickname": line.nickname, "reason": reason, "word": line.return_word}


def _taken(statement_id: UUID, edition: int) -> Statement:
    """Return a statement to be decided, locked: still handed in, in the edition that was looked at, by another."""
    if here().door is not Door.STAFF:
        raise Refused
    statement = one(Statement, statement_id, lock=True)
    if statement.status is not StatementStatus.SUBMITTED:
        raise states.IllegalMove
    if statement.edition != edition:
        raise ChangedMeanwhile
    if _own(statement):
        raise OwnSubmission
    return statement


def _own(statement: Statement) -> bool:
    return bool(db.session.scalar(select(handed_in_here()).where(Statement.id == statement.id)))


def _locked(statement: Statement) -> Content:
    """Hold the days, so that none can be questioned while it is being approved, and read what is said of them."""
    ids = [day.experience_day_id for line in content.of(statement.id).lines for day in line.days]
    held = select(ExperienceDay.id).where(ExperienceDay.id.in_(ids)).order_by(ExperienceDay.id)
    db.session.execute(held.with_for_update())
    return content.of(statement.id)


def _chosen(said: Content, line_ids: Collection[UUID] | None) -> list[UUID]:
    """The open ones among these lines; what is approved already stays so."""
    if line_ids is not None and not set(line_ids) <= {line.id for line in said.lines}:
        raise NotFound
    chosen = [line for line in said.open_lines if line_ids is None or line.id in line_ids]
    clean = [line.id for line in chosen if not line.outdated]
    if len(clean) < len(chosen) and (line_ids is not None or not clean):
        raise Questioned
    return clean


def _named(said: Content, line_id: UUID) -> dict[str, Any]:
    return {"nickname": next(line.nickname for line in said.lines if line.id == line_id)}


def _rows(statement: Statement, line_ids: Collection[UUID]) -> list[Line]:
    rows = db.session.scalars(select(Line).where(Line.statement_id == statement.id, Line.id.in_(line_ids))).all()
    if len(rows) != len(line_ids):
        raise NotFound
    return list(rows)


def _freeze(statement: Statement, said: Content) -> None:
    """From here on the database lets nothing of it change."""
    if said.is_outdated:
        raise Questioned
    statement.approved_by, statement.approved_at = here().membership_id, clock.now()
    statement.content_hash = said.seal
    states.change(statement, StatementStatus.APPROVED, table=TRANSITIONS, action="approved")
    paid, taken_back = _days_of(said.paying), _days_of(said.adjusting)
    days.settle(sorted(paid))
    days.release(sorted(taken_back - paid))


def _days_of(lines: Iterable[SaidLine]) -> set[UUID]:
    return {day.experience_day_id for line in lines for day in line.days if day.experience_day_id}

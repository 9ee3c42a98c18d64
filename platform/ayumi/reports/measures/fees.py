"""Partner fees of the month's statements. What no person stands behind (added tax) is a row without a person."""

from typing import Any

from sqlalchemy import ColumnElement, func, union_all

from ayumi.employers.model import Employer
from ayumi.fees.model import Line, Statement, StatementStatus
from ayumi.placements.model import Placement
from ayumi.reports.measures.measure import Measure, Rows, per_person
from ayumi.reports.scope import Blank


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of fees."""
    return [
        Measure(f"fees_{name}{suffix}", _amounts(scope, status, by_employer=bool(suffix)))
        for name, status in (("approved", StatementStatus.APPROVED), ("submitted", StatementStatus.SUBMITTED))
        for suffix in ("", "_by_employer")
    ]


def _amounts(scope: Blank, status: StatementStatus, *, by_employer: bool) -> Rows:
    """What lines pay for each person, and what a statement pays on top of its lines."""
    named = _employer_columns() if by_employer else {}
    grouped = [Statement.employer_id] if by_employer else []
    of_month = [Statement.month == scope.first, Statement.status == status]
    lines = (
        per_person(Placement.participant_id, count=func.sum(Line.amount), **named)
        .select_from(Line)
        .join(Statement, Statement.id == Line.statement_id)
        .outerjoin(Placement, Placement.id == Line.placement_id)
        .join(Employer, Employer.id == Statement.employer_id)
        .where(*of_month)
        .group_by(Placement.participant_id, *grouped)
    )
    on_top = (
        per_person(None, count=func.sum(Statement.total - Statement.net), **named)
        .select_from(Statement)
        .join(Employer, Employer.id == Statement.employer_id)
        .where(*of_month)
        .group_by(*grouped)
    )
    both = union_all(lines, on_top.having(_is_some())).subquery()
    columns: dict[str, ColumnElement[Any]] = dict(both.c)
    participant_id = columns.pop("participant_id")
    by, label, sort, count = (columns[name] for name in ("dimension", "label", "sort", "count"))
    return per_person(participant_id, by=by, label=label, sort=sort, count=count)


def _is_some() -> ColumnElement[bool]:
    return func.sum(Statement.total - Statement.net) != 0


def _employer_columns() -> dict[str, Any]:
    order = func.concat(func.max(Employer.kana), func.max(Employer.name))
    return {"by": Statement.employer_id, "label": func.max(Employer.name), "sort": order}

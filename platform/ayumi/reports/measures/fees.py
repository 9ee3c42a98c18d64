"""Partner fees of the month's statements. What no person stands behind (added tax) is a row without a person."""

from sqlalchemy import CTE, Uuid, func, null, select, union_all

from ayumi.employers.model import Employer
from ayumi.fees.model import Line, Statement, StatementStatus
from ayumi.placements.model import Placement
from ayumi.reports.measures.measure import Measure, per_person
from ayumi.reports.scope import Blank

COUNTED = (StatementStatus.APPROVED, StatementStatus.SUBMITTED)


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of fees."""
    paid = _paid(scope)
    return [each for status in COUNTED for each in _measures(paid, status)]


def _measures(paid: CTE, status: StatementStatus) -> list[Measure]:
    who, of_status = paid.c.participant_id, paid.c.status == status.value
    by_employer = per_person(
        who, by=paid.c.employer_id, label=paid.c.label, sort=paid.c.sort, count=paid.c.amount
    ).where(of_status)
    in_all = per_person(who, count=func.sum(paid.c.amount)).where(of_status).group_by(who)
    name = f"fees_{status.value}"
    return [Measure(name, in_all), Measure(f"{name}_by_employer", by_employer)]


def _paid(scope: Blank) -> CTE:
    """What each employer is paid for each person, and what its statements pay on top of their lines."""
    of_month = (Statement.month == scope.first, Statement.status.in_(COUNTED))
    on_top = Statement.total - Statement.net
    both = union_all(
        select(Statement.status, Statement.employer_id, Placement.participant_id, Line.amount)
        .join(Line, Line.statement_id == Statement.id)
        .outerjoin(Placement, Placement.id == Line.placement_id)
        .where(*of_month),
        select(Statement.status, Statement.employer_id, null().cast(Uuid), on_top).where(*of_month, on_top != 0),
    ).subquery()
    each = (both.c.status, both.c.employer_id, both.c.participant_id, Employer.name, Employer.kana)
    return (
        select(
            both.c.status,
            both.c.employer_id,
            both.c.participant_id,
            Employer.name.label("label"),
            func.concat(Employer.kana, Employer.name).label("sort"),
            func.sum(both.c.amount).label("amount"),
        )
        .join(Employer, Employer.id == both.c.employer_id)
        .group_by(*each)
        .cte("paid")
    )

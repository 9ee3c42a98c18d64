"""Work experience: people and days, confirmed by the employer or not yet."""

from typing import Any

from sqlalchemy import CTE, case, func, literal, select

from ayumi.employers.model import Employer
from ayumi.placements.model import DayStatus, ExperienceDay
from ayumi.reports.measures.measure import Measure, per_person
from ayumi.reports.scope import Blank

CONFIRMED, OPEN = "experience", "experience_open"
COUNTED = (DayStatus.CONFIRMED, DayStatus.RECORDED, DayStatus.DISPUTED)


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of work experience."""
    held = _held(scope)
    return [each for name in (CONFIRMED, OPEN) for each in _measures(held, name)]


def _held(scope: Blank) -> CTE:
    """The days of each person with each employer, those that are confirmed and those that are not."""
    name = case((ExperienceDay.status == DayStatus.CONFIRMED, literal(CONFIRMED)), else_=literal(OPEN)).label("name")
    days = (
        select(ExperienceDay.participant_id, ExperienceDay.employer_id, name, func.count().label("days"))
        .where(ExperienceDay.status.in_(COUNTED), ExperienceDay.held_on.between(scope.first, scope.last))
        .group_by(ExperienceDay.participant_id, ExperienceDay.employer_id, name)
        .subquery()
    )
    order = func.concat(Employer.kana, Employer.name).label("sort")
    named = select(days, Employer.name.label("label"), order)
    return named.join(Employer, Employer.id == days.c.employer_id).cte("held")


def _measures(held: CTE, name: str) -> list[Measure]:
    who, days, of_name = held.c.participant_id, held.c.days, held.c.name == name
    of_employer: dict[str, Any] = {"by": held.c.employer_id, "label": held.c.label, "sort": held.c.sort}
    return [
        Measure(f"{name}_people", per_person(who).where(of_name).group_by(who)),
        Measure(f"{name}_days", per_person(who, count=func.sum(days)).where(of_name).group_by(who)),
        Measure(f"{name}_people_by_employer", per_person(who, **of_employer).where(of_name)),
        Measure(f"{name}_days_by_employer", per_person(who, **of_employer, count=days).where(of_name)),
    ]

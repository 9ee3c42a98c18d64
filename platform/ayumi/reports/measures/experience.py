"""Work experience: people and days, confirmed by the employer or not yet."""

from typing import Any

from sqlalchemy import func

from ayumi.employers.model import Employer
from ayumi.placements.model import DayStatus, ExperienceDay
from ayumi.reports.measures.measure import Measure, Rows, per_person
from ayumi.reports.scope import Blank

CONFIRMED = (DayStatus.CONFIRMED,)
OPEN = (DayStatus.RECORDED, DayStatus.DISPUTED)


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of work experience."""
    return [*_measures(scope, "experience", CONFIRMED), *_measures(scope, "experience_open", OPEN)]


def _measures(scope: Blank, name: str, statuses: tuple[DayStatus, ...]) -> list[Measure]:
    return [
        Measure(f"{name}_people", _in_all(scope, statuses, 1)),
        Measure(f"{name}_days", _in_all(scope, statuses, func.count())),
        Measure(f"{name}_people_by_employer", _by_employer(scope, statuses, 1)),
        Measure(f"{name}_days_by_employer", _by_employer(scope, statuses, func.count())),
    ]


def _in_all(scope: Blank, statuses: tuple[DayStatus, ...], count: Any) -> Rows:
    query = per_person(ExperienceDay.participant_id, count=count).where(*_of_month(scope, statuses))
    return query.group_by(ExperienceDay.participant_id)


def _by_employer(scope: Blank, statuses: tuple[DayStatus, ...], count: Any) -> Rows:
    employer = ExperienceDay.employer_id
    order = func.concat(func.max(Employer.kana), func.max(Employer.name))
    return (
        per_person(ExperienceDay.participant_id, by=employer, label=func.max(Employer.name), sort=order, count=count)
        .join(Employer, Employer.id == employer)
        .where(*_of_month(scope, statuses))
        .group_by(ExperienceDay.participant_id, employer)
    )


def _of_month(scope: Blank, statuses: tuple[DayStatus, ...]) -> list[Any]:
    held_on = ExperienceDay.held_on.between(scope.first, scope.last)
    return [ExperienceDay.status.in_(statuses), held_on]

"""What a list of people says about each one's weeks: scalars that stand beside a person's row."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from ayumi.records.model import Concern, WeeklyRecord


def last_week(participant_id: Any) -> ScalarSelect[Any]:
    """The Monday of the newest week that was ever handed in."""
    return (
        select(func.max(WeeklyRecord.week_start))
        .where(WeeklyRecord.participant_id == participant_id, WeeklyRecord.first_submitted_at.is_not(None))
        .scalar_subquery()
    )


def concerns(participant_id: Any) -> ScalarSelect[Any]:
    """How many concerns nobody has acknowledged."""
    return (
        select(func.count(Concern.id))
        .where(Concern.participant_id == participant_id, Concern.acknowledged_at.is_(None))
        .scalar_subquery()
    )

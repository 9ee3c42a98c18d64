"""What a list of people says about each one's goal: a scalar that stands beside a person's row."""

from typing import Any

from sqlalchemy import ScalarSelect, select

from ayumi.plans.model import Goal
from ayumi.selection.model import Enrolment, EnrolmentStatus


def goal(participant_id: Any) -> ScalarSelect[Any]:
    """The goal of the running enrolment in the person's words."""
    return (
        select(Goal.text)
        .join(Enrolment, Enrolment.id == Goal.enrolment_id)
        .where(Goal.participant_id == participant_id, Goal.is_current, Enrolment.status != EnrolmentStatus.ENDED)
        .limit(1)
        .scalar_subquery()
    )

"""Find the goals agreed with people."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.plans.model import Goal
from ayumi.selection.model import Enrolment, EnrolmentStatus

COLUMNS = (
    Goal.id,
    Goal.enrolment_id,
    Goal.participant_id,
    Goal.version,
    Goal.is_current,
    Goal.kind,
    Goal.text,
    Goal.agreed_on,
    Goal.review_on,
    Goal.reason,
    Goal.entered_by,
    Goal.entered_at,
)


def current(enrolment_id: UUID, *, lock: bool = False) -> Goal | None:
    """Return the goal of an enrolment as it stands."""
    query = select(Goal).where(Goal.enrolment_id == enrolment_id, Goal.is_current)
    return db.session.scalar(query.with_for_update() if lock else query)


def versions(enrolment_id: UUID) -> Rows:
    """Return all versions of an enrolment's goal, newest first."""
    return db.session.execute(
        select(*COLUMNS).where(Goal.enrolment_id == enrolment_id).order_by(Goal.version.desc())
    ).all()


def goals_of(participant_id: UUID) -> Rows:
    """Return every version of every goal of somebody, newest first.

    Say ``participants.queries.one`` before: this looks at nobody's restriction.
    """
    return db.session.execute(
        select(*COLUMNS).where(Goal.participant_id == participant_id).order_by(Goal.entered_at.desc())
    ).all()


def current_goals(participant_ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return participant -> the goal of the running enrolment, for those who have one."""
    if not participant_ids:
        return {}
    rows = db.session.execute(
        select(*COLUMNS)
        .join(Enrolment, Enrolment.id == Goal.enrolment_id)
        .where(Goal.participant_id.in_(participant_ids), Goal.is_current, Enrolment.status != EnrolmentStatus.ENDED)
    ).all()
    return {goal.participant_id: goal for goal in rows}


def to_review(limit: int | None = None, *, within_days: int = 0, membership_id: UUID | None = None) -> Rows:
    """Return the goals of people in support that are due to be looked at again, the longest due first.

    Each: goal_id, enrolment_id, participant_id, family_name, given_name, family_kana, given_kana, caseworker_id,
    text, kind, review_on and ``total`` of all. ``membership_id``: only this caseworker's people.
    """
    query = (
        select(
            Goal.id.label("goal_id"),
            Goal.enrolment_id,
            Participant.id.label("participant_id"),
            Participant.family_name,
            Participant.given_name,
            Participant.family_kana,
            Participant.given_kana,
            Participant.caseworker_id,
            Goal.text,
            Goal.kind,
            Goal.review_on,
            func.count().over().label("total"),
        )
        .join(Enrolment, Enrolment.id == Goal.enrolment_id)
        .join(Participant, Participant.id == Goal.participant_id)
        .where(
            participants.visible(),
            Goal.is_current,
            Enrolment.status != EnrolmentStatus.ENDED,
            Goal.review_on <= clock.today() + timedelta(days=within_days),
        )
        .order_by(Goal.review_on, Participant.kana_key)
        .limit(limit)
    )
    if membership_id is not None:
        query = query.where(Participant.caseworker_id == membership_id)
    return db.session.execute(query).all()

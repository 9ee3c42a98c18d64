"""Agree on a goal, and change it with a reason."""

from datetime import date
from uuid import UUID

from ayumi.kernel import clock, journal
from ayumi.kernel.db import add, db, here
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.plans import queries
from ayumi.plans.model import Goal, GoalKind
from ayumi.selection.model import Enrolment, EnrolmentStatus


class GoalChanged(Conflict):
    """Somebody else has changed the goal since the page was opened."""

    message = _("Somebody else has changed this goal in the meantime. Please look at it again.")


class SupportOver(Conflict):
    """A goal ends with its enrolment."""

    message = _("This support has ended, so its goal is no longer changed.")


def agree(
    enrolment: Enrolment, *, id: UUID, kind: GoalKind, text: str, agreed_on: date, review_on: date | None
) -> Goal:
    """Write down the goal agreed at the start."""
    return _write(enrolment, id, 1, kind, text, agreed_on, review_on, None)


def change(
    enrolment: Enrolment,
    *,
    id: UUID,
    version: int,
    kind: GoalKind,
    text: str,
    reason: str,
    agreed_on: date,
    review_on: date | None = None,
) -> Goal:
    """Put a new version in the goal's place and say why. ``version``: the one that was looked at."""
    made = db.session.get(Goal, (enrolment.tenant_id, id))
    if made is not None:
        return made
    if enrolment.status is EnrolmentStatus.ENDED:
        raise SupportOver
    before = queries.current(enrolment.id, lock=True)
    if version != (before.version if before else 0):
        raise GoalChanged
    if before is not None:
        before.is_current = False
        db.session.flush()
    goal = _write(enrolment, id, version + 1, kind, text, agreed_on, review_on, reason)
    journal.note(goal, "changed", why=reason)
    return goal


def _write(
    enrolment: Enrolment,
    id: UUID,
    version: int,
    kind: GoalKind,
    text: str,
    agreed_on: date,
    review_on: date | None,
    reason: str | None,
) -> Goal:
    _check(agreed_on, review_on)
    return add(
        Goal(
            id=id,
            enrolment_id=enrolment.id,
            participant_id=enrolment.participant_id,
            version=version,
            is_current=True,
            kind=kind,
            text=text,
            agreed_on=agreed_on,
            review_on=review_on,
            reason=reason,
            firm_id=enrolment.firm_id,
            entered_by=here().membership_id,
            entered_at=clock.now(),
        )
    )


def _check(agreed_on: date, review_on: date | None) -> None:
    if agreed_on > clock.today():
        raise Invalid(fields={"agreed_on": _("A goal cannot be agreed in the future.")})
    if review_on is not None and review_on <= agreed_on:
        raise Invalid(fields={"review_on": _("Please choose a day after the one it was agreed on.")})

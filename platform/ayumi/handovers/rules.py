"""Hand a firm's people over to the next firm: all that were seen, in one transaction, or nobody."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from ayumi.contracts import queries as contracts
from ayumi.contracts.queries import Access
from ayumi.handovers import queries
from ayumi.handovers.model import HandOver
from ayumi.handovers.queries import Plan, supported_by, unfinished
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock, journal
from ayumi.kernel.db import add, db, here, tenant
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.participants import rules as people
from ayumi.participants.model import Participant
from ayumi.participants.queries import visible
from ayumi.placements.model import Placement
from ayumi.placements.rules import OPEN
from ayumi.records.model import WeeklyRecord

LONGEST_BACK = timedelta(days=31)


class ChangedSincePreview(Conflict):
    """What would be handed over is not what was shown."""

    message = _("Something has changed since the preview was made. Nobody was handed over. Please look at it again.")


def hand_over(
    *,
    id: UUID,
    seen: str,
    from_firm_id: UUID,
    to_firm_id: UUID,
    starts_on: date,
    why: str,
    supporter_id: UUID | None = None,
) -> HandOver:
    """Hand over everybody of the plan whose stamp was ``seen``. The same ``id`` again returns what was done.

    Sight of the firm before closes with it. The next firm sees whoever has agreed to that, the others once they do.
    """
    made = db.session.get(HandOver, (tenant(), id))
    if made is not None:
        return made
    check(from_firm_id, to_firm_id, starts_on)
    if starts_on > clock.today():
        raise Invalid(fields={"starts_on": _("This day has not come yet. Until then this page shows a preview only.")})
    persons = _held(from_firm_id)
    plan = queries.plan(from_firm_id, to_firm_id, starts_on)
    if plan.stamp != seen:
        raise ChangedSincePreview
    if not persons:
        raise Invalid(_("This firm supports nobody whom you could hand over."))
    for person in persons:
        _give(person, to_firm_id, supporter_id, why)
    _take_along(plan, [person.id for person in persons])
    return _write_down(plan, id, why)


def check(from_firm_id: UUID, to_firm_id: UUID, starts_on: date) -> None:
    """Refuse firms and days between which nobody can be handed over."""
    if from_firm_id == to_firm_id:
        raise Invalid(fields={"to_firm_id": _("Please choose two different firms.")})
    for day in {starts_on, max(starts_on, clock.today())}:
        access, _until = contracts.access(to_firm_id, day)
        if access is not Access.OPEN:
            raise Invalid(fields={"to_firm_id": _("This firm has no contract on that day.")})
    if starts_on < clock.today() - LONGEST_BACK:
        raise Invalid(fields={"starts_on": _("This day lies more than a month back.")})


def _held(firm_id: UUID) -> Sequence[Participant]:
    """The people concerned, held until the end of the transaction."""
    query = select(Participant).where(supported_by(firm_id), visible()).order_by(Participant.id)
    return db.session.scalars(query.with_for_update(of=Participant).execution_options(populate_existing=True)).all()


def _give(person: Participant, firm_id: UUID, supporter_id: UUID | None, why: str) -> None:
    people.assign(
        person,
        edition=person.edition,
        caseworker_id=person.caseworker_id,
        delivery_firm_id=firm_id,
        supporter_ids=[supporter_id] if supporter_id else [],
        why=why,
        action="handed_over",
    )


def _take_along(plan: Plan, ids: Sequence[UUID]) -> None:
    """Weeks from the first day's on and open placements go along. What was before, the office finishes."""
    weeks = (
        WeeklyRecord.participant_id.in_(ids),
        unfinished(plan.from_firm_id),
        WeeklyRecord.week_start >= week_start(plan.starts_on),
    )
    _pass_on(WeeklyRecord, plan.to_firm_id, *weeks)
    open_ones = (Placement.participant_id.in_(ids), Placement.status.in_(OPEN))
    for placement in db.session.scalars(select(Placement).where(*open_ones)):
        change = {"delivery_firm_id": [str(placement.delivery_firm_id or ""), str(plan.to_firm_id)]}
        journal.note(placement, "handed_over", changes=change, for_firm=False)
    _pass_on(Placement, plan.to_firm_id, *open_ones)


def _pass_on(rows: Any, firm_id: UUID, *whose: Any) -> None:
    db.session.flush()
    statement = update(rows).where(*whose).values(delivery_firm_id=firm_id, edition=rows.edition + 1)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    for row in (each for each in db.session() if isinstance(each, rows)):
        db.session.expire(row)


def _write_down(plan: Plan, id: UUID, why: str) -> HandOver:
    decided_by = here().membership_id
    assert decided_by is not None
    made = add(
        HandOver(
            id=id,
            from_firm_id=plan.from_firm_id,
            to_firm_id=plan.to_firm_id,
            starts_on=plan.starts_on,
            why=why,
            people=len(plan.people),
            unseen=plan.unseen,
            decided_by=decided_by,
            decided_at=clock.now(),
        )
    )
    journal.note(made, "handed_over", why=why)
    return made

"""The life of a disposal list: drafted by one person, approved by another, carried out by the platform."""

import hashlib
import json
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, update

from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, add_all, db, here, one, tenant
from ayumi.kernel.editions import unchanged
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.outbox import promise
from ayumi.kernel.words import _
from ayumi.retention.due import Due, due
from ayumi.retention.model import DISPOSAL_TRANSITIONS, Artefact, Disposal, DisposalItem, DisposalStatus

OPEN = (DisposalStatus.DRAFTED, DisposalStatus.HANDED_IN, DisposalStatus.APPROVED)

NOT_YET = _("This day lies ahead: nothing can be due on it.")
NOTHING_DUE = _("Nothing is due on this day that is not on another list already.")


class TwoPeople(Refused):
    """Whoever drafted a list does not approve it."""

    message = _("You drafted this list, so somebody else has to approve it.")


class NotDrafted(Conflict):
    """It has been handed in."""

    message = _("This list has been handed in and is no longer changed.")


class NothingLeft(Conflict):
    """Everything on it is kept back."""

    message = _("Everything on this list is kept back. Please give it up instead.")


class CaseHasParts(Conflict):
    """A case cannot go before its parts."""

    message = _("A part of this case is kept back, so the case stays, too.")


def draft(due_on: date, *, id: UUID) -> Disposal:
    """Draft a list of everything that may go on a day. The same form sent twice drafts it once."""
    found = db.session.get(Disposal, (tenant(), id))
    if found is not None:
        return found
    if due_on > clock.today():
        raise Invalid(fields={"due_on": NOT_YET})
    _one_draft_at_a_time()
    listed = {(row.artefact, row.subject_id) for row in db.session.execute(_listed())}
    items = [each for each in due(db.session(), due_on) if (each.artefact, each.subject_id) not in listed]
    if not items:
        raise Invalid(fields={"due_on": NOTHING_DUE})
    disposal = add(
        Disposal(
            id=id, due_on=due_on, status=DisposalStatus.DRAFTED, drafted_by=here().membership_id,
            drafted_at=clock.now(),
        )
    )  # fmt: skip
    add_all([_item(disposal, each) for each in items])
    journal.note(disposal, "drafted", after=disposal.status.value, changes={"items": [None, len(items)]})
    return disposal


def _one_draft_at_a_time() -> None:
    """Two people drafting at the same moment must not both list the same."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"disposals:{tenant()}", 0))))


def _listed() -> Select[Artefact, UUID]:
    return (
        select(DisposalItem.artefact, DisposalItem.subject_id)
        .join(Disposal, Disposal.id == DisposalItem.disposal_id)
        .where(Disposal.status.in_(OPEN))
    )


def _item(disposal: Disposal, each: Due) -> DisposalItem:
    return DisposalItem(
        disposal_id=disposal.id,
        artefact=each.artefact,
        subject=each.subject,
        subject_id=each.subject_id,
        completed_on=each.completed_on,
        due_on=each.due_on,
    )


def keep_back(item_id: UUID, *, why: str) -> DisposalItem:
    """Take one thing off the list, with a reason. A case stays as long as a part of it stays."""
    item = _changeable(item_id)
    for each in [item, *_case_of(item)]:
        each.is_kept_back, each.kept_back_why = True, why
        journal.note(each, "kept_back", why=why)
    return item


def put_back(item_id: UUID) -> DisposalItem:
    """Put a thing on the list again."""
    item = _changeable(item_id)
    if item.artefact is Artefact.CASE and any(part.is_kept_back for part in _siblings(item)):
        raise CaseHasParts
    item.is_kept_back, item.kept_back_why = False, None
    journal.note(item, "put_back")
    return item


def _changeable(item_id: UUID) -> DisposalItem:
    item = one(DisposalItem, item_id)
    if one(Disposal, item.disposal_id, lock=True).status is not DisposalStatus.DRAFTED:
        raise NotDrafted
    return one(DisposalItem, item_id, lock=True)


def _case_of(item: DisposalItem) -> list[DisposalItem]:
    return [each for each in _siblings(item) if each.artefact is Artefact.CASE and not each.is_kept_back]


def _siblings(item: DisposalItem) -> list[DisposalItem]:
    query = select(DisposalItem).where(
        DisposalItem.disposal_id == item.disposal_id,
        DisposalItem.subject_id == item.subject_id,
        DisposalItem.id != item.id,
    )
    return list(db.session.scalars(query))


def hand_in(disposal_id: UUID, *, edition: int) -> Disposal:
    """Hand a list in for approval."""
    disposal = _seen(disposal_id, edition)
    if not _left(disposal_id):
        raise NothingLeft
    disposal.handed_in_at = clock.now()
    states.change(disposal, DisposalStatus.HANDED_IN, table=DISPOSAL_TRANSITIONS, action="handed_in")
    return disposal


def approve(disposal_id: UUID, *, edition: int) -> Disposal:
    """Approve a list that somebody else has drafted; from here on the platform carries it out."""
    disposal = _seen(disposal_id, edition)
    if disposal.drafted_by == here().membership_id:
        raise TwoPeople
    disposal.approved_by, disposal.approved_at = here().membership_id, clock.now()
    states.change(disposal, DisposalStatus.APPROVED, table=DISPOSAL_TRANSITIONS, action="approved")
    journal.note(disposal, "sealed", changes={"digest": [None, digest(disposal_id)]})
    promise("disposal", once=f"disposal:{disposal.id}", disposal_id=disposal.id)
    return disposal


def give_up(disposal_id: UUID, *, edition: int) -> Disposal:
    """Give a list up; what stood on it can stand on the next."""
    disposal = _seen(disposal_id, edition)
    states.change(disposal, DisposalStatus.GIVEN_UP, table=DISPOSAL_TRANSITIONS, action="given_up")
    db.session.execute(
        update(DisposalItem).where(DisposalItem.disposal_id == disposal_id).values(kept_back_why=None),
        execution_options={"synchronize_session": False},
    )
    return disposal


def _seen(disposal_id: UUID, edition: int) -> Disposal:
    disposal = one(Disposal, disposal_id, lock=True)
    unchanged(disposal, edition)
    return disposal


def _left(disposal_id: UUID) -> int:
    query = select(func.count()).select_from(DisposalItem)
    query = query.where(DisposalItem.disposal_id == disposal_id, DisposalItem.is_kept_back.is_(False))
    return db.session.scalar(query) or 0


def digest(disposal_id: UUID) -> str:
    """Return the sha-256 over a list: kinds, numbers and days of everything that stands on it."""
    rows = db.session.execute(
        select(DisposalItem.artefact, DisposalItem.subject_id, DisposalItem.completed_on, DisposalItem.due_on)
        .where(DisposalItem.disposal_id == disposal_id)
        .order_by(DisposalItem.artefact, DisposalItem.subject_id)
    ).all()
    said = [[row.artefact.value, str(row.subject_id), str(row.completed_on), str(row.due_on)] for row in rows]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()

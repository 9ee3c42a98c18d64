"""Legal holds: while one is in force nothing of that person is disposed of."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from ayumi.accounts.model import Membership
from ayumi.kernel import clock, journal
from ayumi.kernel.db import Rows, add, db, here, one
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.retention.model import LegalHold

NOBODY_OF_THIS_NUMBER = _("Nobody of this case number is here to see.")


class HeldAlready(Conflict):
    """There is one already."""

    message = _("A legal hold is in force for this person already.")


def in_force(participant_id: object) -> ColumnElement[bool]:
    """Condition that holds for a person (a column or an id) under a hold."""
    return exists().where(LegalHold.participant_id == participant_id, LegalHold.lifted_at.is_(None))


def place(participant_id: UUID, *, why: str, id: UUID) -> LegalHold:
    """Hold somebody's papers. The same form sent twice places it once."""
    found = db.session.get(LegalHold, (participants.one(participant_id).tenant_id, id))
    if found is not None:
        return found
    if of_person(participant_id) is not None:
        raise HeldAlready
    hold = add(
        LegalHold(id=id, participant_id=participant_id, why=why, placed_by=_whoever_is_here(), placed_at=clock.now())
    )
    journal.note(hold, "placed", why=why)
    return hold


def place_by_number(case_number: str, *, why: str, id: UUID) -> LegalHold:
    """Hold the papers of whoever has a case number; raise Invalid beside it when nobody is here to see."""
    query = select(Participant.id).where(Participant.case_number == case_number, participants.visible())
    participant_id = db.session.scalar(query)
    if participant_id is None:
        raise Invalid(fields={"case_number": NOBODY_OF_THIS_NUMBER})
    return place(participant_id, why=why, id=id)


def lift(hold_id: UUID, *, why: str) -> LegalHold:
    """Let go of somebody's papers again, and say why."""
    hold = visible(hold_id)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by, hold.lifted_why = clock.now(), _whoever_is_here(), why
        journal.note(hold, "lifted", why=why)
    return hold


def visible(hold_id: UUID) -> LegalHold:
    """Return a hold on somebody whom whoever is here may see, or raise NotFound."""
    hold = one(LegalHold, hold_id, lock=True)
    if participants.find(hold.participant_id) is None:
        raise NotFound
    return hold


def of_person(participant_id: UUID) -> LegalHold | None:
    """Return the hold in force on somebody."""
    return db.session.scalar(
        select(LegalHold).where(LegalHold.participant_id == participant_id, LegalHold.lifted_at.is_(None))
    )


def every() -> Rows:
    """Return all holds on people whom whoever is here may see: those in force first, then the newest."""
    query = (
        select(
            LegalHold.id,
            LegalHold.participant_id,
            LegalHold.why,
            LegalHold.placed_at,
            LegalHold.lifted_at,
            LegalHold.lifted_why,
            Membership.name.label("placed_by"),
            Participant.case_number,
            Participant.family_name,
            Participant.given_name,
        )
        .join(Participant, Participant.id == LegalHold.participant_id)
        .outerjoin(Membership, Membership.id == LegalHold.placed_by)
        .where(participants.visible())
        .order_by(LegalHold.lifted_at.is_not(None), LegalHold.placed_at.desc())
    )
    return db.session.execute(query).all()


def _whoever_is_here() -> UUID:
    membership_id = here().membership_id
    assert membership_id is not None
    return membership_id

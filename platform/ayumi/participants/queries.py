"""Find people: only those whom whoever is here may see."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, true

from ayumi.kernel.db import db, here
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door
from ayumi.participants.model import NamedStaff, Participant, Supporter


def visible() -> ColumnElement[bool]:
    """Condition that holds for people whom whoever is here may see. Every list and count of people says it.

    A restricted person is seen by their caseworker, by named staff and by their own supporters. A firm is held to
    its own people by the database besides. Jobs see everybody.
    """
    place = here()
    if place.door in (Door.WORKER, Door.OWNER):
        return true()
    me = place.membership_id
    named = exists().where(NamedStaff.participant_id == Participant.id, NamedStaff.membership_id == me)
    supports = exists().where(Supporter.participant_id == Participant.id, Supporter.membership_id == me)
    own = supports if place.door is Door.FIRM else or_(Participant.caseworker_id == me, named, supports)
    return or_(Participant.is_restricted.is_(False), own)


def one(participant_id: UUID, *, lock: bool = False) -> Participant:
    """Return this person, or raise NotFound when there is nobody here to see."""
    query = select(Participant).where(Participant.id == participant_id, visible())
    found = db.session.scalar(query.with_for_update(of=Participant) if lock else query)
    if found is None:
        raise NotFound
    return found

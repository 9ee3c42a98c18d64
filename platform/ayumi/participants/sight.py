"""Who is at a person's side, and who may see them by the rule of visibility: for the page that tells of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import array

from ayumi.accounts.model import Membership, Party
from ayumi.firms.model import Firm
from ayumi.kernel.db import Rows, db
from ayumi.kernel.errors import NotFound
from ayumi.kernel.journal import Entry
from ayumi.participants.model import NamedStaff, Participant, Supporter
from ayumi.participants.queries import looked_at, visible, visible_to

AT_SIDE = ("caseworker_id", "supporter_ids", "staff_ids")


def of(participant_id: UUID) -> Any:
    """Return (id, case_number, family_name, given_name, caseworker_id, firm_id, firm_until, is_restricted) of a person.

    NotFound when they are not to be seen here.
    """
    found = db.session.execute(
        select(
            Participant.id,
            Participant.case_number,
            Participant.family_name,
            Participant.given_name,
            Participant.caseworker_id,
            Participant.firm_id,
            Participant.firm_until,
            Participant.is_restricted,
        ).where(Participant.id == participant_id, visible())
    ).one_or_none()
    if found is None:
        raise NotFound
    looked_at(participant_id)
    return found


def members(participant_id: UUID) -> Rows:
    """Return everybody who has or had a place with the municipality or a firm, and what holds between them and a
    person: ``staff_sees`` and ``firm_sees`` by the rule of visibility, ``is_supporter``, ``is_named``.
    """
    supports = exists().where(Supporter.participant_id == Participant.id, Supporter.membership_id == Membership.id)
    named = exists().where(NamedStaff.participant_id == Participant.id, NamedStaff.membership_id == Membership.id)
    query = (
        select(
            Membership.id,
            Membership.name,
            Membership.party,
            Membership.roles,
            Membership.firm_id,
            Membership.starts_on,
            Membership.ends_on,
            Firm.name.label("firm"),
            visible_to(Membership.id).label("staff_sees"),
            visible_to(Membership.id, firm=True).label("firm_sees"),
            supports.label("is_supporter"),
            named.label("is_named"),
        )
        .select_from(Membership)
        .join(Participant, Participant.id == participant_id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .where(Membership.party != Party.EMPLOYER)
        .order_by(Membership.party.desc(), Membership.kana, Membership.name)
    )
    return db.session.execute(query).all()


def taken_away(participant_id: UUID, since: datetime) -> dict[UUID, tuple[str, datetime]]:
    """Return membership id -> (as what, when) of those who were taken from a person's side since then."""
    changed = (Entry.subject_id == participant_id, Entry.at >= since, Entry.changes.is_not(None))
    query = select(Entry.changes, Entry.at).where(*changed, Entry.changes.has_any(array(AT_SIDE))).order_by(Entry.seq)
    found: dict[UUID, tuple[str, datetime]] = {}
    for row in db.session.execute(query):
        for name in AT_SIDE:
            before, after = (_ids(side) for side in row.changes.get(name, (None, None)))
            found |= {id: (name, row.at) for id in before - after}
    return found


def _ids(value: Any) -> set[UUID]:
    several = value if isinstance(value, list) else [value]
    return {UUID(each) for each in several if each}

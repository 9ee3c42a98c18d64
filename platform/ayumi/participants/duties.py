"""For whom somebody who works here is responsible, and who could take it over.

A duty goes on and must be somebody's. Whatever else names a member says who did something once, and stays for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import Select, func, literal, not_, select, union_all

from ayumi.accounts.model import Party
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.tenancy import Door
from ayumi.participants import queries, staff
from ayumi.participants.model import NamedStaff, Participant, Supporter


class Duty(StrEnum):
    """What somebody can be for a person."""

    CASEWORKER = "caseworker"
    SUPPORTER = "supporter"
    NAMED = "named"


DUTIES = {
    "participant.caseworker_id": Duty.CASEWORKER,
    "participant_supporter.membership_id": Duty.SUPPORTER,
    "participant_named_staff.membership_id": Duty.NAMED,
}


@dataclass(frozen=True, slots=True)
class Held:
    """One duty: of which kind, for whom."""

    duty: Duty
    participant_id: UUID
    family_name: str
    given_name: str
    case_number: str
    is_restricted: bool


def of(membership_id: UUID) -> list[Held]:
    """Return the duties of a member as far as whoever is here may see the people, by kana."""
    return _read(membership_id, queries.visible())


def unseen(membership_id: UUID) -> list[Held]:
    """Return the duties of a member towards people whom whoever is here may not see. Shown to nobody, not even
    their number: it is for handing them on.
    """
    return _read(membership_id, not_(queries.visible()))


def _read(membership_id: UUID, condition: Any) -> list[Held]:
    held = _all().subquery()
    query = (
        select(
            held.c.duty,
            Participant.id,
            Participant.family_name,
            Participant.given_name,
            Participant.case_number,
            Participant.is_restricted,
        )
        .join(Participant, Participant.id == held.c.participant_id)
        .where(held.c.membership_id == membership_id, condition)
        .order_by(held.c.duty, Participant.kana_key, Participant.id)
    )
    return [Held(Duty(row[0]), *row[1:]) for row in db.session.execute(query)]


def counted() -> Any:
    """A sub-query: membership_id, and for how many visible people (people) that member is responsible."""
    held = _all().subquery()
    return (
        select(held.c.membership_id, func.count(held.c.participant_id.distinct()).label("people"))
        .join(Participant, Participant.id == held.c.participant_id)
        .where(queries.visible())
        .group_by(held.c.membership_id)
        .subquery()
    )


def _all() -> Any:
    parts: list[Select[*tuple[Any, ...]]] = [
        select(
            literal(Duty.SUPPORTER.value).label("duty"),
            Supporter.participant_id.label("participant_id"),
            Supporter.membership_id.label("membership_id"),
        )
    ]
    if here().door is not Door.FIRM:  # these are the municipality's own affair
        parts += [
            select(literal(Duty.CASEWORKER.value), Participant.id, Participant.caseworker_id).where(
                Participant.caseworker_id.is_not(None)
            ),
            select(literal(Duty.NAMED.value), NamedStaff.participant_id, NamedStaff.membership_id),
        ]
    return union_all(*parts)


def edition_of(held: Sequence[Held]) -> int:
    """Return a number that changes when what is to be handed over changes."""
    said = sorted((each.duty.value, str(each.participant_id)) for each in held)
    return crc32(repr(said).encode()) & 0x3FFFFFFF


def successors(duty: Duty, leaver: Any) -> Rows:
    """Return who can take over one kind of duty: id, name, kana, roles, firm_id."""
    found = {
        Duty.CASEWORKER: staff.caseworkers,
        Duty.SUPPORTER: lambda: staff.supporters_for(leaver.firm_id),
        Duty.NAMED: staff.nameable,
    }[duty]()
    return [row for row in found if row.id != leaver.id]


def keepers(leaver: Any) -> Rows:
    """Return who can be given what whoever hands over may not see: those who lead, in a firm its managers."""
    if leaver.party is Party.FIRM:
        found = staff.with_roles(Party.FIRM, staff.FIRM_LEADING, firm_id=leaver.firm_id)
    else:
        found = staff.with_roles(Party.STAFF, staff.LEADING)
    return [row for row in found if row.id != leaver.id]


def roles_needed(held: Sequence[Held], *, party: Party) -> list[tuple[Duty, frozenset[str]]]:
    """Return for each kind of duty somebody has the roles of which they need one to keep it."""
    support = staff.FIRM_SUPPORT if party is Party.FIRM else staff.OWN_SUPPORT
    needed = {Duty.CASEWORKER: staff.CASEWORK, Duty.SUPPORTER: support, Duty.NAMED: staff.SEEING}
    return [(duty, frozenset(role.value for role in needed[duty])) for duty in {each.duty for each in held}]

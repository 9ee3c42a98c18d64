"""The list of people who work here: who they are, how they come in, what there is to look after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ayumi.accounts.model import Role
from ayumi.invitations import members
from ayumi.invitations.members import Coming
from ayumi.kernel.words import _
from ayumi.participants import duties


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list."""

    member: Any
    coming: Coming
    people: int

    @property
    def is_over(self) -> bool:
        """Whether their place has ended."""
        return members.is_over(self.member)

    @property
    def is_leaving(self) -> bool:
        """Whether their place ends soon."""
        return members.is_leaving(self.member)

    @property
    def roles(self) -> list[Role]:
        """What they do, in the order of roles."""
        return [role for role in Role if role.value in self.member.roles]


Sifting = Callable[[Person], bool]
SIFTED: dict[str, tuple[str, Sifting]] = {
    "": (_("Everybody"), lambda each: True),
    "leaving": (_("Leaving within 60 days"), lambda each: each.is_leaving),
    "never": (_("Never logged in"), lambda each: each.coming.seen_at is None),
    "factor": (_("Without a second factor"), lambda each: not each.coming.has_factor),
    "pledge": (_("Without a pledge"), lambda each: each.member.pledged_on is None),
    "left": (_("Gone within a year"), lambda each: True),
}


def people(show: str) -> list[Person]:
    """Return the lines that are asked for."""
    rows = members.every(left=show == "left", held=duties.counted())
    coming = members.coming([row.account_id for row in rows])
    found = [Person(row, coming.get(row.account_id, Coming()), row.people) for row in rows]
    return [each for each in found if SIFTED[show][1](each)]


def by_place(found: Sequence[Person]) -> list[tuple[UUID | None, str | None, list[Person]]]:
    """Return (firm id, name of the firm, its people), own staff first."""
    places: dict[UUID | None, list[Person]] = {}
    for each in found:
        places.setdefault(each.member.firm_id, []).append(each)
    return [(firm_id, rows[0].member.firm_name, rows) for firm_id, rows in places.items()]

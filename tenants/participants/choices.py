"""What can be chosen for a person: caseworkers, firms under contract, supporters, staff to be named."""

from typing import Any
from uuid import UUID

from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.contracts import queries as contracts
from ayumi.firms import queries as firms
from ayumi.kernel import clock
from ayumi.municipalities import queries as municipalities
from ayumi.participants import fields, staff
from ayumi.participants.labels import BARRIERS
from ayumi.participants.schemas import OWN
from ayumi.web.visit import Visit

Pair = tuple[str, str]


def caseworkers(before: UUID | None = None, name: str = "") -> list[Pair]:
    """Return the caseworkers, and whoever it was so far."""
    found = [(str(row.id), row.name) for row in staff.caseworkers()]
    if before and str(before) not in dict(found):
        found.append((str(before), gettext("%(name)s (no longer here)", name=name)))
    return [("", gettext("Not decided yet")), *found]


def places(before: UUID | None = None) -> list[Pair]:
    """Return who can support: own staff, and firms under contract today; and the firm it was so far."""
    found = {str(row.id): row.name for row in contracts.firms_in_force(clock.today())}
    if before and str(before) not in found:
        name = firms.names_of([before]).get(before, "")
        found[str(before)] = gettext("%(name)s (contract over)", name=name)
    return [(OWN, gettext("Own staff")), *found.items()]


def barriers() -> dict[str, list[Pair]]:
    """Return what may stand in somebody's way, as far as whoever writes may see it."""
    return {"barriers": [(word.value, BARRIERS[word]) for word in fields.words()]}


def of_new() -> dict[str, list[Pair]]:
    """Return what can be chosen for a new person."""
    return {"caseworker_id": caseworkers(), "delivery_firm_id": places()}


def first_guess(visit: Visit) -> dict[str, Any]:
    """Return what is most likely for a new person: oneself as caseworker, the one place that supports."""
    mine = str(visit.membership_id)
    firms_here = [id for id, _name in places() if id != OWN]
    delivery = municipalities.programme().delivery
    guess = {"direct": OWN, "contracted": firms_here[0] if len(firms_here) == 1 else ""}.get(delivery.value, "")
    return {"caseworker_id": mine if mine in dict(caseworkers()) else "", "delivery_firm_id": guess}


def supporters(place: str) -> list[Pair]:
    """Return who can support at one place."""
    firm_id = None if place in ("", OWN) else UUID(place)
    return [(str(row.id), row.name) for row in staff.supporters_for(firm_id)]


def nameable() -> list[Pair]:
    """Return who can be named for a restricted person."""
    return [(str(row.id), _with_roles(row)) for row in staff.nameable()]


def _with_roles(row: Any) -> str:
    roles = "・".join(gettext(word) for role, word in ROLES.items() if role.value in row.roles)
    return str(gettext("%(name)s (%(roles)s)", name=row.name, roles=roles))

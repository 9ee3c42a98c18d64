"""Who may do what, and see what: permission or group of fields -> any of these (each a list of predicates that must
all hold).

A view carries the name of its permission (``@needs("people.read")``); a view without one opens for nobody.
What one may see *within* a permission (own caseload, restricted people) is said by the queries. A page about people
shows of each only the groups of fields that its reader holds; which fields those are stands in participants/fields.py.
A view that gives out personal data or decides about money also carries ``@asks_again`` (see step_up.py).
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from ayumi.accounts.model import Party, Role
from ayumi.web.visit import Belonging, Visit, Visitor

Predicate = Callable[[Visit], bool]


def role(*roles: Role) -> Predicate:
    """Holds for staff, firm or employer people with one of these roles."""

    def holds(visit: Visit) -> bool:
        return bool(set(roles) & visit.roles)

    return holds


def staff(visit: Visit) -> bool:
    """Holds in the municipality's own console."""
    return visit.party is Party.STAFF


def firm(visit: Visit) -> bool:
    """Holds in a firm's portal while its contract, or the tail after it, lasts."""
    return visit.party is Party.FIRM


def employer(visit: Visit) -> bool:
    """Holds on an employer's page."""
    return visit.party is Party.EMPLOYER


def writing(visit: Visit) -> bool:
    """Fails when the contract is over and only reading is left."""
    return visit.may_write


CASEWORK = role(Role.CASEWORKER, Role.SUPERVISING_CASEWORKER, Role.EMPLOYMENT_SUPPORT_WORKER)
LEADING = role(Role.SUPERVISING_CASEWORKER, Role.SECTION_HEAD)
HEAD = role(Role.SECTION_HEAD)
MONEY = role(Role.SECTION_HEAD, Role.FINANCE_OFFICER)
ADMINISTERING = role(Role.ADMINISTRATOR)
SUPPORTING = role(Role.MANAGER, Role.SUPPORTER)
MANAGING = role(Role.MANAGER)
BOOKKEEPING = role(Role.MANAGER, Role.ACCOUNTING)
OWN_SUPPORT = role(Role.EMPLOYMENT_SUPPORT_WORKER, Role.CASEWORKER, Role.SUPERVISING_CASEWORKER)

PERMISSIONS: dict[str, list[list[Predicate]]] = {
    "home": [[staff], [firm], [employer]],
    "people.read": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "people.journal": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "people.write": [[staff, CASEWORK]],
    "people.import": [[staff, CASEWORK], [staff, ADMINISTERING]],
    "people.restrict": [[staff, LEADING]],
    "enrolments.write": [[staff, CASEWORK]],
    "consents.read": [[staff, CASEWORK], [staff, LEADING]],
    "consents.write": [[staff, CASEWORK]],
    "consents.scan": [[staff, CASEWORK]],
    "goals.write": [[staff, CASEWORK]],
    "menus.read": [[staff], [firm]],
    "menus.write": [[staff, LEADING], [staff, ADMINISTERING]],
    "records.read": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "records.write": [[staff, OWN_SUPPORT], [firm, SUPPORTING, writing]],
    "records.decide": [[staff, CASEWORK]],
    "employers.read": [[staff], [firm]],
    "employers.write": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING, writing]],
    "agreements.write": [[staff, CASEWORK], [staff, LEADING]],
    "prices.propose": [[staff, CASEWORK], [staff, MONEY]],
    "prices.approve": [[staff, MONEY]],
    "placements.read": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "placements.write": [[staff, OWN_SUPPORT], [firm, SUPPORTING, writing]],
    "days.write": [[staff, OWN_SUPPORT], [firm, SUPPORTING, writing]],
    "days.confirm_for": [[staff, CASEWORK]],
    "fees.read": [[staff], [firm, BOOKKEEPING]],
    "fees.compile": [[staff, CASEWORK], [firm, BOOKKEEPING, writing]],
    "fees.approve": [[staff, MONEY]],
    "reports.read": [[staff]],
    "reports.people": [[staff, CASEWORK], [staff, LEADING]],
    "reports.compile": [[staff, CASEWORK], [staff, LEADING], [staff, ADMINISTERING]],
    "reports.write": [[staff, LEADING]],
    "contracts.read": [[staff]],
    "contracts.write": [[staff, HEAD], [staff, ADMINISTERING]],
    "access.read": [[staff, HEAD], [staff, ADMINISTERING]],
    "access.write": [[staff, ADMINISTERING]],
    "incidents.report": [[staff]],
    "incidents.manage": [[staff, HEAD], [staff, ADMINISTERING]],
    "handovers.write": [[staff, LEADING], [staff, ADMINISTERING, CASEWORK]],
    "retention.read": [[staff, LEADING], [staff, ADMINISTERING]],
    "retention.write": [[staff, ADMINISTERING]],
    "retention.draft": [[staff, LEADING], [staff, ADMINISTERING]],
    "retention.approve": [[staff, HEAD]],
    "holds.write": [[staff, HEAD], [staff, ADMINISTERING]],
    "holds.write_of_person": [[staff, HEAD]],
    "moving.pack": [[staff, ADMINISTERING]],
    "days.confirm": [[employer]],
    "journal.read": [[staff, ADMINISTERING]],
    "journal.export": [[staff, ADMINISTERING]],
    "people.seen_by": [[staff, ADMINISTERING], [staff, LEADING]],
    "glass.read": [[staff, ADMINISTERING], [staff, HEAD]],
    "glass.decide": [[staff, ADMINISTERING]],
    "glass.end": [[staff, ADMINISTERING], [staff, HEAD]],
    "operator": [],  # nobody's by a place: the hosting console has a guard of its own
    "pledge": [[staff], [firm]],
    "staff.read": [[staff, ADMINISTERING], [staff, HEAD], [firm, MANAGING]],
    "staff.write": [[staff, ADMINISTERING], [firm, MANAGING, writing]],
    "staff.hand_over": [[staff, ADMINISTERING], [staff, HEAD], [firm, MANAGING, writing]],
}


# Groups of fields of a person. Whoever finds none of their roles here sees that somebody is there, and no more: finance
# sees days and yen of a nickname, an administrator roles and contracts, an employer nicknames and days. A firm reads of
# health only while the person has agreed to it, and never of family and history: the database holds that too. Yen are
# no group: they are a matter of an employer and a month, and stand behind employers.read, fees.read and the employer's
# own page.
FIELDS: dict[str, list[list[Predicate]]] = {
    "people.name": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "people.contact": [[staff, CASEWORK], [staff, LEADING], [firm, SUPPORTING]],
    "people.health": [[staff, CASEWORK], [firm, SUPPORTING]],
    "people.family": [[staff, CASEWORK]],
    "people.history": [[staff, CASEWORK]],
    "records.health": [[staff, CASEWORK], [firm, SUPPORTING]],
}

# What an operator may do behind broken glass: look, and nothing else. None of these changes anything.
THROUGH_GLASS = frozenset(
    {"home", "people.read", "consents.read", "menus.read", "records.read", "employers.read", "placements.read",
     "fees.read", "reports.read", "reports.people", "contracts.read"}
)  # fmt: skip


def sees(visit: Visit) -> frozenset[str]:
    """Return the groups of fields that this visitor may see."""
    return frozenset(group for group, ways in FIELDS.items() if _holds(visit, ways))


def _holds(visit: Visit, ways: list[list[Predicate]]) -> bool:
    return any(all(predicate(visit) for predicate in way) for way in ways)


def may(visit: Visit | None, permission: str) -> bool:
    """Tell whether this visitor holds a permission. Raises KeyError for a permission that is not on the map."""
    ways = PERMISSIONS[permission]
    if visit is None or (visit.glass is not None and permission not in THROUGH_GLASS):
        return False
    return _holds(visit, ways)


def needs(permission: str) -> Callable[[Any], Any]:
    """Put a permission on a view as data."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def mark(view: Any) -> Any:
        view.permission = permission
        return view

    return mark


def open_to_all(view: Any) -> Any:
    """Mark a view that needs no login: the login page itself, health, links from mails."""
    view.permission = None
    return view


def of_any_account(view: Any) -> Any:
    """Mark a view for everybody who is logged in, wherever they belong."""
    view.permission = "account"
    return view


def may_as(party: Party, roles: Iterable[Role], permission: str) -> bool:
    """Tell whether somebody of this party with these roles would hold a permission while their place is in force."""
    held = frozenset(roles)
    nobody = Visitor(UUID(int=0), "", "", "ja", False, "")
    place = Belonging(UUID(int=0), 0, "", "", 0, False, party, held, "", None, None, None)
    return may(Visit(nobody, place, roles=held), permission)

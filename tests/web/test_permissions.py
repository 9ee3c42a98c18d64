"""Which roles hold which groups of fields: read off the map, one line a role."""

from types import SimpleNamespace
from typing import Any

import pytest

from ayumi.accounts.model import Party, Role
from ayumi.participants.fields import Group
from ayumi.web import permissions

NAME, CONTACT, NOTES = Group.NAME, Group.CONTACT, Group.HEALTH_NOTES
CASEWORK = set(Group)
FIRM = {NAME, CONTACT, Group.HEALTH, NOTES}
HELD: list[tuple[Party, set[Role], set[Group]]] = [
    (Party.STAFF, {Role.CASEWORKER}, CASEWORK),
    (Party.STAFF, {Role.SUPERVISING_CASEWORKER}, CASEWORK),
    (Party.STAFF, {Role.EMPLOYMENT_SUPPORT_WORKER}, CASEWORK),
    (Party.STAFF, {Role.SECTION_HEAD}, {NAME, CONTACT}),
    (Party.STAFF, {Role.SECTION_HEAD, Role.CASEWORKER}, CASEWORK),
    (Party.STAFF, {Role.FINANCE_OFFICER}, set()),
    (Party.STAFF, {Role.ADMINISTRATOR}, set()),
    (Party.STAFF, {Role.ADMINISTRATOR, Role.FINANCE_OFFICER}, set()),
    (Party.FIRM, {Role.SUPPORTER}, FIRM),
    (Party.FIRM, {Role.MANAGER}, FIRM),
    (Party.FIRM, {Role.ACCOUNTING}, set()),
    (Party.EMPLOYER, {Role.CONTACT}, set()),
    (Party.EMPLOYER, {Role.SUPPORTER}, set()),
    (Party.FIRM, {Role.CASEWORKER}, set()),
]
NAMES = [f"{party}: {', '.join(sorted(roles))}" for party, roles, _groups in HELD]


def somebody(party: Party, roles: set[Role]) -> Any:
    return SimpleNamespace(party=party, roles=roles, may_write=True, glass=None)


@pytest.mark.parametrize(("party", "roles", "groups"), HELD, ids=NAMES)
def test_a_role_holds_the_groups_of_its_work_and_no_other(party: Party, roles: set[Role], groups: set[Group]) -> None:
    assert permissions.sees(somebody(party, roles)) == groups


def test_every_group_of_fields_is_on_the_map_and_the_map_has_no_other() -> None:
    assert set(permissions.FIELDS) == {group.value for group in Group}


@pytest.mark.parametrize(("party", "roles", "groups"), HELD, ids=NAMES)
def test_whoever_may_open_people_sees_their_names(party: Party, roles: set[Role], groups: set[Group]) -> None:
    may_open = permissions.may(somebody(party, roles), "people.read")
    assert may_open == (NAME in groups)

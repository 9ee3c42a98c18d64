"""Every route, every kind of user, another municipality: nothing is seen, nothing is changed.

The routes come from the application's own URL map, what each needs from the table in ``routes.py``: a route that
is not in the table fails, and so does an argument for which the attack has no foreign identifier.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ayumi.accounts.model import ROLES_OF, Role
from ayumi.kernel import ids
from ayumi.web.permissions import PERMISSIONS, may
from ayumi.web.visit import Belonging, Visit, Visitor
from tests.isolation.battle import BESIDE, OUTSIDERS, THERE, Battlefield, battlefield
from tests.isolation.holders import FIRM, HOLDERS, STAFF
from tests.isolation.routes import ROUTES
from tests.isolation.urls import BEHIND, GUARDED, HOSTING, KINDS, RULES, WITH_IDS, collected, methods, path
from tests.world import csrf_of

FACE_OF = {"console": set(STAFF.split()), "portal": set(FIRM.split()), "employer": {"contact"}}


@pytest.fixture(scope="module")
def field(app: Flask) -> Iterator[Battlefield]:
    yield battlefield(app)


def send(field: Battlefield, kind: str, method: str, address: str) -> int:
    """Send a request as somebody of mine, a form with its CSRF token when it changes something."""
    browser = field.browser(kind)
    data = {"csrf_token": field.token(kind)} if method != "GET" else None
    return browser.open(address, method=method, data=data).status_code


def test_every_route_stands_in_the_table_with_the_permission_it_carries() -> None:
    carried = {}
    for rule in RULES:
        view = collected().view_functions[rule.endpoint]
        carried[rule.endpoint] = getattr(view, "permission", "none at all")
    assert carried == ROUTES


def test_every_permission_of_the_table_is_on_the_map() -> None:
    assert {name for name in ROUTES.values() if name} <= {*PERMISSIONS, "account"}


def test_every_permission_is_held_by_those_the_table_names_and_by_nobody_else() -> None:
    assert {name: held_by(name) for name in PERMISSIONS} == {name: set(text.split()) for name, text in HOLDERS.items()}


def held_by(permission: str) -> set[str]:
    """Return which kinds of user hold a permission of the map."""
    return {kind for kind in KINDS if may(somebody(kind), permission)}


def somebody(kind: str) -> Visit:
    """Return a visit of somebody with one role."""
    party = next(party for party, roles in ROLES_OF.items() if Role(kind) in roles)
    belonging = Belonging(ids.new(), 1, "x", "x", 1, False, party, frozenset({Role(kind)}), "x", None, None, None)
    return Visit(Visitor(ids.new(), "x", "x", "ja", False, "x"), belonging, True, None, belonging.roles)


def expected(kind: str, rule: Rule) -> int:
    """Return what somebody is told who asks for a thing of another municipality: not there, or not for them."""
    roles = set(FIRM.split()) if kind == "both" else {kind}
    at_home = FACE_OF[rule.endpoint.partition(".")[0]] & roles
    return 403 if at_home and not roles & set(HOLDERS[str(ROUTES[rule.endpoint])].split()) else 404


@pytest.mark.parametrize("rule", GUARDED, ids=lambda rule: rule.endpoint)
def test_nobody_gets_in_without_logging_in(field: Battlefield, rule: Rule) -> None:
    browser = field.app.test_client()
    for method in methods(rule):
        data = {"csrf_token": csrf_of(browser)} if method != "GET" else None
        answer = browser.open(path(rule, field.mine, field.mine), method=method, data=data)
        assert answer.status_code in (302, 401), (method, rule.rule)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/login", "/portal/employer/away"))


@pytest.mark.parametrize(
    "rule", [rule for rule in BEHIND if "municipality" in rule.arguments], ids=lambda r: r.endpoint
)
def test_another_municipalitys_address_is_not_there_for_anybody(field: Battlefield, rule: Rule) -> None:
    for kind in (*KINDS, "both", "operator"):
        for method in methods(rule):
            assert send(field, kind, method, path(rule, field.theirs, field.theirs)) == 404, (kind, method)


@pytest.mark.parametrize("rule", HOSTING, ids=lambda rule: rule.endpoint)
def test_the_hosting_console_is_not_there_for_anybody_who_does_not_host(field: Battlefield, rule: Rule) -> None:
    for kind in (*KINDS, "both", "stranger"):
        for method in methods(rule):
            assert send(field, kind, method, path(rule, field.mine, field.mine)) == 404, (kind, method)


@pytest.mark.parametrize("rule", WITH_IDS, ids=lambda rule: rule.endpoint)
def test_another_municipalitys_things_are_not_there_under_ones_own_address(field: Battlefield, rule: Rule) -> None:
    for kind in (*KINDS, "both", *OUTSIDERS):
        for method in methods(rule):
            status = send(field, kind, method, path(rule, field.mine, field.theirs))
            assert status == expected(kind, rule), (kind, method, status)


@pytest.mark.parametrize(
    "rule", [rule for rule in WITH_IDS if "municipality" in rule.arguments], ids=lambda r: r.endpoint
)
def test_a_firm_of_two_municipalities_never_finds_the_things_of_one_in_the_other(
    field: Battlefield, rule: Rule
) -> None:
    for place, things in ((field.mine, field.sister), (field.sister, field.mine)):
        for method in methods(rule):
            status = send(field, "both", method, path(rule, place, things))
            assert status in (403, 404), (method, status)


def test_after_all_this_the_other_municipality_has_not_moved(field: Battlefield) -> None:
    now = field.others()
    for town, before in field.before.items():
        for part, rows in before.items():
            assert now[town][part] == rows, (town, part)


@pytest.mark.parametrize("kind", [*KINDS, "both"])
def test_no_page_of_mine_shows_a_word_of_theirs(field: Battlefield, kind: str) -> None:
    seen = 0
    for rule in BEHIND:
        if "GET" not in methods(rule):
            continue
        answer = field.browser(kind).get(path(rule, field.mine, field.mine))
        assert answer.status_code in (200, 302, 403, 404, 409), (rule.rule, answer.status_code)
        said = answer.get_data().decode(errors="ignore")
        assert not any(mark in said for mark in (THERE, BESIDE)), rule.rule
        seen += answer.status_code == 200
    assert seen > 0

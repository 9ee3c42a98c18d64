"""Every route, every kind of user, another municipality: nothing is seen, nothing is changed.

The routes come from the application's own URL map, what each needs from the table in ``routes.py``: a route that
is not in the table fails, and so does an argument for which the attack has no foreign identifier.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ayumi.web.permissions import PERMISSIONS
from tests.isolation.battle import BESIDE, OUTSIDERS, THERE, Battlefield, battlefield
from tests.isolation.routes import ROUTES
from tests.isolation.urls import BEHIND, KINDS, RULES, WITH_IDS, collected, methods, path
from tests.world import csrf_of


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
    assert {name for name in ROUTES.values() if name} <= set(PERMISSIONS)


@pytest.mark.parametrize("rule", BEHIND, ids=lambda rule: rule.endpoint)
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


@pytest.mark.parametrize("rule", WITH_IDS, ids=lambda rule: rule.endpoint)
def test_another_municipalitys_things_are_not_there_under_ones_own_address(field: Battlefield, rule: Rule) -> None:
    for kind in (*KINDS, "both", *OUTSIDERS):
        for method in methods(rule):
            status = send(field, kind, method, path(rule, field.mine, field.theirs))
            assert status in (403, 404), (kind, method, status)


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

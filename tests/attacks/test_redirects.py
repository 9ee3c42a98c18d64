"""Where a page sends one on to: never away from here, whatever the address asks for."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, OF_ACCOUNTS, OPEN, methods, path
from tests.web import people
from tests.world import a_member, a_town, logged_in

AWAY = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/%0d%0aLocation:%20https://evil.example", "https:/evil.example",
    "//evil.example/%2e%2e", "/.//evil.example", "https://localhost@evil.example", "\r\nX-Injected: 1",
    "/\n/evil.example",
)  # fmt: skip
NAMES = ("next", "back", "url", "return", "return_to", "to", "redirect")


@pytest.fixture(scope="module")
def town(app: Flask) -> Populated:
    return populate(app, "転送")


@pytest.mark.parametrize("target", AWAY, ids=repr)
def test_no_page_sends_anybody_elsewhere(app: Flask, town: Populated, target: str) -> None:
    for browser in (app.test_client(), logged_in(app, town.members["caseworker"])):
        for rule in (each for each in [*OPEN, *OF_ACCOUNTS, *BEHIND[:3]] if "GET" in methods(each)):
            answer = browser.get(path(rule, town, town), query_string=dict.fromkeys(NAMES, target))
            place = answer.headers.get("Location", "/")
            assert place.startswith("/"), rule.endpoint
            assert not place.startswith(("//", "/\\")), rule.endpoint
            assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("target", AWAY, ids=repr)
def test_login_leads_to_a_page_of_ours_only(app: Flask, target: str) -> None:
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    place = people.type_password(app.test_client(), member.email, next=target).headers["Location"]
    assert urlsplit(urljoin("http://localhost/login", place)).netloc == "localhost"
    assert not place.startswith(("//", "/\\"))


def test_a_page_cannot_be_sent_back_to_another_site_by_its_referrer(app: Flask) -> None:
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    answer = app.test_client().get(f"/t/{member.town.slug}/", headers={"Referer": "https://evil.example//x"})
    assert answer.headers["Location"].startswith("/login")
    assert "evil" not in answer.headers["Location"]

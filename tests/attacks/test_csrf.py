"""Forms sent by another site: refused without the mark of this browser's session, whatever they come with."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.world import Member, a_member, a_town, csrf_of, logged_in

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"},
)


def an_editor(app: Flask) -> Member:
    """Make somebody who may change menus."""
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


def address(member: Member) -> str:
    """Return where a new menu is sent to."""
    return f"/t/{member.town.slug}/menus/new"


def test_a_form_without_its_mark_is_not_taken(app: Flask) -> None:
    member = an_editor(app)
    assert logged_in(app, member).post(address(member), data={"name": "x"}).status_code == 400


def test_a_mark_of_another_session_is_not_taken(app: Flask) -> None:
    member = an_editor(app)
    foreign = csrf_of(logged_in(app, an_editor(app)))
    answer = logged_in(app, member).post(address(member), data={"name": "x", "csrf_token": foreign})
    assert answer.status_code == 400


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_another_site_is_not_taken_even_with_the_right_mark(app: Flask, headers: dict[str, str]) -> None:
    member = an_editor(app)
    browser = logged_in(app, member)
    data = {"name": "x", "csrf_token": csrf_of(browser)}
    assert browser.post(address(member), data=data, headers=headers).status_code == 400


def test_ones_own_pages_are_taken(app: Flask) -> None:
    member = an_editor(app)
    browser = logged_in(app, member)
    data = {"name": "x", "csrf_token": csrf_of(browser)}
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert browser.post(address(member), data=data, headers=own).status_code in (302, 422)


def test_no_address_changes_anything_when_it_is_only_opened(app: Flask) -> None:
    member = an_editor(app)
    browser = logged_in(app, member)
    assert browser.get("/logout").status_code == 405
    assert browser.get(f"/t/{member.town.slug}/").status_code == 200

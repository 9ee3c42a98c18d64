"""A session that ends while somebody writes: what was typed survives the login, for the same person only."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts import rules
from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import PASSWORD, Member, a_member, a_town, csrf_of, logged_in


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def write_with_ended_session(app: Flask, member: Member) -> tuple[FlaskClient, str]:
    """Send a form after the session has ended; return the browser and the login page it got."""
    browser = logged_in(app, member)
    token = csrf_of(browser)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        rules.end_sessions(session, member.account_id)
    fields = {"csrf_token": token, "note": "三日間 よく眠れた", "kept_too": "はい"}
    answer = browser.post(f"/t/{member.town.slug}/menus/new", data=fields)
    assert answer.status_code == 401
    return browser, answer.text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def log_in_again(browser: FlaskClient, page: str, email: str) -> str:
    fields = {"email": email, "password": PASSWORD, "kept": hidden(page, "kept"), "csrf_token": csrf_of(browser)}
    return browser.post("/login", data=fields, follow_redirects=True).text


def test_what_was_typed_is_there_after_login(app: Flask, caseworker: Member) -> None:
    browser, page = write_with_ended_session(app, caseworker)
    after = log_in_again(browser, page, caseworker.email)
    assert hidden(after, "note") == "三日間 よく眠れた"
    assert f'action="/t/{caseworker.town.slug}/menus/new"' in after


def test_it_lies_unreadable_in_the_login_page(app: Flask, caseworker: Member) -> None:
    _browser, page = write_with_ended_session(app, caseworker)
    assert "三日間" not in page


def test_somebody_else_who_logs_in_does_not_get_it(app: Flask, caseworker: Member) -> None:
    other = a_member(app, caseworker.town, Party.STAFF, Role.CASEWORKER)
    browser, page = write_with_ended_session(app, caseworker)
    assert "三日間" not in log_in_again(browser, page, other.email)


def test_a_forged_parcel_is_ignored(app: Flask, caseworker: Member) -> None:
    browser = app.test_client()
    fields = {"email": caseworker.email, "password": PASSWORD, "kept": "forged", "csrf_token": csrf_of(browser)}
    assert browser.post("/login", data=fields).headers["Location"] == "/"


def test_a_script_is_told_to_log_in_again(app: Flask, caseworker: Member) -> None:
    browser = app.test_client()
    answer = browser.get(f"/t/{caseworker.town.slug}/", headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, (answer.json or {}).get("error")) == (401, "login")

"""Sessions planted, forged, altered, framed, and what stays in the browser after they end."""

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from tests.isolation.battle import an_operator
from tests.web import people
from tests.world import Member, a_member, a_town, logged_in, posted


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def test_a_session_planted_before_login_is_not_the_one_after_it(app: Flask, caseworker: Member) -> None:
    browser, planter = app.test_client(), app.test_client()
    browser.get("/login")
    with browser.session_transaction() as before, planter.session_transaction() as planted:
        before["planted"] = "here"
        planted.update(before)
    people.type_password(browser, caseworker.email)
    with browser.session_transaction() as after:
        assert "planted" not in after
    assert planter.get("/account").status_code == 302


def test_an_altered_cookie_is_nobodys(app: Flask, caseworker: Member) -> None:
    browser = logged_in(app, caseworker)
    cookie = browser.get_cookie("ayumi")
    assert cookie is not None
    for value in (cookie.value[:-2] + "AA", "x" + cookie.value, cookie.value.partition(".")[0], "", "a.b.c", "." * 50):
        thief = app.test_client()
        thief.set_cookie(cookie.key, value)
        assert thief.get("/account").status_code == 302, value


def test_a_cookie_naming_somebody_else_needs_their_key(app: Flask, caseworker: Member) -> None:
    browser, other = logged_in(app, caseworker), a_member(app, caseworker.town, Party.STAFF, Role.ADMINISTRATOR)
    with browser.session_transaction() as cookie:
        key = cookie["_user_id"].partition(":")[2]
        cookie["_user_id"] = f"{other.account_id}:{key}"
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize("word", ["is_operator", "roles", "tenant_id", "party"])
def test_nothing_else_in_a_cookie_makes_anybody_more(app: Flask, caseworker: Member, word: str) -> None:
    browser = logged_in(app, caseworker)
    with browser.session_transaction() as cookie:
        cookie[word] = True
    assert browser.get("/operator/").status_code == 404


def test_an_operator_is_nobody_inside_a_municipality(app: Flask, caseworker: Member) -> None:
    browser = logged_in(app, an_operator(app, caseworker.town))
    assert browser.get(f"/t/{caseworker.town.slug}/").status_code == 404


def test_after_logout_the_back_button_has_nothing_to_show(app: Flask, caseworker: Member) -> None:
    browser = logged_in(app, caseworker)
    page = browser.get(f"/t/{caseworker.town.slug}/people/")
    assert page.headers["Cache-Control"] == "no-store"
    answer = posted(browser, "/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert browser.get(f"/t/{caseworker.town.slug}/people/").status_code == 302


def test_no_page_lets_itself_be_framed(app: Flask, caseworker: Member) -> None:
    for path in ("/login", f"/t/{caseworker.town.slug}/", "/account", "/nothing"):
        headers = logged_in(app, caseworker).get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


def test_over_tls_every_cookie_is_secure_and_bound_to_its_host(
    app: Flask, caseworker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    answer = app.test_client().get("/login", base_url="https://localhost")
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie

"""Coming in: nobody without an account, nowhere without a membership, and what was typed is not lost."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts import rules
from ayumi.accounts.model import LoginSession, Party, Role
from ayumi.accounts.queries import Limits
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import PASSWORD, Member, a_contract, a_firm, a_member, a_town, csrf_of, logged_in


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def send_login(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str):
    fields = {"email": email, "password": password, "csrf_token": csrf_of(browser)} | more
    return browser.post("/login", data=fields)


class TestLogin:
    def test_the_right_password_leads_to_ones_only_place(self, browser: FlaskClient, caseworker: Member) -> None:
        answer = send_login(browser, caseworker.email)
        assert answer.headers["Location"] == "/"
        assert browser.get("/").headers["Location"] == f"/t/{caseworker.town.slug}/"
        assert browser.get(f"/t/{caseworker.town.slug}/").status_code == 200

    def test_an_address_may_be_typed_in_capitals(self, browser: FlaskClient, caseworker: Member) -> None:
        assert send_login(browser, caseworker.email.upper()).status_code == 302

    def test_a_wrong_password_and_an_unknown_address_read_alike(self, browser: FlaskClient, caseworker: Member) -> None:
        wrong = send_login(browser, caseworker.email, "not the password")
        unknown = send_login(browser, "nobody@test.example", "not the password")
        assert wrong.status_code == unknown.status_code == 422
        assert "正しくありません" in wrong.text
        assert "正しくありません" in unknown.text

    def test_without_its_mark_a_form_is_not_taken(self, browser: FlaskClient, caseworker: Member) -> None:
        answer = browser.post("/login", data={"email": caseworker.email, "password": PASSWORD})
        assert answer.status_code == 400

    def test_an_account_is_slowed_down_after_many_tries(self, browser: FlaskClient, caseworker: Member) -> None:
        answers = [send_login(browser, caseworker.email, "guess").status_code for _try in range(12)]
        assert answers[0] == 422
        assert answers[-1] == 429

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
    def test_login_never_leads_elsewhere(self, browser: FlaskClient, caseworker: Member, target: str) -> None:
        assert send_login(browser, caseworker.email, next=target).headers["Location"] == "/"

    def test_nothing_planted_before_login_survives_it(self, browser: FlaskClient, caseworker: Member) -> None:
        with browser.session_transaction() as cookie:
            cookie["planted"] = "here"
        send_login(browser, caseworker.email)
        with browser.session_transaction() as cookie:
            assert "planted" not in cookie


class TestSession:
    def test_logging_out_ends_the_session_in_the_database_too(self, app: Flask, caseworker: Member) -> None:
        browser = logged_in(app, caseworker)
        copy = app.test_client()
        with browser.session_transaction() as mine, copy.session_transaction() as stolen:
            stolen.update(mine)
        home = f"/t/{caseworker.town.slug}/"
        assert copy.get(home).status_code == 200
        browser.post("/logout", data={"csrf_token": csrf_of(browser)})
        assert copy.get(home).status_code == 302

    def test_a_session_that_was_not_used_is_over(self, app: Flask, caseworker: Member) -> None:
        browser = logged_in(app, caseworker)
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            for login in session.query(LoginSession).filter_by(account_id=caseworker.account_id):
                login.ends_at = clock.now() - timedelta(seconds=1)
        assert browser.get(f"/t/{caseworker.town.slug}/").status_code == 302

    def test_using_a_session_never_moves_its_last_hour(self) -> None:
        limits = Limits()
        started = clock.now() - limits.whole + timedelta(minutes=5)
        assert rules.until(started, limits, clock.now()) == started + limits.whole

    def test_a_forged_cookie_is_nobody(self, app: Flask, caseworker: Member) -> None:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{caseworker.account_id}:guessed-key"
        assert browser.get(f"/t/{caseworker.town.slug}/").status_code == 302


class TestPlaces:
    def test_another_municipality_is_not_there(self, app: Flask, caseworker: Member) -> None:
        assert logged_in(app, caseworker).get(f"/t/{a_town(app).slug}/").status_code == 404

    def test_staff_have_no_way_into_the_portal(self, app: Flask, caseworker: Member) -> None:
        assert logged_in(app, caseworker).get(f"/portal/{caseworker.town.slug}/").status_code == 404

    def test_somebody_of_a_firm_in_two_municipalities_chooses_and_sees_one_at_a_time(self, app: Flask) -> None:
        here, there, firm = a_town(app), a_town(app), a_firm(app)
        for town in (here, there):
            a_contract(app, town, firm)
        member = a_member(app, here, Party.FIRM, Role.SUPPORTER, firm_id=firm)
        a_member(app, there, Party.FIRM, Role.SUPPORTER, firm_id=firm, account_id=member.account_id)
        browser = logged_in(app, member)
        chooser = browser.get("/").text
        assert here.name in chooser
        assert there.name in chooser
        page = browser.get(f"/portal/{here.slug}/").text
        assert here.name in page
        assert there.name not in page

    def test_a_firm_reads_for_ninety_days_after_its_contract_and_then_nothing(self, app: Flask) -> None:
        today = clock.today()
        for days_ago, status in ((89, 200), (90, 200), (91, 403)):
            town, firm = a_town(app), a_firm(app)
            a_contract(app, town, firm, ends_on=today - timedelta(days=days_ago))
            member = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)
            assert logged_in(app, member).get(f"/portal/{town.slug}/").status_code == status

    def test_a_contract_that_has_not_begun_opens_nothing(self, app: Flask) -> None:
        town, firm = a_town(app), a_firm(app)
        a_contract(app, town, firm, starts_on=clock.today() + timedelta(days=1))
        member = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)
        assert logged_in(app, member).get(f"/portal/{town.slug}/").status_code == 403


class TestHeaders:
    def test_every_page_forbids_what_it_does_not_need(self, browser: FlaskClient) -> None:
        headers = browser.get("/login").headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"

    def test_an_error_page_is_as_careful(self, browser: FlaskClient) -> None:
        answer = browser.get("/nothing-here")
        assert answer.status_code == 404
        assert "Content-Security-Policy" in answer.headers

    def test_a_nul_is_refused(self, browser: FlaskClient) -> None:
        assert browser.get("/login?next=/%00").status_code == 400


class TestLanguage:
    def test_japanese_first_and_english_complete(self, browser: FlaskClient) -> None:
        assert "ログイン" in browser.get("/login").text
        browser.get("/language/en")
        page = browser.get("/login").text
        assert "Log in" in page
        assert 'lang="en"' in page

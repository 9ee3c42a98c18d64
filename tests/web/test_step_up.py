"""Asked again before what is grave: who is sure goes on, whoever finds an open screen does not."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.web import guard
from tests.web import people
from tests.world import PASSWORD, Member, a_member, a_town, logged_in
from wsgi import make_app

# Every view that gives out personal data or decides about money, access or what is kept, and how it asks: a page, or a
# file to fetch.
SENSITIVE = {
    "console.access.edit": "page",
    "console.access.provider": "page",
    "console.access.switch_off": "page",
    "console.access.switch_on": "page",
    "console.approval.approve_clean": "page",
    "console.approval.decide": "page",
    "console.approval.month_file": "file",
    "console.confirmations.scan": "file",
    "console.consents.scan": "file",
    "console.fees.file": "file",
    "console.glass.agree": "page",
    "console.journal.file": "file",
    "console.moving.ask": "page",
    "console.moving.download": "file",
    "console.participants.imports.corrections": "file",
    "console.prices.approve": "page",
    "console.reports.download": "file",
    "console.reports.people": "page",
    "console.retention.approve": "page",
    "console.staff.change": "page",
    "console.staff.inviting.new": "page",
    "console.staff.letting_in.approve": "page",
    "factors.add_passkey": "page",
    "factors.app": "page",
    "factors.remove_app": "page",
    "factors.remove_passkey": "page",
    "operator.glass.approve": "page",
    "operator.glass.ask": "page",
    "paper_codes.make": "page",
    "portal.fees.file": "file",
    "portal.staff.change": "page",
    "portal.staff.inviting.new": "page",
    "portal.staff.letting_in.approve": "page",
    "sessions.end": "page",
    "sessions.end_others": "page",
}
# What else hands out files: nothing of anybody in it.
HARMLESS = {
    "assets.serve",
    "console.participants.imports.template",
    "console.retention.certificate",
    "paper_codes.file",
}


@pytest.fixture
def member(app: Flask) -> Member:
    return people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.SECTION_HEAD, Role.CASEWORKER))


@pytest.fixture
def plain(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.SECTION_HEAD, Role.CASEWORKER)


def stale(app: Flask, member: Member) -> FlaskClient:
    """A browser somebody left open twenty minutes ago."""
    browser = logged_in(app, member)
    people.let_time_pass(app, member, 20)
    return browser


def asked_at(member: Member) -> str:
    return f"/t/{member.town.slug}/approval/month.csv"


def confirm(browser: FlaskClient, page: str, **fields: str):
    kept = {name: people.hidden(page, name) for name in ("next", "back", "kept") if f'name="{name}"' in page}
    return browser.post("/confirm", data=kept | {"csrf_token": people.csrf_in(page)} | fields)


class TestTheTable:
    def test_each_sensitive_view_asks_again_and_the_table_knows_them_all(self, app: Flask) -> None:
        kinds = {name: getattr(view, "asks_again", None) for name, view in app.view_functions.items()}
        assert {name: kind for name, kind in kinds.items() if kind} == SENSITIVE

    def test_whatever_else_gives_a_file_is_known_to_be_harmless(self, app: Flask) -> None:
        named = re.compile(r"[._](file|download|scan|export|corrections|template|certificate|serve)$")
        giving = {name for name in app.view_functions if named.search(name)}
        asking = {name for name in giving if hasattr(app.view_functions[name], "asks_again")}
        assert giving - asking == HARMLESS & giving

    def test_the_conditions_are_asked_once_however_often_an_app_is_made(self, app: Flask) -> None:
        before = list(guard.CONDITIONS)
        make_app()
        assert before == guard.CONDITIONS


class TestAsking:
    def test_whoever_has_just_come_in_is_not_asked(self, app: Flask, member: Member) -> None:
        assert logged_in(app, member).get(asked_at(member)).status_code == 200

    def test_after_a_quarter_of_an_hour_one_is_asked_and_then_goes_on(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        answer = browser.get(asked_at(member))
        assert answer.headers["Location"].startswith("/confirm?next=")
        page = browser.get(answer.headers["Location"]).text
        assert confirm(browser, page, code=people.code()).headers["Location"] == asked_at(member)
        assert browser.get(asked_at(member)).status_code == 200

    def test_what_asks_for_nothing_grave_goes_on_as_before(self, app: Flask, member: Member) -> None:
        assert stale(app, member).get(f"/t/{member.town.slug}/approval/").status_code == 200

    def test_beside_a_download_a_page_stays_open(self, app: Flask, member: Member) -> None:
        browser, came_from = stale(app, member), f"/t/{member.town.slug}/approval/"
        answer = browser.get(asked_at(member), headers={"Referer": f"http://localhost{came_from}"})
        page = browser.get(answer.headers["Location"]).text
        after = confirm(browser, page, code=people.code()).text
        assert f'href="{asked_at(member)}"' in after
        assert f'href="{came_from}"' in after

    def test_a_form_is_kept_and_goes_on(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        token = people.csrf_in(browser.get("/account").text)
        path = f"/t/{member.town.slug}/approval/clean"
        answer = browser.post(path, data={"csrf_token": token, "shown": "三日"})
        assert answer.status_code == 401
        assert "三日" not in answer.text
        after = confirm(browser, answer.text, code=people.code()).text
        assert f'action="{path}"' in after
        assert people.hidden(after, "shown") == "三日"
        assert "data-onward" in after

    def test_a_button_alone_goes_on_too(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        token = people.csrf_in(browser.get("/account").text)
        answer = browser.post("/account/factors/codes/", data={"csrf_token": token})
        after = confirm(browser, answer.text, code=people.code()).text
        assert 'action="/account/factors/codes/"' in after

    def test_a_script_is_told_in_its_own_way(self, app: Flask, member: Member) -> None:
        answer = stale(app, member).get(asked_at(member), headers={"X-Requested-With": "fetch"})
        assert answer.status_code == 401
        assert answer.json == {"error": "confirm", "message": answer.json["message"]}  # type: ignore[index]

    def test_who_has_no_factor_shows_the_password(self, app: Flask, plain: Member) -> None:
        browser = stale(app, plain)
        page = browser.get(f"/confirm?next={asked_at(plain)}").text
        assert confirm(browser, page, password="not the password").status_code == 422
        assert confirm(browser, page, password=PASSWORD).headers["Location"] == asked_at(plain)

    def test_who_has_a_factor_does_not_get_by_with_the_password(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        page = browser.get(f"/confirm?next={asked_at(member)}").text
        assert confirm(browser, page, password=PASSWORD).status_code == 422
        assert browser.get(asked_at(member)).status_code == 302

    def test_a_passkey_confirms(self, app: Flask, member: Member) -> None:
        device, browser = people.with_passkey(app, member), stale(app, member)
        page = browser.get("/confirm").text
        answer = device.use(people.options(browser, "confirm", "/confirm"))
        assert confirm(browser, page, answer=answer).status_code == 302
        assert browser.get(asked_at(member)).status_code == 200

    def test_a_session_without_the_factor_its_owner_has_is_asked_at_once(self, app: Flask, member: Member) -> None:
        browser = logged_in(app, member)
        people.without_factor(app, member)
        assert browser.get(asked_at(member)).headers["Location"].startswith("/confirm")

    def test_confirming_changes_the_key_of_the_session(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        before = people.sessions_of(app, member)[0].key_hash
        confirm(browser, browser.get("/confirm").text, code=people.code())
        assert people.sessions_of(app, member)[0].key_hash != before
        assert browser.get("/account").status_code == 200

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
    def test_confirming_leads_nowhere_else(self, app: Flask, member: Member, target: str) -> None:
        browser = stale(app, member)
        page = browser.get("/confirm").text
        assert confirm(browser, page, code=people.code(), next=target).headers["Location"] == "/"

    def test_guessing_is_slowed_down(self, app: Flask, member: Member) -> None:
        browser = stale(app, member)
        page = browser.get("/confirm").text
        answers = [confirm(browser, page, code="000000").status_code for _try in range(9)]
        assert answers[0] == 422
        assert answers[-1] == 429

    def test_without_a_login_there_is_nothing_to_confirm(self, app: Flask) -> None:
        assert app.test_client().get("/confirm").headers["Location"].startswith("/login")


class TestAFactorIsNeeded:
    def test_a_place_that_needs_one_leads_to_setting_it_up(self, app: Flask, plain: Member) -> None:
        browser = logged_in(app, plain)
        people.without_factor(app, plain)
        home = f"/t/{plain.town.slug}/"
        assert browser.get(home).status_code == 200
        people.ask_factor_of_staff(app, plain.town)
        assert browser.get(home).headers["Location"] == "/account/factors/"
        page = browser.get("/account/factors/").text
        assert plain.town.name in page

    def test_who_has_one_but_did_not_show_it_is_asked_for_it(self, app: Flask, member: Member) -> None:
        browser = logged_in(app, member)
        people.without_factor(app, member)
        people.ask_factor_of_staff(app, member.town)
        home = f"/t/{member.town.slug}/"
        page = browser.get(browser.get(home).headers["Location"]).text
        assert confirm(browser, page, code=people.code()).headers["Location"] == home
        assert browser.get(home).status_code == 200

    def test_whoever_has_shown_one_walks_in(self, app: Flask, member: Member) -> None:
        people.ask_factor_of_staff(app, member.town)
        assert logged_in(app, member).get(f"/t/{member.town.slug}/").status_code == 200

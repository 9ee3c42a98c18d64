"""Being let in again needs a second person, tells nobody which addresses are known, and works once."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ayumi.accounts import passwords
from ayumi.accounts.model import Account, LoginSession, Party, Role
from ayumi.factors import apps
from ayumi.factors import queries as factors
from ayumi.invitations import queries, resets
from ayumi.invitations.model import Lost, ResetStatus
from ayumi.invitations.schemas import Checked
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Conflict, NotFound, Refused
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import forgotten
from tests.invitations.acts import NEW_PASSWORD, deeds, fresh_email, keep_promises, links, requests_of
from tests.notices.inbox import mails_to
from tests.world import (
    PASSWORD,
    TOTP_SECRET,
    Member,
    a_contract,
    a_firm,
    a_member,
    a_town,
    csrf_of,
    inside,
    logged_in,
    posted,
    working,
)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgotten, "ANSWERED_AFTER", 0.0)


@pytest.fixture
def admin(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def caseworker(app: Flask, admin: Member) -> Member:
    return a_member(app, admin.town, Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def manager(app: Flask, admin: Member) -> Member:
    firm = a_firm(app)
    a_contract(app, admin.town, firm)
    return a_member(app, admin.town, Party.FIRM, Role.MANAGER, firm_id=firm)


@pytest.fixture
def supporter(app: Flask, manager: Member) -> Member:
    return a_member(app, manager.town, Party.FIRM, Role.SUPPORTER, firm_id=manager.firm_id)


def ask(app: Flask, email: str, lost: str = "password", browser: FlaskClient | None = None) -> TestResponse:
    return posted(browser or app.test_client(), "/forgotten", email=email, lost=lost)


def approved(app: Flask, who: Member, by: Member, lost: str = "password") -> str:
    """Ask, approve, mail, and return the path of the link."""
    ask(app, who.email, lost)
    with inside(app, by):
        for each in queries.waiting_resets():
            resets.approve(queries.reset_request(each.id), checked=Checked.BY_PHONE)
    keep_promises(app, who.town, "reset_mail")
    return links(who.email, "reset")[-1]


def plain(answer: TestResponse) -> tuple[Any, ...]:
    """Return all of an answer but what is fresh each time."""
    text = re.sub(r'(csrf_token" value=|nonce=)"[^"]+"', "", answer.text)
    fresh = ("Set-Cookie", "Content-Security-Policy", "X-Request-ID")
    headers = {name: value for name, value in answer.headers if name not in fresh}
    return answer.status_code, text, headers


class TestAsking:
    def test_the_answer_is_the_same_for_every_address(self, app: Flask, caseworker: Member) -> None:
        contact = fresh_email()
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            session.add(Account(email=contact, name="店主", created_at=clock.now(), is_operator=False))
        answers = []
        for email in (caseworker.email, fresh_email(), contact):
            browser = app.test_client()
            first = ask(app, email, browser=browser)
            answers.append((plain(first), plain(browser.get(first.location))))
        assert answers[0] == answers[1] == answers[2]

    def test_the_same_work_is_done_for_every_address(
        self, app: Flask, caseworker: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hashed: list[str | None] = []
        fits = passwords.fits

        def listened(kept: str | None, given: str) -> bool:
            hashed.append(kept)
            return fits(kept, given)

        monkeypatch.setattr(passwords, "fits", listened)
        for email in (caseworker.email, fresh_email()):
            ask(app, email)
        assert hashed == [None, None]

    def test_the_answer_comes_after_the_same_time(
        self, app: Flask, caseworker: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forgotten, "ANSWERED_AFTER", 0.25)
        for email in (caseworker.email, fresh_email()):
            begun = time.monotonic()
            ask(app, email)
            assert time.monotonic() - begun >= 0.25

    def test_asked_twice_it_waits_once(self, app: Flask, caseworker: Member) -> None:
        for _twice in range(2):
            ask(app, caseworker.email)
        (request,) = requests_of(app, caseworker)
        assert deeds(app, caseworker.town, request.id) == ["asked"]

    def test_nothing_is_mailed_before_somebody_has_agreed(self, app: Flask, caseworker: Member) -> None:
        ask(app, caseworker.email)
        assert mails_to(caseworker.email) == []

    def test_each_place_of_the_address_is_asked(self, app: Flask, caseworker: Member) -> None:
        there = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, account_id=caseworker.account_id)
        ask(app, caseworker.email.upper())
        assert len(requests_of(app, caseworker)) == len(requests_of(app, there)) == 1


class TestDeciding:
    def test_an_administrator_sees_staff_and_firms_a_manager_the_own_firm(
        self, app: Flask, admin: Member, caseworker: Member, manager: Member, supporter: Member
    ) -> None:
        other_firm = a_firm(app)
        a_contract(app, admin.town, other_firm)
        stranger = a_member(app, admin.town, Party.FIRM, Role.SUPPORTER, firm_id=other_firm)
        for each in (caseworker, supporter, stranger):
            ask(app, each.email)
        with inside(app, admin):
            assert len(queries.waiting_resets()) == 3
        with inside(app, manager):
            assert [row.membership_id for row in queries.waiting_resets()] == [supporter.membership_id]
            with pytest.raises(NotFound):
                queries.reset_request(requests_of(app, stranger)[0].id)

    def test_nobody_lets_themselves_in(self, app: Flask, admin: Member) -> None:
        ask(app, admin.email)
        (request,) = requests_of(app, admin)
        with inside(app, admin):
            assert queries.waiting_resets() == []
            with pytest.raises(Refused):
                resets.approve(queries.reset_request(request.id), checked=Checked.IN_PERSON)
        page = posted(
            logged_in(app, admin), f"/t/{admin.town.slug}/staff/locked-out/{request.id}/approve", checked="by_phone"
        )
        assert page.status_code == 403

    def test_how_it_was_checked_is_written_down(self, app: Flask, admin: Member, caseworker: Member) -> None:
        ask(app, caseworker.email)
        (request,) = requests_of(app, caseworker)
        base = f"/t/{admin.town.slug}/staff/locked-out/{request.id}"
        browser = logged_in(app, admin)
        posted(browser, f"{base}/approve")
        assert requests_of(app, caseworker)[0].status is ResetStatus.ASKED
        for _click in range(2):
            assert posted(browser, f"{base}/approve", checked="by_phone").status_code == 302
        (decided,) = requests_of(app, caseworker)
        assert (decided.status, decided.decided_by) == (ResetStatus.APPROVED, admin.membership_id)
        assert deeds(app, admin.town, request.id) == ["asked", "approved"]
        assert keep_promises(app, admin.town, "reset_mail") == 1

    def test_what_was_refused_is_not_approved_afterwards(self, app: Flask, admin: Member, caseworker: Member) -> None:
        ask(app, caseworker.email)
        (request,) = requests_of(app, caseworker)
        posted(logged_in(app, admin), f"/t/{admin.town.slug}/staff/locked-out/{request.id}/refuse")
        with inside(app, admin), pytest.raises(Conflict):
            resets.approve(queries.reset_request(request.id), checked=Checked.IN_PERSON)
        keep_promises(app, admin.town, "reset_mail")
        assert mails_to(caseworker.email) == []

    def test_after_three_days_it_ends_by_itself(self, app: Flask, admin: Member, caseworker: Member) -> None:
        ask(app, caseworker.email)
        (request,) = requests_of(app, caseworker)
        late = clock.now() + timedelta(days=3)
        with clock.at(late), inside(app, admin):
            assert queries.waiting_resets() == []
        with clock.at(late), inside(app, admin), pytest.raises(Conflict):
            resets.approve(queries.reset_request(request.id), checked=Checked.IN_PERSON)
        with clock.at(late), working(app, admin.town):
            assert resets.expire_all() == 1
        assert requests_of(app, caseworker)[0].status is ResetStatus.EXPIRED

    def test_the_home_page_tells_that_somebody_waits(self, app: Flask, admin: Member, caseworker: Member) -> None:
        home = f"/t/{admin.town.slug}/"
        assert "ログインできない人" not in logged_in(app, admin).get(home).text
        ask(app, caseworker.email)
        assert "ログインできない人" in logged_in(app, admin).get(home).text


class TestFollowing:
    def test_a_new_password_ends_every_session_and_its_owner_is_told(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        thief = logged_in(app, caseworker)
        path = approved(app, caseworker, admin)
        browser = app.test_client()
        assert posted(browser, path, password=NEW_PASSWORD, again=NEW_PASSWORD).location == "/login"
        assert thief.get(f"/t/{caseworker.town.slug}/").status_code == 302
        for password, status in ((PASSWORD, 422), (NEW_PASSWORD, 302)):
            assert posted(app.test_client(), "/login", email=caseworker.email, password=password).status_code == status
        before = len(mails_to(caseworker.email))
        assert keep_promises(app, admin.town, "reset_notice") == 1
        assert len(mails_to(caseworker.email)) == before + 1
        assert deeds(app, admin.town, caseworker.account_id)[0] == "password_reset"

    def test_it_works_once_and_for_an_hour(self, app: Flask, admin: Member, caseworker: Member) -> None:
        path = approved(app, caseworker, admin)
        fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
            assert app.test_client().get(path).status_code == 409
        assert [posted(app.test_client(), path, **fields).status_code for _try in range(2)] == [302, 409]

    def test_a_weak_password_or_two_different_ones_are_refused(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        path = approved(app, caseworker, admin)
        for fields in ({"password": "short", "again": "short"}, {"password": NEW_PASSWORD, "again": PASSWORD}):
            answer = posted(app.test_client(), path, **fields)
            assert answer.status_code == 422
            assert f'value="{fields["password"]}"' not in answer.text

    def test_second_factors_are_taken_away_and_the_password_stays(
        self, app: Flask, admin: Member, manager: Member, supporter: Member
    ) -> None:
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            apps.put(session, supporter.account_id, secret=TOTP_SECRET)
        path = approved(app, supporter, manager, "second_factor")
        browser = app.test_client()
        assert browser.get(path).status_code == 200
        assert posted(browser, path).location == "/login"
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=supporter.account_id)) as session:
            assert not factors.of(session, supporter.account_id).any
            assert session.query(LoginSession).filter_by(account_id=supporter.account_id, ended_at=None).count() == 0
        assert posted(app.test_client(), "/login", email=supporter.email, password=PASSWORD).status_code == 302

    def test_a_link_for_one_thing_is_no_link_for_another(self, app: Flask, admin: Member, caseworker: Member) -> None:
        path = approved(app, caseworker, admin)
        token = path.rpartition("/")[2]
        assert app.test_client().get(f"/invitation/{token}").status_code == 409
        with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session, pytest.raises(Conflict):
            resets.clear_factors(session, token)

    def test_a_link_made_up_opens_nothing(self, app: Flask) -> None:
        browser = app.test_client()
        assert browser.get("/reset/guessed").status_code == 409
        assert browser.post("/reset/guessed", data={"csrf_token": csrf_of(browser)}).status_code == 409


def test_asking_writes_what_was_lost_for_each(app: Flask, caseworker: Member) -> None:
    for lost in Lost:
        ask(app, caseworker.email, lost.value)
    assert {each.lost for each in requests_of(app, caseworker)} == set(Lost)

"""Sessions: how long they last, where one is logged in, and ending them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from ayumi.accounts import devices, queries, rules
from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.web import people
from tests.world import Member, a_member, a_town, csrf_of, logged_in, posted

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


class TestLimits:
    def test_a_session_ends_when_it_is_not_used_as_long_as_the_municipality_allows(
        self, app: Flask, member: Member
    ) -> None:
        people.ask_factor_of_staff(app, member.town, idle_minutes=30, second_factor_required=False)
        for minutes, status in ((29, 200), (31, 302)):
            browser = logged_in(app, member)
            people.let_time_pass(app, member, minutes, what="seen_at")
            assert browser.get(f"/t/{member.town.slug}/").status_code == status

    def test_a_session_ends_however_much_it_is_used(self, app: Flask, member: Member) -> None:
        people.ask_factor_of_staff(app, member.town, session_hours=1, second_factor_required=False)
        for minutes, status in ((59, 200), (61, 302)):
            browser = logged_in(app, member)
            people.let_time_pass(app, member, minutes, what="started_at")
            assert browser.get(f"/t/{member.town.slug}/").status_code == status

    def test_the_strictest_of_ones_places_counts_in_all_of_them(self, app: Flask, member: Member) -> None:
        strict = a_town(app)
        people.ask_factor_of_staff(app, strict, idle_minutes=10, second_factor_required=False)
        a_member(app, strict, Party.STAFF, Role.CASEWORKER, account_id=member.account_id)
        browser = logged_in(app, member)
        people.let_time_pass(app, member, 11, what="seen_at")
        assert browser.get(f"/t/{member.town.slug}/").status_code == 302

    def test_a_stricter_rule_is_obeyed_by_sessions_that_run_already(self, app: Flask, member: Member) -> None:
        browser = logged_in(app, member)
        people.let_time_pass(app, member, 20, what="seen_at")
        people.ask_factor_of_staff(app, member.town, idle_minutes=15, second_factor_required=False)
        assert browser.get(f"/t/{member.town.slug}/").status_code == 302

    def test_a_login_takes_the_limits_of_its_owners_places(self, app: Flask, member: Member) -> None:
        people.ask_factor_of_staff(app, member.town, idle_minutes=45, second_factor_required=False)
        people.type_password(app.test_client(), member.email)
        (login,) = people.sessions_of(app, member)
        assert login.ends_at - login.started_at == timedelta(minutes=45)

    def test_without_a_policy_the_usual_limits_hold(self) -> None:
        assert queries.strictest([]) == queries.Limits(idle=timedelta(hours=2), whole=timedelta(hours=12))


class TestList:
    def test_it_names_device_place_and_time_and_marks_this_one(self, app: Flask, member: Member) -> None:
        browser = app.test_client()
        browser.environ_base |= {"HTTP_USER_AGENT": CHROME, "REMOTE_ADDR": "192.0.2.7"}
        people.type_password(browser, member.email)
        logged_in(app, member)
        page = browser.get("/account/sessions/").text
        assert "Chrome (Windows)" in page
        assert "192.0.2.7" in page
        assert page.count("いま使っている端末") == 1
        assert page.count("このログインを終了する") == 1

    def test_nobody_elses_sessions_are_listed_or_ended(self, app: Flask, member: Member) -> None:
        other = a_member(app, member.town, Party.STAFF, Role.CASEWORKER)
        theirs, browser = logged_in(app, other), logged_in(app, member)
        (foreign,) = people.sessions_of(app, other)
        assert str(foreign.id) not in browser.get("/account/sessions/").text
        for id in (foreign.id, uuid4()):
            answer = browser.post(f"/account/sessions/{id}/end", data={"csrf_token": csrf_of(browser)})
            assert answer.status_code == 404
        assert theirs.get(f"/t/{member.town.slug}/").status_code == 200

    def test_ending_one_ends_it_at_once(self, app: Flask, member: Member) -> None:
        lost, mine = logged_in(app, member), logged_in(app, member)
        first = people.sessions_of(app, member)[0]
        mine.post(f"/account/sessions/{first.id}/end", data={"csrf_token": csrf_of(mine)})
        assert lost.get("/account").status_code == 302
        assert mine.get("/account").status_code == 200

    def test_ending_all_others_leaves_this_one(self, app: Flask, member: Member) -> None:
        others, mine = [logged_in(app, member) for _browser in range(3)], logged_in(app, member)
        mine.post("/account/sessions/end-others", data={"csrf_token": csrf_of(mine)})
        assert [each.get("/account").status_code for each in others] == [302] * 3
        assert mine.get("/account").status_code == 200

    def test_ending_them_is_written_into_the_journal_of_every_place(self, app: Flask, member: Member) -> None:
        other = a_town(app)
        a_member(app, other, Party.STAFF, Role.CASEWORKER, account_id=member.account_id)
        _others, mine = [logged_in(app, member) for _browser in range(3)], logged_in(app, member)
        first = people.sessions_of(app, member)[0]
        for path in (f"{first.id}/end", "end-others", "end-others"):
            mine.post(f"/account/sessions/{path}", data={"csrf_token": csrf_of(mine)})
        for town in (member.town, other):
            said = [(entry.account_id, entry.changes) for entry in people.journal_of(app, town, "sessions_ended")]
            assert said == [(member.account_id, {"sessions": [1, 0]}), (member.account_id, {"sessions": [2, 0]})]

    def test_whoever_finds_an_open_screen_ends_none_of_them(self, app: Flask, member: Member) -> None:
        people.with_app(app, member)
        other, mine = logged_in(app, member), logged_in(app, member)
        people.let_time_pass(app, member, 16)
        first = people.sessions_of(app, member)[0]
        for path in (f"{first.id}/end", "end-others"):
            answer = mine.post(f"/account/sessions/{path}", data={"csrf_token": csrf_of(mine)})
            assert (answer.status_code, 'name="kept"' in answer.text) == (401, True)
        assert other.get("/account").status_code == 200
        code = {"code": people.code(), "kept": people.hidden(answer.text, "kept"), "csrf_token": csrf_of(mine)}
        assert 'action="/account/sessions/end-others"' in mine.post("/confirm", data=code).text
        posted(mine, "/account/sessions/end-others")
        assert other.get("/account").status_code == 302

    def test_who_came_by_an_employers_link_has_no_such_pages(self, app: Flask, member: Member) -> None:
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=member.account_id)) as session:
            account = session.get_one(Account, member.account_id)
            key = rules.open_session(
                session, account, user_agent="", only_tenant_id=member.town.tenant_id, only_employer_id=uuid4()
            )
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{member.account_id}:{key}"
        for path in ("/account/sessions/", "/account/factors/", "/account/password"):
            assert browser.get(path).status_code == 404


class TestEnding:
    def test_an_administrator_ends_them_all_at_once(self, app: Flask, member: Member) -> None:
        browsers = [logged_in(app, member) for _browser in range(2)]
        with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
            assert rules.end_sessions(session, member.account_id) == 2
        assert [each.get("/account").status_code for each in browsers] == [302, 302]

    def test_a_membership_that_ends_closes_its_place_at_once(self, app: Flask, member: Member) -> None:
        browser = logged_in(app, member)
        tenant_id = member.town.tenant_id
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            found = session.get_one(Membership, (tenant_id, member.membership_id))
            found.ends_on = clock.today() - timedelta(days=1)
        assert browser.get(f"/t/{member.town.slug}/").status_code == 404


class TestDevices:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            (CHROME, "Chrome (Windows)"),
            (f"{CHROME} Edg/126.0", "Edge (Windows)"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1",
                "Safari (iPhone)",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox (Linux)"),
            ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome (Android)"),
            ("curl/8.0", ""),
            (None, ""),
        ],
    )
    def test_a_device_has_a_name_people_know(self, said: str | None, name: str) -> None:
        assert devices.named(said) == name

"""The second step: no session before it, each code once, few tries, the same answers whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import LoginMethod, Party, Role
from ayumi.kernel import clock
from tests.notices.inbox import mails_to, words
from tests.web import people
from tests.world import Member, a_member, a_town, logged_in

RIGHT_AWAY = "/login/second-step"


@pytest.fixture
def member(app: Flask) -> Member:
    return people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


class TestLogin:
    def test_a_right_password_alone_opens_nothing(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        answer = people.type_password(browser, member.email)
        assert answer.headers["Location"] == RIGHT_AWAY
        assert people.sessions_of(app, member) == []
        for path in (f"/t/{member.town.slug}/", "/account", "/account/sessions/"):
            assert browser.get(path).headers["Location"].startswith("/login")

    def test_the_code_of_the_app_lets_in(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.type_password(browser, member.email)
        assert people.type_code(browser, people.code()).headers["Location"] == "/"
        assert browser.get(f"/t/{member.town.slug}/").status_code == 200
        (login,) = people.sessions_of(app, member)
        assert login.second_factor_at is not None
        assert login.method is LoginMethod.PASSWORD

    def test_a_code_that_was_seen_over_a_shoulder_is_spent(self, app: Flask, member: Member) -> None:
        seen = people.code()
        first, second = app.test_client(), app.test_client()
        for browser, status in ((first, 302), (second, 422)):
            people.type_password(browser, member.email)
            assert people.type_code(browser, seen).status_code == status

    def test_a_recovery_code_lets_in_once_and_its_owner_is_told(self, app: Flask, member: Member) -> None:
        paper, first, second = people.with_codes(app, member)[0], app.test_client(), app.test_client()
        people.type_password(first, member.email)
        assert people.type_code(first, paper, name="recovery").status_code == 302
        people.type_password(second, member.email)
        assert people.type_code(second, paper, name="recovery").status_code == 422
        people.keep_promises(app, member.town)
        assert "回復コードが使われました" in mails_to(member.email)[-1]["Subject"]

    def test_one_goes_where_one_wanted_to_go(self, browser: FlaskClient, member: Member) -> None:
        wanted = f"/t/{member.town.slug}/people/"
        answer = people.type_password(browser, member.email, next=wanted)
        page = browser.get(answer.headers["Location"]).text
        assert people.hidden(page, "next") == wanted
        assert people.type_code(browser, people.code(), next=wanted).headers["Location"] == wanted

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
    def test_the_second_step_leads_nowhere_else(self, browser: FlaskClient, member: Member, target: str) -> None:
        people.type_password(browser, member.email)
        assert people.type_code(browser, people.code(), next=target).headers["Location"] == "/"

    def test_what_was_typed_before_is_kept_through_both_steps(self, app: Flask, member: Member) -> None:
        browser = logged_in(app, member)
        token = people.csrf_in(browser.get("/account").text)
        people.let_time_pass(app, member, 60 * 24, what="started_at")
        page = browser.post(f"/t/{member.town.slug}/menus/new", data={"csrf_token": token, "name": "朝の体操"}).text
        second = people.type_password(browser, member.email, kept=people.hidden(page, "kept")).text
        fields = {"code": people.code(), "kept": people.hidden(second, "kept"), "csrf_token": people.csrf_in(second)}
        assert people.hidden(browser.post("/login/second-step", data=fields).text, "name") == "朝の体操"


class TestAtTheSameMoment:
    def test_of_two_who_type_the_same_code_one_comes_in(self, app: Flask, member: Member) -> None:
        code = people.code()

        def come_in(browser: FlaskClient) -> int:
            return people.type_code(browser, code).status_code

        browsers = [app.test_client() for _number in range(4)]
        for browser in browsers:
            people.type_password(browser, member.email)
        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(come_in, browsers)) == [302, 422, 422, 422]


class TestBetweenTheSteps:
    def test_there_are_five_minutes(self, browser: FlaskClient, member: Member) -> None:
        people.type_password(browser, member.email)
        token = people.csrf_in(browser.get(RIGHT_AWAY).text)
        with clock.at(clock.now() + timedelta(minutes=6)):
            answer = browser.post(RIGHT_AWAY, data={"code": people.code(), "csrf_token": token})
        assert answer.headers["Location"] == "/login"
        assert browser.get("/account").status_code == 302

    def test_without_a_first_step_there_is_no_second(self, browser: FlaskClient) -> None:
        assert browser.get(RIGHT_AWAY).headers["Location"] == "/login"

    def test_a_note_of_ones_own_making_is_not_believed(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.type_password(browser, member.email)
        forged = app.test_client()
        forged.set_cookie("ayumi", browser.get_cookie("ayumi").value[:-3] + "abc")  # type: ignore[union-attr]
        assert forged.get(RIGHT_AWAY).headers["Location"] == "/login"

    def test_the_code_of_another_account_is_not_taken(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        other = a_member(app, member.town, Party.STAFF, Role.CASEWORKER)
        codes = people.with_codes(app, other)
        people.type_password(browser, member.email)
        assert people.type_code(browser, codes[0], name="recovery").status_code == 422

    def test_after_five_wrong_codes_one_begins_again(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.type_password(browser, member.email)
        answers = [people.type_code(browser, "000000").status_code for _try in range(5)]
        assert answers == [422] * 5
        assert people.type_code(browser, people.code()).headers["Location"] == "/login"
        assert people.sessions_of(app, member) == []

    def test_an_old_cookie_does_not_bring_the_tries_back(self, app: Flask, member: Member) -> None:
        browser = app.test_client()
        people.type_password(browser, member.email)
        saved = browser.get_cookie("ayumi").value  # type: ignore[union-attr]
        answers = []
        for _try in range(12):
            browser.set_cookie("ayumi", saved)
            answers.append(people.type_code(browser, "000000").status_code)
        assert answers[5:] == [302] * 7

    def test_begin_again_and_again_and_the_pauses_grow(self, app: Flask, member: Member) -> None:
        answers = []
        for _login in range(3):
            browser = app.test_client()
            people.type_password(browser, member.email)
            answers += [people.type_code(browser, "000000").status_code for _try in range(4)]
        assert answers[:5] == [422] * 5
        assert answers[-5:] == [429] * 5

    def test_nothing_planted_before_survives_either_step(self, browser: FlaskClient, member: Member) -> None:
        with browser.session_transaction() as cookie:
            cookie["planted"] = "here"
        people.type_password(browser, member.email)
        with browser.session_transaction() as cookie:
            assert "planted" not in cookie
            between = dict(cookie)
            cookie["planted"] = "again"
        people.type_code(browser, people.code())
        with browser.session_transaction() as cookie:
            assert "planted" not in cookie
            assert "pending" not in cookie
            assert cookie.get("_user_id") != between.get("_user_id")

    def test_a_wrong_password_reads_alike_with_and_without_a_factor(self, app: Flask, member: Member) -> None:
        plain = a_member(app, member.town, Party.STAFF, Role.CASEWORKER)
        emails = (member.email, plain.email, "nobody@test.example")
        answers = [people.type_password(app.test_client(), email, "not the password") for email in emails]
        assert {answer.status_code for answer in answers} == {422}
        texts = {people.without_marks(answer.text, email) for answer, email in zip(answers, emails, strict=True)}
        assert len(texts) == 1
        assert "正しくありません" in texts.pop()


class TestPasskeys:
    def test_a_passkey_is_a_second_step(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        device = people.with_passkey(app, member)
        people.type_password(browser, member.email)
        answer = device.use(people.options(browser, "second_step", RIGHT_AWAY))
        assert people.type_code(browser, answer, name="answer").headers["Location"] == "/"
        assert browser.get(f"/t/{member.town.slug}/").status_code == 200

    def test_a_passkey_is_the_only_step_one_needs(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        device = people.with_passkey(app, member)
        answer = device.use(people.options(browser, "login", "/login"))
        data = {"answer": answer, "csrf_token": people.csrf_in(browser.get("/login").text)}
        assert browser.post("/login/passkey", data=data).headers["Location"] == "/"
        (login,) = people.sessions_of(app, member)
        assert login.method is LoginMethod.PASSKEY
        assert login.second_factor_at is not None

    def test_an_answer_that_was_overheard_is_worthless(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        device = people.with_passkey(app, member)
        answer = device.use(people.options(browser, "login", "/login"))
        saved = browser.get_cookie("ayumi").value  # type: ignore[union-attr]
        data = {"answer": answer, "csrf_token": people.csrf_in(browser.get("/login").text)}
        assert browser.post("/login/passkey", data=data).headers["Location"] == "/"
        thief = app.test_client()
        thief.set_cookie("ayumi", saved)
        again = thief.post("/login/passkey", data=data)
        assert again.headers["Location"] == "/login"
        assert thief.get("/account").status_code == 302

    def test_a_challenge_for_one_purpose_serves_no_other(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        device = people.with_passkey(app, member)
        people.type_password(browser, member.email)
        answer = device.use(people.options(browser, "login", RIGHT_AWAY))
        assert people.type_code(browser, answer, name="answer").status_code == 422

    @pytest.mark.parametrize("answer", ["", "{}", "null", '{"id": "x"}', "\ud7ff" * 10])
    def test_nonsense_lets_nobody_in(self, browser: FlaskClient, answer: str) -> None:
        people.options(browser, "login", "/login")
        data = {"answer": answer, "csrf_token": people.csrf_in(browser.get("/login").text)}
        assert browser.post("/login/passkey", data=data).headers["Location"] == "/login"

    @pytest.mark.parametrize("purpose", ["second_step", "confirm", "add"])
    def test_options_are_for_those_who_are_known(self, browser: FlaskClient, purpose: str) -> None:
        data = {"csrf_token": people.csrf_in(browser.get("/login").text)}
        headers = {"X-Requested-With": "fetch"}
        assert browser.post(f"/passkey/{purpose}", data=data, headers=headers).status_code == 401

    def test_options_for_logging_in_name_nobodys_passkeys(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        people.with_passkey(app, member)
        assert '"allowCredentials": []' in people.options(browser, "login", "/login")


class TestNewDevices:
    def test_the_first_login_of_all_tells_nobody(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.type_password(browser, member.email)
        people.type_code(browser, people.code())
        people.keep_promises(app, member.town)
        assert mails_to(member.email) == []

    def test_another_device_is_told_of_and_the_same_is_not(self, app: Flask, member: Member) -> None:
        known, stranger = app.test_client(), app.test_client()
        for browser, away in ((known, -1), (known, 0), (stranger, 1)):
            people.type_password(browser, member.email)
            people.type_code(browser, people.code(away))
        people.keep_promises(app, member.town)
        (mail,) = mails_to(member.email)
        assert "新しい端末" in mail["Subject"]
        assert "127.0.0.1" in words(mail)
        assert "/account/sessions" in words(mail)

    def test_an_operator_who_belongs_nowhere_is_told_at_once(self, app: Flask) -> None:
        email = people.an_operator(app)
        for away in (0, 1):
            browser = app.test_client()
            people.type_password(browser, email)
            assert people.type_code(browser, people.code(away)).status_code == 302
        (mail,) = mails_to(email)
        assert "新しい端末" in mail["Subject"]

    def test_the_device_is_remembered_by_a_cookie_no_script_can_read(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        people.type_password(browser, member.email)
        said = people.type_code(browser, people.code()).headers.getlist("Set-Cookie")
        (device,) = [each for each in said if each.startswith("ayumi_device=")]
        assert "HttpOnly" in device
        assert "SameSite=Lax" in device
        key = device.partition("=")[2].partition(";")[0]
        (login,) = people.sessions_of(app, member)
        assert key not in str(login.device_hash)

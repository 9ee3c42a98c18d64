"""One's own account: password, factors, codes on paper, language."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.factors import apps
from tests.notices.inbox import mails_to
from tests.web import people
from tests.world import PASSWORD, Member, a_contract, a_firm, a_member, a_town, csrf_of, logged_in

NEW = "quiet lamp beside the river"


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app, name="甲野台市"), Party.STAFF, Role.CASEWORKER, name="佐藤　花子")


@pytest.fixture
def browser(app: Flask, member: Member) -> FlaskClient:
    return logged_in(app, member)


def change(browser: FlaskClient, new: str = NEW, *, old: str = PASSWORD, again: str | None = None):
    fields = {"old": old, "new": new, "again": new if again is None else again, "csrf_token": csrf_of(browser)}
    return browser.post("/account/password", data=fields)


class TestAccountPage:
    def test_it_shows_who_one_is_and_leads_to_everything(self, browser: FlaskClient, member: Member) -> None:
        page = browser.get("/account").text
        assert member.email in page
        for path in ("/account/password", "/account/factors/", "/account/sessions/", f"/t/{member.town.slug}/"):
            assert f'href="{path}"' in page

    def test_every_page_behind_a_login_leads_to_it(self, browser: FlaskClient, member: Member) -> None:
        assert 'href="/account"' in browser.get(f"/t/{member.town.slug}/").text

    @pytest.mark.parametrize(
        "path", ["/account", "/account/password", "/account/factors/", "/account/factors/app", "/account/sessions/"]
    )
    def test_nobody_sees_it_without_logging_in(self, app: Flask, path: str) -> None:
        assert app.test_client().get(path).headers["Location"].startswith("/login")

    def test_the_language_is_remembered_for_pages_and_mails(self, app: Flask, browser: FlaskClient) -> None:
        fields = {"language": "en", "csrf_token": csrf_of(browser)}
        assert browser.post("/account/language", data=fields).status_code == 302
        assert "Your account" in browser.get("/account").text

    def test_a_change_of_language_is_written_into_the_journal_and_the_same_again_is_not(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        for language in ("en", "en", "ja"):
            browser.post("/account/language", data={"language": language, "csrf_token": csrf_of(browser)})
        said = [entry.changes for entry in people.journal_of(app, member.town, "language_changed")]
        assert said == [{"language": ["ja", "en"]}, {"language": ["en", "ja"]}]


class TestPassword:
    def test_it_changes_and_the_old_one_is_worthless(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        assert change(browser).headers["Location"] == "/account"
        assert people.type_password(app.test_client(), member.email).status_code == 422
        assert people.type_password(app.test_client(), member.email, NEW).status_code == 302

    def test_all_other_sessions_end_and_this_one_goes_on(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        other = logged_in(app, member)
        change(browser)
        assert other.get("/account").status_code == 302
        assert browser.get("/account").status_code == 200

    def test_its_owner_is_told_by_mail(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        change(browser)
        people.keep_promises(app, member.town)
        assert "パスワードが変更されました" in mails_to(member.email)[-1]["Subject"]

    def test_it_is_written_into_the_journal_without_a_word_of_it(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        change(browser)
        (entry,) = people.journal_of(app, member.town, "password_changed")
        assert entry.subject_id == member.account_id
        assert entry.changes is None

    def test_the_old_one_is_asked_for(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        answer = change(browser, old="something else")
        assert answer.status_code == 422
        assert "いまのパスワードと違います" in answer.text
        assert people.type_password(app.test_client(), member.email).status_code == 302

    def test_guessing_at_the_old_one_is_slowed_down(self, browser: FlaskClient) -> None:
        answers = [change(browser, old="something else") for _try in range(8)]
        assert [answers[0].status_code, answers[-1].status_code] == [422, 429]
        assert change(browser).status_code == 429

    @pytest.mark.parametrize(
        ("new", "sentence"),
        [
            ("short", "12文字以上"),
            ("password20241231", "多くの人が使っている"),
            ("甲野台市の職員です今日も", "入れないで"),
        ],
    )
    def test_a_weak_one_is_refused_beside_its_field(
        self, app: Flask, browser: FlaskClient, member: Member, new: str, sentence: str
    ) -> None:
        answer = change(browser, new)
        assert answer.status_code == 422
        assert sentence in answer.text

    def test_a_slip_in_the_second_field_is_noticed(self, browser: FlaskClient) -> None:
        assert change(browser, again=NEW + "x").status_code == 422

    def test_no_password_comes_back_in_a_page(self, browser: FlaskClient) -> None:
        page = change(browser, old="something else").text
        assert NEW not in page
        assert "something else" not in page

    def test_a_password_may_be_pasted_and_kept_by_a_manager(self, browser: FlaskClient) -> None:
        page = browser.get("/account/password").text
        assert 'autocomplete="new-password"' in page
        assert 'autocomplete="current-password"' in page
        assert "onpaste" not in page


class TestApp:
    def test_it_is_set_up_with_a_first_code_and_brings_codes_on_paper(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        page = browser.get("/account/factors/app").text
        assert "<svg" in page
        assert "style=" not in page
        sealed = people.hidden(page, "sealed")
        secret = people.secret_in(page)
        fields = {"sealed": sealed, "code": people.code(secret=secret), "csrf_token": people.csrf_in(page)}
        answer = browser.post("/account/factors/app", data=fields)
        assert answer.headers["Location"] == "/account/factors/codes/"
        codes = people.codes_in(browser.get("/account/factors/codes/").text)
        assert len(codes) == 10
        assert browser.get("/account/factors/codes/").status_code == 302
        fresh = app.test_client()
        people.type_password(fresh, member.email)
        assert people.type_code(fresh, codes[0], name="recovery").status_code == 302

    def test_a_wrong_first_code_keeps_the_same_picture(self, browser: FlaskClient) -> None:
        page = browser.get("/account/factors/app").text
        fields = {"sealed": people.hidden(page, "sealed"), "code": "000000", "csrf_token": people.csrf_in(page)}
        answer = browser.post("/account/factors/app", data=fields)
        assert answer.status_code == 422
        assert people.secret_in(answer.text) == people.secret_in(page)

    def test_a_secret_of_somebody_elses_page_is_not_taken(self, app: Flask, browser: FlaskClient) -> None:
        other = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        sealed = apps.begin(other.account_id)
        secret = apps.secret_of(sealed, other.account_id)
        assert secret is not None
        fields = {"sealed": sealed, "code": people.code(secret=secret), "csrf_token": csrf_of(browser)}
        assert browser.post("/account/factors/app", data=fields).status_code == 422

    def test_a_new_app_takes_the_place_of_the_old_one(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.with_app(app, member)
        page = browser.get("/account/factors/app").text
        secret = people.secret_in(page)
        fields = {"sealed": people.hidden(page, "sealed"), "code": people.code(secret=secret)}
        browser.post("/account/factors/app", data=fields | {"csrf_token": people.csrf_in(page)})
        fresh = app.test_client()
        people.type_password(fresh, member.email)
        assert people.type_code(fresh, people.code()).status_code == 422
        assert people.type_code(fresh, people.code(1, secret)).status_code == 302

    def test_setting_it_up_gives_the_session_its_second_factor(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        people.without_factor(app, member)
        people.ask_factor_of_staff(app, member.town)
        page = browser.get("/account/factors/app").text
        fields = {"sealed": people.hidden(page, "sealed"), "code": people.code(secret=people.secret_in(page))}
        browser.post("/account/factors/app", data=fields | {"csrf_token": people.csrf_in(page)})
        assert browser.get(f"/t/{member.town.slug}/").status_code == 200


class TestRemoving:
    def test_the_last_one_stays_where_it_is_needed(self, app: Flask) -> None:
        town, firm = a_town(app), a_firm(app)
        a_contract(app, town, firm)
        browser = logged_in(app, a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm))
        browser.post("/account/factors/app/remove", data={"csrf_token": csrf_of(browser)})
        page = browser.get("/account/factors/").text
        assert "最後の2段階認証" in page
        assert "別のアプリを設定する" in page

    def test_where_none_is_needed_it_goes_and_its_owner_is_told(
        self, app: Flask, browser: FlaskClient, member: Member
    ) -> None:
        people.with_app(app, member)
        browser.post("/account/factors/app/remove", data={"csrf_token": csrf_of(browser)})
        assert people.type_password(app.test_client(), member.email).headers["Location"] == "/"
        people.keep_promises(app, member.town)
        assert any("認証アプリが削除されました" in mail["Subject"] for mail in mails_to(member.email))

    def test_anothers_passkey_is_not_there(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        other = a_member(app, member.town, Party.STAFF, Role.CASEWORKER)
        people.with_passkey(app, other)
        id = people.passkey_ids(app, other)[0]
        answer = browser.post(f"/account/factors/passkeys/{id}/remove", data={"csrf_token": csrf_of(browser)})
        assert answer.status_code == 404
        assert people.passkey_ids(app, other) == [id]

    def test_an_old_confirmation_is_not_enough(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        people.with_app(app, member)
        people.let_time_pass(app, member, 20)
        answer = browser.post("/account/factors/app/remove", data={"csrf_token": csrf_of(browser)})
        assert answer.status_code == 401
        assert people.type_password(app.test_client(), member.email).headers["Location"] != "/"


class TestPasskeyPage:
    def test_a_passkey_is_added_under_its_name(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        device = people.new_device()
        answer = device.make(people.options(browser, "add", "/account/factors/"))
        fields = {"name": "机のパソコン", "answer": answer, "csrf_token": csrf_of(browser)}
        assert browser.post("/account/factors/passkeys", data=fields).headers["Location"].endswith("/codes/")
        assert "机のパソコン" in browser.get("/account/factors/").text
        people.keep_promises(app, member.town)
        assert any("パスキーが追加されました" in mail["Subject"] for mail in mails_to(member.email))

    def test_the_same_answer_is_not_taken_twice(self, browser: FlaskClient, app: Flask, member: Member) -> None:
        answer = people.new_device().make(people.options(browser, "add", "/account/factors/"))
        fields = {"name": "x", "answer": answer, "csrf_token": csrf_of(browser)}
        for _time in range(2):
            browser.post("/account/factors/passkeys", data=fields)
        assert len(people.passkey_ids(app, member)) == 1

    def test_without_scripts_the_page_says_so(self, browser: FlaskClient) -> None:
        page = browser.get("/account/factors/", base_url=people.site_url()).text
        assert "<noscript>" in page
        assert "JavaScript" in page

    def test_on_another_address_it_says_where_passkeys_work(self, browser: FlaskClient) -> None:
        page = browser.get("/account/factors/").text
        assert f'href="{people.site_url()}/account/factors/"' in page


class TestPaper:
    def test_codes_are_made_anew_saved_as_a_file_and_nobody_elses(self, app: Flask, member: Member) -> None:
        people.with_app(app, member)
        old = people.with_codes(app, member)
        browser = logged_in(app, member)
        browser.post("/account/factors/codes/", data={"csrf_token": csrf_of(browser)})
        page = browser.get("/account/factors/codes/").text
        codes, blob = people.codes_in(page), people.hidden(page, "blob")
        assert not set(codes) & set(old)
        file = browser.post("/account/factors/codes/file", data={"blob": blob, "csrf_token": people.csrf_in(page)})
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert all(code in file.text for code in codes)
        stranger = logged_in(app, a_member(app, member.town, Party.STAFF, Role.CASEWORKER))
        taken = stranger.post("/account/factors/codes/file", data={"blob": blob, "csrf_token": csrf_of(stranger)})
        assert taken.status_code == 302

    def test_without_a_factor_there_are_none(self, app: Flask, browser: FlaskClient, member: Member) -> None:
        browser.post("/account/factors/codes/", data={"csrf_token": csrf_of(browser)})
        assert browser.get("/account/factors/codes/").status_code == 302

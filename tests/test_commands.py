"""The operators' command line does what it says, and says what went wrong."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.kernel import ids
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from ayumi.web.mailbox import read, text_of
from tests.world import a_member, a_town, csrf_of, logged_in, working


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def create(run: FlaskCliRunner, slug: str, *more: str):
    words = ["--slug", slug, "--name", "試行市", "--kana", "シコウシ", "--prefecture", "試験県", *more]
    return run.invoke(args=["municipality", "create", *words])


class TestMunicipality:
    def test_it_is_created_and_listed(self, run: FlaskCliRunner) -> None:
        slug = f"new-{ids.new().hex[-8:]}"
        assert create(run, slug).exit_code == 0
        assert slug in run.invoke(args=["municipality", "list"]).output

    def test_a_code_with_a_wrong_check_digit_is_refused(self, run: FlaskCliRunner) -> None:
        answer = create(run, f"new-{ids.new().hex[-8:]}", "--code", "032019")
        assert answer.exit_code == 1
        assert "check digit" in answer.output

    def test_the_same_again_is_refused(self, run: FlaskCliRunner) -> None:
        slug = f"new-{ids.new().hex[-8:]}"
        create(run, slug)
        assert create(run, slug).exit_code == 1

    def test_a_name_that_is_an_address_of_ours_is_refused(self, run: FlaskCliRunner) -> None:
        assert create(run, "employer").exit_code == 1


class TestInvitation:
    def invite(self, run: FlaskCliRunner, slug: str, *roles: str) -> str:
        words = ["--municipality", slug, "--email", f"{ids.new().hex}@new.example", "--name", "新任 花子"]
        answer = run.invoke(args=["account", "invite", *words, *(f"--role={role}" for role in roles)])
        assert answer.exit_code == 0, answer.output
        return answer.output.strip().removeprefix(settings().base_url)

    def test_it_is_mailed_and_makes_an_account_in_its_place(self, app: Flask, run: FlaskCliRunner) -> None:
        town = a_town(app)
        path = self.invite(run, town.slug, "administrator")
        assert any(path in text_of(read(mail)) for mail in Path(settings().mail_dir).glob("*.eml"))
        browser = app.test_client()
        fields = {"name": "新任 花子", "password": "a long enough password", "csrf_token": csrf_of(browser)}
        assert browser.post(path, data=fields).status_code == 302
        assert browser.get("/").headers["Location"] == f"/t/{town.slug}/"

    def test_it_works_once(self, app: Flask, run: FlaskCliRunner) -> None:
        path = self.invite(run, a_town(app).slug, "caseworker")
        for status in (302, 409):
            browser = app.test_client()
            fields = {"name": "新任", "password": "a long enough password", "csrf_token": csrf_of(browser)}
            assert browser.post(path, data=fields).status_code == status

    def test_a_short_password_is_refused_beside_its_field(self, app: Flask, run: FlaskCliRunner) -> None:
        path = self.invite(run, a_town(app).slug, "caseworker")
        browser = app.test_client()
        answer = browser.post(path, data={"name": "新任", "password": "short", "csrf_token": csrf_of(browser)})
        assert answer.status_code == 422
        assert "12文字以上" in answer.text

    def test_a_role_of_the_other_side_is_refused(self, app: Flask, run: FlaskCliRunner) -> None:
        words = ["--municipality", a_town(app).slug, "--email", "x@new.example", "--name", "x", "--role=manager"]
        assert run.invoke(args=["account", "invite", *words]).exit_code == 1

    def test_somebody_with_an_account_keeps_it_and_gains_a_place(self, app: Flask, run: FlaskCliRunner) -> None:
        here, there = a_town(app), a_town(app)
        member = a_member(app, here, Party.STAFF, Role.CASEWORKER)
        words = ["--municipality", there.slug, "--email", member.email, "--name", "x", "--role=caseworker"]
        path = run.invoke(args=["account", "invite", *words]).output.strip().removeprefix(settings().base_url)
        stranger = app.test_client()
        fields = {"name": "x", "password": "a long enough password", "csrf_token": csrf_of(stranger)}
        assert "ログイン" in stranger.post(path, data=fields).text
        browser = logged_in(app, member)
        assert browser.post(path, data={"csrf_token": csrf_of(browser)}).location == f"/t/{there.slug}/"
        chooser = browser.get("/").text
        assert here.name in chooser
        assert there.name in chooser


def test_a_report_is_asked_for(app: Flask, run: FlaskCliRunner) -> None:
    town = a_town(app)
    answer = run.invoke(args=["report", "compile", "--month", "2026-10", "--municipality", town.slug])
    assert answer.exit_code == 0, answer.output
    with working(app, town):
        assert db.session.scalars(select(Promise.kind)).all() == ["monthly_report"]


def test_a_municipality_that_is_not_there_is_named(run: FlaskCliRunner) -> None:
    answer = run.invoke(args=["report", "compile", "--month", "2026-10", "--municipality", "atlantis"])
    assert answer.exit_code == 1
    assert "atlantis" in answer.output


def test_a_report_of_what_is_no_month_is_refused(run: FlaskCliRunner) -> None:
    answer = run.invoke(args=["report", "compile", "--month", "2026-13"])
    assert answer.exit_code == 1
    assert "YYYY-MM" in answer.output

"""What goes wrong is told to people in words and to the log without anything it was about."""

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from tests.world import a_member, a_town, logged_in

NAME = "個人情報 太郎"


def test_the_log_holds_nothing_of_what_failed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def ask_badly() -> None:
        db.session.execute(text("SELECT 1 / 0, :name"), {"name": NAME})

    monkeypatch.setattr("tenants.home.views.MAKERS", (("home", ask_badly),))
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    answer = logged_in(app, member).get(f"/t/{member.town.slug}/")
    told = "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert "何も保存されていません" in answer.text
    assert "DivisionByZero" in told
    assert NAME not in told
    assert "SELECT" not in told


def test_an_error_in_a_script_is_a_sentence_and_no_page(app: Flask) -> None:
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    answer = logged_in(app, member).get(f"/t/{a_town(app).slug}/", headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.content_type) == (404, "application/json")

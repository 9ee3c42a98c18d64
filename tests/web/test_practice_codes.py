"""The page with the codes of the demonstration: a newcomer gets in, and nobody else's codes stand there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.web import practice_codes
from tests.web import people
from tests.world import TOTP_SECRET, Member, a_member, a_town
from wsgi import make_app


@pytest.fixture
def newcomer(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    """Somebody whose login stands in the list of the demonstration."""
    member = people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))
    row = {"municipality_or_firm": "試験市", "role": "caseworker", "password": "-"}
    rows = [
        row | {"email": member.email, "totp_secret": TOTP_SECRET},
        row | {"email": "x@y.example", "totp_secret": ""},
    ]
    path = tmp_path / "demo-logins.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr(practice_codes, "settings", lambda: replace(settings(), demo_logins=str(path)))
    yield member


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_second_step_leads_to_the_code_and_the_code_lets_in(browser: FlaskClient, newcomer: Member) -> None:
    people.type_password(browser, newcomer.email)
    assert 'href="/dev/codes/"' in browser.get("/login/second-step").text
    page = browser.get("/dev/codes/").text
    assert f"<span>{newcomer.email}</span> <strong>{people.code()}</strong>" in page
    assert people.type_code(browser, people.code()).status_code == 302


def test_only_logins_of_the_demonstration_that_have_an_app_are_listed(
    app: Flask, browser: FlaskClient, newcomer: Member
) -> None:
    other = people.with_app(app, a_member(app, newcomer.town, Party.STAFF, Role.CASEWORKER))
    people.type_password(browser, other.email)
    page = browser.get("/dev/codes/").text
    assert newcomer.email in page
    assert other.email not in page
    assert "x@y.example" not in page
    assert TOTP_SECRET not in page


def test_with_a_mail_server_there_is_no_such_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AYUMI_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    try:
        assert not any(rule.rule.startswith("/dev/") for rule in make_app().url_map.iter_rules())
    finally:
        monkeypatch.undo()
        settings.cache_clear()

"""What goes to the log while people work and attackers try: nothing of anybody, and no secret."""

import json
import logging
from uuid import uuid4

import pytest
from flask import Flask

from ayumi.web import errors
from tests.isolation.learned import addresses
from tests.isolation.populated import populate
from tests.isolation.urls import BEHIND, methods
from tests.web import people
from tests.world import PASSWORD, TOTP_SECRET, csrf_of, logged_in

MARK = "秘密太郎"


def test_the_log_holds_nothing_of_anybody(
    app: Flask, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    town = populate(app, MARK)
    for kind in ("caseworker",):
        browser = logged_in(app, town.members[kind])
        for address in (each for rule in BEHIND if "GET" in methods(rule) for each in addresses(rule, town)):
            browser.get(address)
        browser.post(f"/t/{town.town.slug}/people/new", data={"family_name": MARK, "csrf_token": csrf_of(browser)})
    email = town.members["caseworker"].email
    people.type_password(app.test_client(), email)
    people.type_password(app.test_client(), email, "a password that is wrong")
    said = "".join(capfd.readouterr()) + caplog.text
    for secret in (MARK, email, PASSWORD, "a password that is wrong", str(app.secret_key), TOTP_SECRET):
        assert secret not in said


def test_a_failure_of_ours_tells_its_kind_and_place_only(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    with app.test_request_context("/x?name=%E7%A7%98%E5%AF%86"):
        errors.unknown(RuntimeError(MARK))
    said = "".join(capfd.readouterr())
    assert "RuntimeError" in said
    assert MARK not in said


def test_who_comes_in_and_who_is_turned_away_is_written_down(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    town = populate(app, MARK)
    worker = town.members["caseworker"]
    people.type_password(app.test_client(), worker.email, "a password that is wrong")
    people.type_password(app.test_client(), worker.email)
    browser = logged_in(app, worker)
    browser.post(f"/t/{town.town.slug}/prices/{town.ids['price_2']}/approve", data={"csrf_token": csrf_of(browser)})
    browser.get("/t/no-such-place/")
    browser.post("/logout", data={"csrf_token": "wrong"})
    said = "".join(capfd.readouterr())
    for why in ("password", "permission", "place", "form without its mark"):
        assert f'"why": "{why}"' in said, why
    assert '"event": "came in"' in said
    assert str(worker.account_id) in said


def test_what_was_refused_is_written_down_by_field_and_rule_without_its_content(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    town = populate(app, MARK)
    browser = logged_in(app, town.members["caseworker"])
    typed = {"family_name": MARK * 400, "birth_date": "yesterday", "csrf_token": csrf_of(browser)}
    assert browser.post(f"/t/{town.town.slug}/people/new", data=typed).status_code == 422
    assert browser.get(f"/t/{town.town.slug}/people/{uuid4()}").status_code == 404
    refused = [line for line in "".join(capfd.readouterr()).splitlines() if '"event": "refused"' in line]
    (of_input,) = [json.loads(line) for line in refused if '"what": "input"' in line]
    assert {"family_name", "birth_date"} <= set(of_input["fields"].split())
    assert of_input["endpoint"] == "console.participants.new"
    assert any('"rule": "NotFound"' in line for line in refused)
    assert MARK not in "".join(refused)

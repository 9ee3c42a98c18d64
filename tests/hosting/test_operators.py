"""Operators: invited by the command line, let in by link and second factor, their accounts like any other."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Account, OneTimeLink, Party, Role
from ayumi.accounts.rules import LinkSpent
from ayumi.hosting import operators
from ayumi.kernel import ids
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.tenancy import Door, Place
from tests.hosting.operators import an_operator, hosting
from tests.world import PASSWORD, a_member, a_town, logged_in, posted

LONG = "四つの離れた言葉をならべて"


def an_address() -> str:
    return f"new-{ids.new().hex[-8:]}@ayumi.example"


def invited(app: Flask, email: str) -> str:
    run = app.test_cli_runner().invoke(args=["operator", "invite", "--email", email, "--name", "新人"])
    assert run.exit_code == 0, run.output
    return run.output.strip().rpartition("/")[2]


def is_operator(app: Flask, email: str) -> bool | None:
    with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
        return session.scalar(select(Account.is_operator).where(Account.email == email))


def test_an_invited_operator_chooses_a_password_and_sets_up_a_second_factor_first(app: Flask) -> None:
    email = an_address()
    token, browser = invited(app, email), app.test_client()
    assert email in browser.get(f"/operator/join/{token}").get_data(as_text=True)
    answer = posted(browser, f"/operator/join/{token}", name="新人", password=LONG)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/operator/")
    assert is_operator(app, email) is True
    sent = browser.get("/operator/")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/account/factors/")


def test_the_link_works_once_and_the_database_keeps_only_its_hash(app: Flask) -> None:
    email = an_address()
    token = invited(app, email)
    assert posted(app.test_client(), f"/operator/join/{token}", name="新人", password=LONG).status_code == 302
    assert app.test_client().get(f"/operator/join/{token}").status_code == 409
    with app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
        with pytest.raises(LinkSpent):
            operators.asked(session, token)
        assert session.scalar(select(OneTimeLink.id).where(OneTimeLink.token_hash == token)) is None


def test_somebody_with_an_account_proves_it_with_its_password(app: Flask) -> None:
    town = a_town(app)
    member = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    token = invited(app, member.email)
    assert posted(app.test_client(), f"/operator/join/{token}", name="x", password=LONG).status_code == 422
    assert is_operator(app, member.email) is False
    assert posted(app.test_client(), f"/operator/join/{token}", name="x", password=PASSWORD).status_code == 302
    assert is_operator(app, member.email) is True


def test_a_weak_password_is_refused(app: Flask) -> None:
    token = invited(app, an_address())
    with pytest.raises(Invalid), app.app_context(), visiting(Place(Door.ACCOUNTS)) as session:
        operators.accept(session, token, name="新人", password="password1234")


def test_nobody_else_finds_the_console(app: Flask) -> None:
    member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    browser = logged_in(app, member)
    assert browser.get("/operator/").status_code == 404
    assert app.test_client().get("/operator/").headers["Location"].startswith("/login")


def test_an_operator_lands_in_the_console_and_chooses_where_they_also_work_elsewhere(app: Flask) -> None:
    operator = an_operator(app)
    assert hosting(app, operator).get("/").headers["Location"] == "/operator/"
    town = a_town(app)
    a_member(app, town, Party.STAFF, Role.CASEWORKER, account_id=operator.account_id)
    page = hosting(app, operator).get("/").get_data(as_text=True)
    assert "/operator/" in page
    assert f"/t/{town.slug}/" in page


def test_whoever_has_not_shown_who_they_are_lately_is_asked_before_the_glass(app: Flask) -> None:
    operator, town = an_operator(app), a_town(app)
    browser = hosting(app, operator, minutes_ago=16)
    assert browser.get("/operator/").status_code == 200
    asked = browser.get(f"/operator/m/{town.slug}/glass/new")
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/confirm")

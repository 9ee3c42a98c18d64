"""A machine of the database is away: whoever does not need it goes on, everybody else is told to come back."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ayumi.accounts import sessions
from ayumi.accounts.model import Party, Role
from ayumi.kernel.away import is_away
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import Member, a_member, a_town, csrf_of, logged_in

AWAY = "DO $$ BEGIN RAISE EXCEPTION 'connection to the remote node failed' USING ERRCODE = '08006'; END $$"
IN_A_TRANSACTION = (
    "DO $$ BEGIN RAISE EXCEPTION 'failure on connection marked as essential: db2' USING ERRCODE = 'XX000'; END $$"
)
UNWRITABLE = """
    CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'connection to the remote node failed' USING ERRCODE = '08006'; END $$;
    CREATE TRIGGER away BEFORE UPDATE ON login_session FOR EACH ROW EXECUTE FUNCTION away()"""


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def unwritable(app: Flask) -> Iterator[None]:
    """No session can be written for now: a machine is away."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(text(UNWRITABLE))
    yield
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(text("DROP FUNCTION away CASCADE"))


def said(app: Flask, sentence: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(text(sentence))
    return caught.value


@pytest.mark.parametrize("sentence", [AWAY, IN_A_TRANSACTION])
def test_what_the_database_says_then_is_known(app: Flask, sentence: str) -> None:
    assert is_away(said(app, sentence))


@pytest.mark.parametrize("sentence", ["SELECT 1 / 0", "SELECT no_such", AWAY.replace("08006", "XX000")])
def test_other_errors_are_none_of_it(app: Flask, sentence: str) -> None:
    assert not is_away(said(app, sentence))


@pytest.mark.parametrize("sentence", [AWAY, IN_A_TRANSACTION])
def test_who_needs_it_is_told_to_come_back_and_that_nothing_is_wrong(
    app: Flask, member: Member, monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    monkeypatch.setattr("tenants.home.views.MAKERS", (("home", lambda: db.session.execute(text(sentence))),))
    answer = logged_in(app, member).get(f"/t/{member.town.slug}/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Traceback" not in answer.text
    assert "少し待ってから" in answer.text


def test_who_cannot_even_be_looked_up_reads_the_same(
    app: Flask, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = logged_in(app, member)
    monkeypatch.setattr(sessions, "of_session", lambda connection, **_asked: connection.execute(text(AWAY)))
    answer = browser.get(f"/t/{member.town.slug}/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "少し待ってから" in answer.text


@pytest.mark.usefixtures("unwritable")
def test_who_is_logged_in_goes_on_though_it_cannot_be_written_down(app: Flask, member: Member) -> None:
    browser = logged_in(app, member)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(text("ALTER TABLE login_session DISABLE TRIGGER away"))
        session.execute(text("UPDATE login_session SET seen_at = seen_at - interval '2 minutes'"))
        session.execute(text("ALTER TABLE login_session ENABLE TRIGGER away"))
    assert browser.get(f"/t/{member.town.slug}/people/").status_code == 200
    assert browser.post("/logout", data={"csrf_token": csrf_of(browser)}).status_code == 503

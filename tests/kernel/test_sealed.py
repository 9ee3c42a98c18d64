"""Keys follow one another: what an older key has sealed is read until it is sealed anew, and then without it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.factors.model import AuthenticatorApp
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import BrokenSeal, renewed, seal, unseal
from ayumi.kernel.tenancy import Door, Place
from tests.web import people
from tests.world import Member, a_member, a_town, logged_in

NEW, OLD = "another key that is long enough for tests of keys", "for tests only and long enough for them"


class Keys:
    """The secret keys of this process, to be changed for a moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def are(self, newest: str, *older: str) -> None:
        self.monkeypatch.setenv("AYUMI_SECRET_KEY", newest)
        self.monkeypatch.setenv("AYUMI_OLD_SECRET_KEYS", ", ".join(older))
        settings.cache_clear()


@pytest.fixture
def keys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    yield Keys(monkeypatch)
    monkeypatch.undo()
    settings.cache_clear()


def test_an_older_key_opens_and_the_newest_seals(keys: Keys) -> None:
    keys.are(OLD)
    sealed = seal("geheim")
    keys.are(NEW, OLD)
    assert unseal(sealed) == "geheim"
    fresh = renewed(sealed)
    keys.are(NEW)
    assert unseal(fresh) == "geheim"
    with pytest.raises(BrokenSeal):
        unseal(sealed)


def test_apps_go_on_after_everything_was_sealed_anew(app: Flask, keys: Keys) -> None:
    member = people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))
    before = _sealed(app, member)
    keys.are(NEW, OLD)
    answer = app.test_cli_runner().invoke(args=["key", "renew"])
    assert answer.exit_code == 0, answer.output
    assert _sealed(app, member) != before
    keys.are(NEW)
    browser = app.test_client()
    people.type_password(browser, member.email)
    assert people.type_code(browser, people.code()).status_code == 302
    assert browser.get("/").location == f"/t/{member.town.slug}/"
    keys.are(OLD, NEW)  # back to the key of the other tests
    assert app.test_cli_runner().invoke(args=["key", "renew"]).exit_code == 0


def test_what_no_known_key_opens_is_counted_and_left_as_it_is(app: Flask, keys: Keys) -> None:
    lost = people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))
    fine = people.with_app(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(AuthenticatorApp, lost.account_id).sealed_secret = "sealed elsewhere"
    before = _sealed(app, fine)
    answer = app.test_cli_runner().invoke(args=["key", "renew"])
    assert answer.exit_code == 0, answer.output
    assert "no key that is known opens them" in answer.output
    assert (_sealed(app, lost), _sealed(app, fine) != before) == ("sealed elsewhere", True)


def test_sessions_of_an_older_key_go_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = logged_in(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))
    monkeypatch.setitem(app.config, "SECRET_KEY", NEW)
    assert _status(browser) == 302
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [OLD])
    assert _status(browser) == 200


def _status(browser: FlaskClient) -> int:
    return browser.get("/account").status_code


def _sealed(app: Flask, member: Member) -> str:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        return session.get_one(AuthenticatorApp, member.account_id).sealed_secret

"""A municipality's provider vouches for its own place: it neither replaces nor changes what guards the others."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ayumi.accounts.model import Account, LoginSession, Party, Role
from ayumi.factors.model import AuthenticatorApp
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import seal
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import AccessPolicy
from tests.signon.providers import Liar, come_back, give_provider, lying_provider, set_out
from tests.world import Member, Town, a_member, a_town, posted


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying_provider() as provider:
        yield provider


@pytest.fixture
def town(app: Flask, liar: Liar) -> Town:
    """A town that asks its staff for a second factor."""
    made = a_town(app)
    give_provider(app, made, liar.issuer)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=made.tenant_id)) as session:
        session.scalars(select(AccessPolicy)).one().second_factor_required = True
    return made


@pytest.fixture
def member(app: Flask, town: Town, liar: Liar) -> Member:
    made = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    liar.claims["email"] = made.email
    return made


@pytest.fixture
def browser(app: Flask, town: Town, member: Member, liar: Liar) -> FlaskClient:
    """A browser that has come in by the provider, with one factor."""
    client = app.test_client()
    assert come_back(client, liar.send_back(set_out(client, town))).status_code == 302
    return client


def give_app(app: Flask, member: Member) -> str:
    secret = pyotp.random_base32()
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.add(
            AuthenticatorApp(
                account_id=member.account_id,
                sealed_secret=seal(secret),
                made_at=clock.now(),
                confirmed_at=clock.now(),
                last_step=0,
            )
        )
    return secret


def test_somebody_without_a_factor_sets_up_an_app_and_nothing_else(
    browser: FlaskClient, town: Town, member: Member
) -> None:
    answer = browser.get(f"/t/{town.slug}/")
    assert answer.headers["Location"] == "/account/factors/app"
    assert browser.get("/account/factors/app").status_code == 200
    for path in ("/account/factors/", "/account/password", "/account/sessions/"):
        assert browser.get(path).status_code == 404, path
    assert posted(browser, "/account/factors/passkeys", name="mine", answer="{}").status_code == 404
    assert posted(browser, "/account/language", language="en").status_code == 404


def test_an_account_that_belongs_elsewhere_too_gets_no_factor_from_this_provider(
    app: Flask, browser: FlaskClient, town: Town, member: Member
) -> None:
    a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, account_id=member.account_id)
    assert browser.get(f"/t/{town.slug}/").status_code == 403
    assert browser.get("/account/factors/app").status_code == 404


def test_an_operator_gets_no_factor_from_this_provider(
    app: Flask, browser: FlaskClient, town: Town, member: Member
) -> None:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(Account, member.account_id).is_operator = True
    assert browser.get("/account/factors/app").status_code == 404


def test_a_factor_there_already_is_shown_and_not_replaced(
    app: Flask, browser: FlaskClient, town: Town, member: Member
) -> None:
    secret = give_app(app, member)
    assert browser.get(f"/t/{town.slug}/").headers["Location"].startswith("/confirm")
    assert browser.get("/account/factors/app").status_code != 200
    answer = posted(browser, "/confirm", code=pyotp.TOTP(secret).now(), next=f"/t/{town.slug}/")
    assert answer.headers["Location"] == f"/t/{town.slug}/"
    assert browser.get(f"/t/{town.slug}/").status_code == 200
    assert browser.get("/account/factors/app").status_code == 404


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class TestAgain:
    """Who is asked once more goes to the provider once more, and it must ask."""

    def again(self, client: FlaskClient, town: Town) -> str:
        return client.get(f"/signon/{town.slug}/start?again=1&next=/account").headers["Location"]

    def test_the_provider_is_told_to_ask(self, browser: FlaskClient, town: Town) -> None:
        said = query_of(self.again(browser, town))
        assert (said["prompt"], said["max_age"]) == ("login", "0")

    @pytest.mark.parametrize("age", [None, 3600, "now"])
    def test_a_proof_of_earlier_does_not_count(
        self, app: Flask, browser: FlaskClient, town: Town, liar: Liar, age: int | str | None
    ) -> None:
        if age is not None:
            liar.claims["auth_time"] = int(time.time()) - age if isinstance(age, int) else age
        assert come_back(browser, liar.send_back(self.again(browser, town))).status_code == 403

    def test_a_fresh_proof_opens_a_fresh_session_and_ends_the_old(
        self, app: Flask, browser: FlaskClient, town: Town, member: Member, liar: Liar
    ) -> None:
        liar.claims["auth_time"] = int(time.time())
        back = come_back(browser, liar.send_back(self.again(browser, town)))
        assert back.headers["Location"] == "/account"
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            query = select(LoginSession.ended_at).where(LoginSession.account_id == member.account_id)
            ended = session.scalars(query.order_by(LoginSession.started_at)).all()
        assert [at is None for at in ended] == [False, True]

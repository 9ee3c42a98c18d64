"""The door of a municipality: how it is found, when it is shut, and how its administrator tries it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality
from ayumi.signon.model import IdentityProvider
from tests.signon.providers import come_back, give_provider, log_in_there, set_out
from tests.signon.scene import Scene, account_of, query_of
from tests.world import Town, a_member, a_town, logged_in, posted


def test_the_way_out_carries_a_challenge_and_a_fixed_way_back(app: Flask, scene: Scene) -> None:
    said = query_of(set_out(app.test_client(), scene.town))
    assert said["code_challenge_method"] == "S256" and len(said["code_challenge"]) == 43
    assert said["response_type"] == "code" and "openid" in said["scope"].split()
    assert said["redirect_uri"].endswith(f"/signon/{scene.town.slug}/callback")
    assert len(said["state"]) >= 40 and len(said["nonce"]) >= 20


def test_somebody_the_provider_turns_away_is_not_let_in(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    state = query_of(set_out(client, scene.town))["state"]
    assert client.get(f"/signon/{scene.town.slug}/callback?error=access_denied&state={state}").status_code == 403


def test_a_provider_that_has_been_switched_off_opens_nothing(app: Flask, scene: Scene) -> None:
    town = scene.other
    client = app.test_client()
    back = log_in_there(set_out(client, town), "hanako")
    switch(app, town, is_enabled=False)
    try:
        assert come_back(client, back).status_code == 403
        assert client.get(f"/signon/{town.slug}/start").status_code == 403
        assert client.get(f"/login/{town.slug}").status_code == 404
    finally:
        switch(app, town, is_enabled=True)


def switch(app: Flask, town: Town, *, is_enabled: bool) -> None:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.scalars(select(IdentityProvider)).one().is_enabled = is_enabled


def test_a_municipality_that_is_suspended_has_no_door(app: Flask, scene: Scene) -> None:
    town = a_town(app)
    give_provider(app, town, scene.issuer)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(Municipality, town.tenant_id).suspended_at = clock.now()
    client = app.test_client()
    assert client.get(f"/login/{town.slug}").status_code == 404
    assert client.get(f"/signon/{town.slug}/start").status_code == 404
    assert town.slug not in client.get("/signon", query_string={"municipality": town.name}).text


def test_a_secret_sealed_with_a_lost_key_lets_nobody_in(app: Flask, scene: Scene) -> None:
    town = a_town(app)
    give_provider(app, town, scene.issuer)
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.scalars(select(IdentityProvider)).one().sealed_client_secret = "sealed elsewhere"
    client = app.test_client()
    state = query_of(set_out(client, town))["state"]
    back = f"/signon/{town.slug}/callback?code=x&state={state}&iss={scene.issuer}"
    assert client.get(back).status_code == 403


def test_the_door_is_found_by_name(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    page = client.get("/signon", query_string={"municipality": scene.town.name}).text
    assert f"/login/{scene.town.slug}" in page
    assert "/signon/" + scene.town.slug + "/start" in client.get(f"/login/{scene.town.slug}").text
    assert client.get("/signon", query_string={"municipality": "どこにもない市"}).status_code == 200
    assert client.get("/login/no-such-town").status_code == 404


class TestTrying:
    """An administrator tries a provider before anybody depends on it."""

    @pytest.fixture
    def town(self, app: Flask, scene: Scene) -> Iterator[Town]:
        switch(app, scene.other, is_enabled=False)
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.other.tenant_id)) as session:
            session.scalars(select(IdentityProvider)).one().tried_at = None
        yield scene.other
        switch(app, scene.other, is_enabled=True)

    def test_a_round_trip_proves_it_and_logs_nobody_in(self, app: Flask, scene: Scene, town: Town) -> None:
        administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
        client = logged_in(app, administrator)
        assert posted(client, f"/t/{town.slug}/access/provider/on").status_code == 409
        out = client.get(f"/signon/{town.slug}/try").headers["Location"]
        back = come_back(client, log_in_there(out, "shiro"))
        assert back.headers["Location"] == f"/t/{town.slug}/access/provider"
        assert account_of(app, "shiro") is None
        with client.session_transaction() as cookie:
            assert cookie["_user_id"].startswith(str(administrator.account_id))
        assert posted(client, f"/t/{town.slug}/access/provider/on").status_code == 302
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
            assert session.scalars(select(IdentityProvider)).one().is_enabled

    def test_a_wrong_secret_is_told_to_the_administrator(self, app: Flask, scene: Scene) -> None:
        town = a_town(app)
        give_provider(app, town, scene.issuer, is_enabled=False, secret="another one")
        client = logged_in(app, a_member(app, town, Party.STAFF, Role.ADMINISTRATOR))
        out = client.get(f"/signon/{town.slug}/try").headers["Location"]
        state = query_of(out)["state"]
        answer = client.get(f"/signon/{town.slug}/callback?code=x&state={state}&iss={scene.issuer}")
        assert answer.headers["Location"] == f"/t/{town.slug}/access/provider"
        assert "リダイレクト" in client.get(f"/t/{town.slug}/access/provider").text

    def test_only_its_administrator_tries_it(self, app: Flask, scene: Scene, town: Town) -> None:
        for member in (a_member(app, town, Party.STAFF, Role.SECTION_HEAD), scene.administrator):
            assert logged_in(app, member).get(f"/signon/{town.slug}/try").status_code == 404
        assert app.test_client().get(f"/signon/{town.slug}/try").status_code == 404

    def test_a_trial_of_another_person_proves_nothing(self, app: Flask, scene: Scene, town: Town) -> None:
        client = logged_in(app, a_member(app, town, Party.STAFF, Role.ADMINISTRATOR))
        out = client.get(f"/signon/{town.slug}/try").headers["Location"]
        back = log_in_there(out, "shiro")
        with client.session_transaction() as cookie:
            del cookie["_user_id"]
        come_back(client, back)
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
            assert session.scalars(select(IdentityProvider)).one().tried_at is None

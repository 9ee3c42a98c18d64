"""Logging in at a real provider: who gets in, how far, and who does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from ayumi.accounts.model import Account, LoginMethod, LoginSession, Membership, Party, Role
from ayumi.invitations import rules as invitations
from ayumi.invitations.model import Invitation, InvitationStatus
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Municipality
from ayumi.signon.model import ExternalIdentity, IdentityProvider
from tests.signon.providers import come_back, give_provider, log_in_there, real_provider, set_out, through
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, logged_in, posted


def person(name: str, *, verified: bool = True) -> dict[str, object]:
    return {"email": f"{name}-{RUN}@city.example", "email_verified": verified, "name": name}


RUN = ids.new().hex[-8:]
PEOPLE = {name: person(name) for name in ("hanako", "jiro", "saburo", "shiro", "goro", "rokuro", "shichiro", "hachiro")}
PEOPLE["unverified"] = person("unverified", verified=False)


@dataclass
class Scene:
    """Two municipalities that use the same provider."""

    issuer: str
    town: Town
    other: Town
    administrator: Member


@pytest.fixture(scope="module")
def scene(app: Flask) -> Iterator[Scene]:
    town, other = a_town(app), a_town(app)
    with real_provider(PEOPLE, town.slug, other.slug) as issuer:
        give_provider(app, town, issuer)
        give_provider(app, other, issuer)
        yield Scene(issuer, town, other, a_member(app, town, Party.STAFF, Role.ADMINISTRATOR))


def invite(app: Flask, by: Member, name: str) -> None:
    with inside(app, by):
        invitations.invite(email=str(PEOPLE[name]["email"]), name=name, party=Party.STAFF, roles=[Role.CASEWORKER])


def staff_with_address(app: Flask, town: Town, name: str, *roles: Role) -> Member:
    """Somebody on the staff, with the address the provider knows them by."""
    made = a_member(app, town, Party.STAFF, *(roles or (Role.CASEWORKER,)))
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(Account, made.account_id).email = str(PEOPLE[name]["email"])
    return made


def account_of(app: Flask, name: str) -> Account | None:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        found = session.scalar(select(Account).where(Account.email == PEOPLE[name]["email"]))
        if found:
            session.expunge(found)
        return found


def counted(app: Flask, model: type, *where: object) -> int:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def test_an_invited_person_gets_the_place_the_invitation_says(app: Flask, scene: Scene) -> None:
    invite(app, scene.administrator, "hanako")
    client = app.test_client()
    assert through(client, scene.town, "hanako").status_code == 302
    account = account_of(app, "hanako")
    assert account is not None and account.password_hash is None
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        place = session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
        assert (place.party, place.roles, place.confidentiality_pledge_on) == (Party.STAFF, ["caseworker"], None)
        invitation = session.scalars(select(Invitation).where(Invitation.account_id == account.id)).one()
        assert invitation.status is InvitationStatus.ACCEPTED
        login = session.scalars(select(LoginSession).where(LoginSession.account_id == account.id)).one()
        assert (login.method, login.only_tenant_id) == (LoginMethod.SINGLE_SIGN_ON, scene.town.tenant_id)


def test_at_the_second_login_the_subject_is_known_whatever_its_address_is(app: Flask, scene: Scene) -> None:
    member = staff_with_address(app, scene.town, "jiro")
    assert through(app.test_client(), scene.town, "jiro").status_code == 302
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.get_one(Account, member.account_id).email = f"jiro-{RUN}@married.example"
    client = app.test_client()
    assert through(client, scene.town, "jiro").status_code == 302
    assert counted(app, LoginSession, LoginSession.account_id == member.account_id) == 2
    assert counted(app, ExternalIdentity, ExternalIdentity.account_id == member.account_id) == 1


def test_somebody_on_the_staff_is_linked_and_told_so(app: Flask, scene: Scene) -> None:
    member = staff_with_address(app, scene.town, "saburo")
    assert through(app.test_client(), scene.town, "saburo").status_code == 302
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        promised = [each.arguments for each in session.scalars(select(Promise).where(Promise.kind == "account_notice"))]
    told = {each["what"] for each in promised if each["account_id"] == str(member.account_id)}
    assert "single_sign_on_linked" in told


def test_whoever_was_not_invited_is_told_nothing(app: Flask, scene: Scene) -> None:
    answer = through(app.test_client(), scene.town, "shiro")
    assert answer.status_code == 403
    assert account_of(app, "shiro") is None
    known_elsewhere = staff_with_address(app, scene.other, "goro")
    other_answer = through(app.test_client(), scene.town, "goro")
    assert other_answer.status_code == 403
    assert nonce_free(other_answer.text) == nonce_free(answer.text)
    assert counted(app, ExternalIdentity, ExternalIdentity.account_id == known_elsewhere.account_id) == 0


def nonce_free(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "nonce" not in line)


def test_an_invitation_into_another_municipality_opens_nothing_here(app: Flask, scene: Scene) -> None:
    elsewhere = a_member(app, scene.other, Party.STAFF, Role.ADMINISTRATOR)
    invite(app, elsewhere, "hachiro")
    assert through(app.test_client(), scene.town, "hachiro").status_code == 403
    assert account_of(app, "hachiro") is None


def test_an_address_that_is_not_verified_opens_no_invitation(app: Flask, scene: Scene) -> None:
    invite(app, scene.administrator, "unverified")
    assert through(app.test_client(), scene.town, "unverified").status_code == 403
    assert account_of(app, "unverified") is None


def test_a_subject_linked_in_one_municipality_opens_nothing_in_another_with_the_same_provider(
    app: Flask, scene: Scene
) -> None:
    staff_with_address(app, scene.town, "rokuro")
    assert through(app.test_client(), scene.town, "rokuro").status_code == 302
    assert through(app.test_client(), scene.other, "rokuro").status_code == 403


def test_a_place_that_has_ended_is_not_opened_by_a_link_made_before(app: Flask, scene: Scene) -> None:
    member = staff_with_address(app, scene.town, "shichiro")
    assert through(app.test_client(), scene.town, "shichiro").status_code == 302
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=scene.town.tenant_id)) as session:
        place = session.get_one(Membership, (scene.town.tenant_id, member.membership_id))
        place.ends_on = place.starts_on
    assert through(app.test_client(), scene.town, "shichiro").status_code == 403


class TestReach:
    """A session by a municipality's provider opens that municipality's staff's place, and nothing else."""

    @pytest.fixture
    def member(self, app: Flask, scene: Scene) -> Member:
        """Somebody of the town's staff who belongs to many other places as well, and hosts municipalities."""
        found = account_of(app, "hanako")
        if found is None:
            staff_with_address(app, scene.town, "hanako")
            found = account_of(app, "hanako")
        assert found is not None
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            session.get_one(Account, found.id).is_operator = True
        firm_id = a_firm(app)
        for town in (scene.town, scene.other):
            a_contract(app, town, firm_id)
        third = a_town(app)
        a_member(app, third, Party.STAFF, Role.CASEWORKER, account_id=found.id)
        a_member(app, scene.town, Party.FIRM, Role.MANAGER, firm_id=firm_id, account_id=found.id)
        return a_member(app, scene.other, Party.FIRM, Role.MANAGER, firm_id=firm_id, account_id=found.id)

    def test_it_reaches_no_other_place_of_its_owner(self, app: Flask, scene: Scene, member: Member) -> None:
        client = app.test_client()
        through(client, scene.town, "hanako")
        own = client.get(f"/t/{scene.town.slug}/")
        assert own.status_code in (200, 302)
        assert client.get(f"/portal/{scene.town.slug}/").status_code == 404
        assert client.get(f"/portal/{scene.other.slug}/").status_code == 404
        assert client.get(f"/t/{scene.other.slug}/").status_code == 404
        assert scene.other.name not in client.get("/", follow_redirects=True).text

    def test_its_owner_is_no_operator_in_it(self, app: Flask, scene: Scene, member: Member) -> None:
        client = app.test_client()
        through(client, scene.town, "hanako")
        with client:
            client.get("/account")
            from flask_login import current_user  # noqa: PLC0415

            assert current_user.is_operator is False
            assert {each.slug for each in current_user.belongings} == {scene.town.slug}


class TestOnce:
    """A way there and back is good once, and only for the browser that set out."""

    def test_what_came_back_once_does_not_come_back_again(self, app: Flask, scene: Scene) -> None:
        invite_if_new(app, scene, "hanako")
        client = app.test_client()
        back = log_in_there(set_out(client, scene.town), "hanako")
        assert come_back(client, back).status_code == 302
        assert come_back(client, back).status_code == 403
        assert come_back(app.test_client(), back).status_code == 403

    def test_an_old_cookie_does_not_make_a_state_good_again(self, app: Flask, scene: Scene) -> None:
        client = app.test_client()
        back = log_in_there(set_out(client, scene.town), "hanako")
        old = client.get_cookie("ayumi")
        assert old is not None
        come_back(client, back)
        client.set_cookie("ayumi", old.value)
        assert come_back(client, back).status_code == 403

    def test_a_code_is_refused_under_another_state(self, app: Flask, scene: Scene) -> None:
        client = app.test_client()
        used = log_in_there(set_out(client, scene.town), "hanako")
        come_back(client, used)
        state = query_of(set_out(client, scene.town))["state"]
        assert come_back(client, used.replace(query_of(used)["state"], state)).status_code == 403

    def test_a_code_that_somebody_else_brought_along_is_refused(self, app: Flask, scene: Scene) -> None:
        """Logging a victim in as the attacker: the state is not the victim's own, nor is the code's verifier."""
        attacker, victim = app.test_client(), app.test_client()
        back = log_in_there(set_out(attacker, scene.town), "hanako")
        assert come_back(victim, back).status_code == 403
        state = query_of(set_out(victim, scene.town))["state"]
        assert come_back(victim, back.replace(query_of(back)["state"], state)).status_code == 403

    def test_it_comes_back_to_the_municipality_it_set_out_from(self, app: Flask, scene: Scene) -> None:
        client = app.test_client()
        back = log_in_there(set_out(client, scene.town), "hanako")
        assert come_back(client, back.replace(scene.town.slug, scene.other.slug)).status_code == 403

    def test_nothing_planted_before_survives_it(self, app: Flask, scene: Scene) -> None:
        client = app.test_client()
        client.get("/login")
        with client.session_transaction() as cookie:
            cookie["planted"] = "by somebody else"
        through(client, scene.town, "hanako")
        with client.session_transaction() as cookie:
            assert "planted" not in cookie

    def test_it_goes_on_only_to_pages_of_ours(self, app: Flask, scene: Scene) -> None:
        for wish, where in (("/account", "/account"), ("https://evil.example/", "/"), ("//evil.example", "/")):
            client = app.test_client()
            back = log_in_there(set_out(client, scene.town, following=wish), "hanako")
            assert come_back(client, back).headers["Location"] == where


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def invite_if_new(app: Flask, scene: Scene, name: str) -> None:
    if account_of(app, name) is None:
        staff_with_address(app, scene.town, name)


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
        out = client.get(f"/t/{town.slug}/access/provider/try").headers["Location"]
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
        out = client.get(f"/t/{town.slug}/access/provider/try").headers["Location"]
        state = query_of(out)["state"]
        answer = client.get(f"/signon/{town.slug}/callback?code=x&state={state}&iss={scene.issuer}")
        assert answer.headers["Location"] == f"/t/{town.slug}/access/provider"
        assert "リダイレクト" in client.get(f"/t/{town.slug}/access/provider").text

    def test_a_trial_of_another_person_proves_nothing(self, app: Flask, scene: Scene, town: Town) -> None:
        client = logged_in(app, a_member(app, town, Party.STAFF, Role.ADMINISTRATOR))
        out = client.get(f"/t/{town.slug}/access/provider/try").headers["Location"]
        back = log_in_there(out, "shiro")
        with client.session_transaction() as cookie:
            del cookie["_user_id"]
        come_back(client, back)
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
            assert session.scalars(select(IdentityProvider)).one().tried_at is None

"""Logging in at a real provider: who gets in, how far, and who does not."""

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Account, LoginMethod, LoginSession, Membership, Party, Role
from ayumi.invitations.model import Invitation, InvitationStatus
from ayumi.kernel.db import visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon.model import ExternalIdentity
from tests.signon.providers import come_back, log_in_there, set_out, through
from tests.signon.scene import RUN, Scene, account_of, counted, invite, query_of, staff_with_address
from tests.world import Member, a_contract, a_firm, a_member, a_town


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


def invite_if_new(app: Flask, scene: Scene, name: str) -> None:
    if account_of(app, name) is None:
        staff_with_address(app, scene.town, name)

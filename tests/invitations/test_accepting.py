"""Following an invitation: who may say yes, to what, and that it works once."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.invitations.model import InvitationStatus
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.invitations.acts import (
    NEW_PASSWORD,
    deeds,
    fresh_email,
    invite,
    keep_promises,
    links,
    places_of,
    the_invitation,
)
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, csrf_of, inside, logged_in, posted


@pytest.fixture
def admin(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


def invited(app: Flask, admin: Member, email: str, **more: object) -> str:
    """Invite an address and return the path of the mailed link."""
    with inside(app, admin):
        invite(email, **more)
    keep_promises(app, admin.town, "invitation_mail")
    return links(email, "invitation")[-1]


def join(browser: FlaskClient, path: str, **more: str) -> TestResponse:
    """Choose a password."""
    fields = {"name": "新任 花子", "password": NEW_PASSWORD, "csrf_token": csrf_of(browser)}
    return browser.post(path, data=fields | more)


def account_of(app: Flask, email: str) -> Account | None:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        found = session.query(Account).filter_by(email=email).one_or_none()
        session.expunge_all()
        return found


def end(app: Flask, town: Town, account_id: UUID) -> None:
    """Let somebody's place have ended yesterday."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(Membership).where(Membership.account_id == account_id).values(ends_on=yesterday))


class TestANewcomer:
    def test_gets_the_place_and_the_roles_the_inviter_fixed(self, app: Flask, admin: Member) -> None:
        email, last = fresh_email(), clock.today() + timedelta(days=30)
        path = invited(app, admin, email, roles=[Role.CASEWORKER], ends_on=last, kana="シンニンハナコ")
        answer = join(app.test_client(), path, roles="administrator", tenant_id="1", email="other@new.example")
        assert answer.location == f"/t/{admin.town.slug}/"
        account = account_of(app, email)
        assert account is not None
        assert account.password_set_at is not None
        (place,) = places_of(app, admin.town, account.id)
        assert (place.party, place.roles, place.ends_on) == (Party.STAFF, ["caseworker"], last)
        assert (place.kana, place.confidentiality_pledge_on) == ("シンニンハナコ", None)
        assert the_invitation(app, admin.town, email).status is InvitationStatus.ACCEPTED
        assert deeds(app, admin.town, the_invitation(app, admin.town, email).id) == ["invited", "accepted"]
        assert deeds(app, admin.town, place.id) == ["joined"]

    def test_the_page_says_what_one_is_asked_to_join(self, app: Flask, admin: Member) -> None:
        firm = a_firm(app, name="はまかぜ")
        a_contract(app, admin.town, firm)
        firmly = {"party": Party.FIRM, "roles": [Role.SUPPORTER], "firm_id": firm}
        page = app.test_client().get(invited(app, admin, fresh_email(), **firmly)).text
        for word in (admin.town.name, "はまかぜ", "支援員"):
            assert word in page

    def test_two_clicks_accept_once(self, app: Flask, admin: Member) -> None:
        path = invited(app, admin, fresh_email())
        assert [join(app.test_client(), path).status_code for _click in range(2)] == [302, 409]

    def test_a_weak_password_is_refused_and_never_sent_back(self, app: Flask, admin: Member) -> None:
        path = invited(app, admin, fresh_email())
        for weak in ("short", f"{admin.town.name}で働く新任です", "新任 花子 新任 花子"):
            answer = join(app.test_client(), path, password=weak)
            assert answer.status_code == 422, weak
            assert f'value="{weak}"' not in answer.text

    def test_a_link_that_was_made_up_looks_like_one_that_is_spent(self, app: Flask, admin: Member) -> None:
        path = invited(app, admin, fresh_email())
        join(app.test_client(), path)
        spent = app.test_client().get(path)
        guessed = app.test_client().get("/invitation/guessed")
        assert (spent.status_code, guessed.status_code) == (409, 409)

    def test_a_place_that_is_over_before_it_begins_cannot_be_taken(self, app: Flask, admin: Member) -> None:
        path = invited(app, admin, fresh_email(), ends_on=clock.today())
        with clock.at(clock.now() + timedelta(days=2)):
            assert app.test_client().get(path).status_code == 409


class TestSomebodyWithAnAccount:
    def test_proves_it_by_logging_in(self, app: Flask, admin: Member) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        path = invited(app, admin, member.email)
        assert join(app.test_client(), path).status_code == 200
        assert places_of(app, admin.town, member.account_id) == []
        browser = logged_in(app, member)
        assert posted(browser, path).location == f"/t/{admin.town.slug}/"
        assert [place.roles for place in places_of(app, admin.town, member.account_id)] == [["caseworker"]]

    def test_the_login_page_leads_back_to_the_invitation(self, app: Flask, admin: Member) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        path = invited(app, admin, member.email)
        assert f"/login?next={path}" in app.test_client().get(path).text

    def test_somebody_else_cannot_take_it_up(self, app: Flask, admin: Member) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        other = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        path = invited(app, admin, member.email)
        answer = posted(logged_in(app, other), path)
        assert other.email in answer.text
        assert places_of(app, admin.town, other.account_id) == []

    def test_nobody_takes_over_an_account_by_choosing_a_password(self, app: Flask, admin: Member) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        before = account_of(app, member.email)
        join(app.test_client(), invited(app, admin, member.email))
        after = account_of(app, member.email)
        assert before is not None
        assert after is not None
        assert after.password_hash == before.password_hash

    def test_an_employers_contact_who_has_only_links_chooses_a_password(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            session.add(Account(email=email, name="店主", created_at=clock.now(), is_operator=False))
        assert join(app.test_client(), invited(app, admin, email)).status_code == 302
        account = account_of(app, email)
        assert account is not None
        assert account.password_hash is not None
        assert account.name == "店主"

    def test_somebody_who_comes_back_gets_the_old_place_and_pledges_anew(self, app: Flask, admin: Member) -> None:
        member = a_member(app, admin.town, Party.STAFF, Role.CASEWORKER)
        end(app, admin.town, member.account_id)
        path = invited(app, admin, member.email, roles=[Role.FINANCE_OFFICER])
        posted(logged_in(app, member), path)
        (place,) = places_of(app, admin.town, member.account_id)
        assert place.id == member.membership_id
        assert (place.roles, place.ends_on, place.confidentiality_pledge_on) == (["finance_officer"], None, None)


def test_a_link_knows_only_its_own_municipality(app: Flask, admin: Member) -> None:
    other = a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)
    email = fresh_email()
    here, there = invited(app, admin, email), invited(app, other, email)
    browser = app.test_client()
    join(browser, here)
    account = account_of(app, email)
    assert account is not None
    assert places_of(app, other.town, account.id) == []
    assert the_invitation(app, other.town, email).status is InvitationStatus.SENT
    assert posted(browser, there).location == f"/t/{other.town.slug}/"

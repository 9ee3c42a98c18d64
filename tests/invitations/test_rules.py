"""Who may be invited where, how often, and until when the link works."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from ayumi.accounts.model import OneTimeLink, Party, Role
from ayumi.hosting import seats
from ayumi.hosting.model import Plan, Subscription
from ayumi.invitations import queries, rules
from ayumi.invitations.model import InvitationStatus
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from tests.invitations.acts import deeds, fresh_email, invite, keep_promises, links, of_town, the_invitation
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, working


@pytest.fixture
def admin(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def manager(app: Flask, admin: Member) -> Member:
    firm = a_firm(app)
    a_contract(app, admin.town, firm)
    return a_member(app, admin.town, Party.FIRM, Role.MANAGER, firm_id=firm)


def refused(call: Callable[[], object]) -> dict[str, list[object]]:
    """Return the fields that a rule refuses."""
    with pytest.raises(Invalid) as error:
        call()
    return error.value.fields


class TestInvite:
    def test_the_link_is_mailed_and_lies_nowhere_but_hashed(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            id = invite(email.upper(), kana="シンニン")
        assert keep_promises(app, admin.town, "invitation_mail") == 1
        (path,) = links(email, "invitation")
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            kept = session.query(OneTimeLink).filter_by(invitation_id=id).one()
            assert kept.token_hash not in path
            assert path.rpartition("/")[2] not in repr(vars(kept))
        made = the_invitation(app, admin.town, email)
        assert (made.roles, made.invited_by) == (["caseworker"], admin.membership_id)
        assert deeds(app, admin.town, id) == ["invited"]

    def test_the_same_form_sent_twice_invites_once(self, app: Flask, admin: Member) -> None:
        id, email = uuid4(), fresh_email()
        for _click in range(2):
            with inside(app, admin):
                assert invite(email, id=id) == id
        assert keep_promises(app, admin.town, "invitation_mail") == 1

    def test_somebody_who_waits_is_not_invited_twice(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            invite(email)
            assert refused(lambda: invite(email)) == {"email": [rules.WaitsAlready.message]}

    def test_somebody_who_works_here_is_not_invited(self, app: Flask, admin: Member) -> None:
        with inside(app, admin):
            assert refused(lambda: invite(admin.email)) == {"email": [rules.HasAPlace.message]}

    def test_who_works_elsewhere_can_be_invited_and_nothing_is_said_of_it(self, app: Flask, admin: Member) -> None:
        elsewhere = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with inside(app, admin):
            assert invite(elsewhere.email)

    def test_a_role_of_the_other_side_and_a_day_that_is_over_are_refused(self, app: Flask, admin: Member) -> None:
        with inside(app, admin):
            assert "roles" in refused(lambda: invite(fresh_email(), roles=[Role.MANAGER]))
            assert "roles" in refused(lambda: invite(fresh_email(), roles=[]))
            yesterday = clock.today() - timedelta(days=1)
            assert "ends_on" in refused(lambda: invite(fresh_email(), ends_on=yesterday))

    def test_a_manager_invites_into_the_own_firm_only(self, app: Flask, manager: Member) -> None:
        other = a_firm(app)
        supporter = {"party": Party.FIRM, "roles": [Role.SUPPORTER]}
        with inside(app, manager):
            assert invite(fresh_email(), **supporter, firm_id=manager.firm_id)
        for more in ({}, {**supporter, "firm_id": other}):
            with inside(app, manager), pytest.raises(Refused):
                invite(fresh_email(), **more)

    def test_a_manager_sees_no_invitation_but_those_of_the_firm(
        self, app: Flask, admin: Member, manager: Member
    ) -> None:
        with inside(app, admin):
            invite(fresh_email())
        with inside(app, manager):
            assert queries.open_ones() == []


class TestAgain:
    def test_a_new_mail_makes_the_links_before_it_worthless(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            id = invite(email)
        keep_promises(app, admin.town, "invitation_mail")
        with inside(app, admin):
            rules.send_again(queries.invitation(id))
        keep_promises(app, admin.town, "invitation_mail")
        first, second = links(email, "invitation")
        browser = app.test_client()
        assert browser.get(first).status_code == 409
        assert browser.get(second).status_code == 200

    def test_a_withdrawn_link_opens_nothing_and_cannot_be_sent_again(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            id = invite(email)
        keep_promises(app, admin.town, "invitation_mail")
        for _twice in range(2):
            with inside(app, admin):
                rules.withdraw(queries.invitation(id))
        assert app.test_client().get(links(email, "invitation")[0]).status_code == 409
        with inside(app, admin), pytest.raises(Conflict):
            rules.send_again(queries.invitation(id))
        assert deeds(app, admin.town, id) == ["invited", "withdrawn"]

    def test_one_that_was_withdrawn_before_its_mail_left_is_not_mailed(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            rules.withdraw(queries.invitation(invite(email)))
        keep_promises(app, admin.town, "invitation_mail")
        assert links(email, "invitation") == []

    def test_after_a_week_it_is_over_and_can_be_sent_again(self, app: Flask, admin: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            id = invite(email)
        later = clock.now() + timedelta(days=7, seconds=1)
        for _night in range(2):
            with clock.at(later), working(app, admin.town):
                rules.expire_all()
        assert the_invitation(app, admin.town, email).status is InvitationStatus.EXPIRED
        with clock.at(later), inside(app, admin):
            rules.send_again(queries.invitation(id))
        again = the_invitation(app, admin.town, email)
        assert (again.status, again.times_sent) == (InvitationStatus.SENT, 2)
        assert deeds(app, admin.town, id) == ["invited", "expired", "sent_again"]


class TestSeats:
    def book(self, app: Flask, member: Member, number: int) -> None:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=member.town.tenant_id)) as session:
            session.add(Subscription(plan=Plan.TRIAL, seats=number, changed_at=clock.now()))

    def test_where_nothing_is_booked_nothing_is_counted(self, app: Flask, admin: Member) -> None:
        with inside(app, admin):
            seats.check()

    def test_waiting_invitations_take_seats_and_withdrawn_ones_give_them_back(self, app: Flask, admin: Member) -> None:
        self.book(app, admin, 2)
        with inside(app, admin):
            seats.check()
            id = invite(fresh_email())
            seats.check(but=id)
            with pytest.raises(Invalid):
                seats.check()
            rules.withdraw(queries.invitation(id))
            seats.check()

    def test_people_of_firms_take_none(self, app: Flask, admin: Member, manager: Member) -> None:
        self.book(app, manager, 2)
        with inside(app, admin):
            seats.check()


def test_nothing_of_an_invitation_is_left_in_what_was_promised(app: Flask, admin: Member) -> None:
    email = fresh_email()
    with inside(app, admin):
        invite(email)
    (promised,) = of_town(app, admin.town, Promise)
    assert email not in repr(promised.arguments) + promised.dedupe_key

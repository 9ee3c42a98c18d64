"""People who work here, as administrators, section heads and firms' managers meet the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from ayumi.accounts.model import Membership, Party, Role
from ayumi.hosting.model import Plan, Subscription
from ayumi.invitations.model import Invitation, InvitationStatus
from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.delivery.staff.acts import a_form, ends, path
from tests.invitations.acts import fresh_email, invite, of_town, the_invitation
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, logged_in, posted


class TestList:
    def test_an_administrator_sees_staff_and_firms(
        self, app: Flask, admin: Member, caseworker: Member, manager: Member
    ) -> None:
        stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, name="よその 職員")
        page = logged_in(app, admin).get(path(admin)).text
        assert page.index("佐藤 去子") < page.index("はまかぜ") < page.index("浜田 剛")
        assert "よその 職員" not in page
        assert stranger.email not in page

    def test_a_manager_sees_the_own_firm_and_nobody_else(
        self, app: Flask, town: Town, caseworker: Member, manager: Member, supporter: Member
    ) -> None:
        other = a_firm(app)
        a_contract(app, town, other)
        a_member(app, town, Party.FIRM, Role.SUPPORTER, name="ほかの 法人", firm_id=other)
        page = logged_in(app, manager).get(path(manager)).text
        assert "中村 翔" in page
        assert "佐藤 去子" not in page
        assert "ほかの 法人" not in page

    def test_others_do_not_get_in(self, app: Flask, caseworker: Member, supporter: Member) -> None:
        assert logged_in(app, caseworker).get(path(caseworker)).status_code == 403
        assert logged_in(app, supporter).get(path(supporter)).status_code == 403

    def test_a_section_head_reads_and_changes_nothing(self, app: Flask, town: Town, caseworker: Member) -> None:
        head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD)
        browser = logged_in(app, head)
        assert "招待する" not in browser.get(path(head)).text
        assert "役割や最終日を変更する" not in browser.get(path(head, str(caseworker.membership_id))).text
        for tail in ("invitations/new", f"{caseworker.membership_id}/change"):
            assert browser.get(path(head, tail)).status_code == 403
        assert posted(browser, path(head, f"{caseworker.membership_id}/end")).status_code == 403

    @pytest.mark.parametrize("show", ["leaving", "never", "factor", "pledge", "left"])
    def test_it_can_be_narrowed(self, app: Flask, admin: Member, caseworker: Member, show: str) -> None:
        ends(app, caseworker, {"leaving": 59, "left": -2}.get(show, 400))
        other = a_member(app, admin.town, Party.STAFF, Role.CASEWORKER, name="残る 人")
        ends(app, other, 61 if show == "leaving" else 400)
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=admin.town.tenant_id)) as session:
            mine = update(Membership).where(Membership.id == caseworker.membership_id)
            session.execute(mine.values(confidentiality_pledge_on=None))
        page = logged_in(app, admin).get(path(admin, f"?show={show}")).text
        assert "佐藤 去子" in page
        assert ("残る 人" in page) == (show in ("never", "factor"))

    def test_a_word_that_is_no_filter_shows_everybody(self, app: Flask, admin: Member, caseworker: Member) -> None:
        assert "佐藤 去子" in logged_in(app, admin).get(path(admin, "?show=<script>")).text

    def test_it_asks_as_much_of_the_database_for_many_as_for_few(
        self, app: Flask, admin: Member, statements: Callable[[str], AbstractContextManager[list[str]]]
    ) -> None:
        browser, asked = logged_in(app, admin), []
        for _round in range(2):
            with statements("staff") as said:
                browser.get(path(admin))
            asked.append(len(said))
            for _more in range(5):
                a_member(app, admin.town, Party.STAFF, Role.CASEWORKER)
        assert asked[0] == asked[1]


class TestInviting:
    def test_the_same_click_twice_invites_once(self, app: Flask, admin: Member) -> None:
        browser, form = logged_in(app, admin), a_form()
        for _click in range(2):
            assert posted(browser, path(admin, "invitations/new"), **form).status_code == 302
        assert the_invitation(app, admin.town, form["email"]).roles == ["caseworker"]
        assert form["email"] in browser.get(path(admin)).text

    def test_what_does_not_fit_is_said_beside_its_field_and_kept(self, app: Flask, admin: Member) -> None:
        browser = logged_in(app, admin)
        answer = posted(browser, path(admin, "invitations/new"), **a_form(email="nonsense", roles=[], kana="漢字"))
        assert answer.status_code == 422
        for name in ("email", "roles", "kana"):
            assert f'href="#field-{name}"' in answer.text
        assert 'value="nonsense"' in answer.text

    def test_somebody_who_works_here_already_is_said_clearly(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        answer = posted(logged_in(app, admin), path(admin, "invitations/new"), **a_form(email=caseworker.email))
        assert answer.status_code == 422
        assert "すでにここで働いています" in answer.text

    def test_people_of_a_firm_get_the_end_of_its_contract(self, app: Flask, admin: Member, firm: UUID) -> None:
        page = logged_in(app, admin).get(path(admin, f"invitations/new?firm={firm}")).text
        assert str(clock.today() + timedelta(days=90)) in page
        assert "支援員" in page
        assert "ケースワーカー" not in page

    def test_a_firm_that_does_not_work_here_is_not_there(self, app: Flask, admin: Member) -> None:
        browser = logged_in(app, admin)
        for firm_id in (a_firm(app), ids.new()):
            assert browser.get(path(admin, f"invitations/new?firm={firm_id}")).status_code == 404

    def test_a_manager_invites_into_the_own_firm_whatever_the_form_says(
        self, app: Flask, town: Town, manager: Member
    ) -> None:
        other = a_firm(app)
        a_contract(app, town, other)
        form = a_form(roles=["supporter"], firm_id=str(other), party="staff")
        assert (
            posted(logged_in(app, manager), path(manager, f"invitations/new?firm={other}"), **form).status_code == 302
        )
        made = the_invitation(app, town, form["email"])
        assert (made.firm_id, made.party) == (manager.firm_id, Party.FIRM)
        admins = a_form(roles=["administrator"])
        assert posted(logged_in(app, manager), path(manager, "invitations/new"), **admins).status_code == 422

    def test_when_every_seat_is_taken_it_says_so(self, app: Flask, admin: Member) -> None:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=admin.town.tenant_id)) as session:
            session.add(Subscription(plan=Plan.TRIAL, seats=1, changed_at=clock.now()))
        answer = posted(logged_in(app, admin), path(admin, "invitations/new"), **a_form())
        assert answer.status_code == 422
        assert "1人分の席" in answer.text
        assert of_town(app, admin.town, Invitation) == []

    def test_it_is_sent_again_and_withdrawn(self, app: Flask, admin: Member, manager: Member) -> None:
        email = fresh_email()
        with inside(app, admin):
            id = invite(email)
        browser = logged_in(app, admin)
        for deed in ("again", "withdraw"):
            assert posted(logged_in(app, manager), path(manager, f"invitations/{id}/{deed}")).status_code == 404
            assert posted(browser, path(admin, f"invitations/{id}/{deed}")).status_code == 302
        assert the_invitation(app, admin.town, email).status is InvitationStatus.WITHDRAWN
        assert email not in browser.get(path(admin)).text

    def test_after_the_contract_a_manager_reads_and_invites_nobody(self, app: Flask, town: Town) -> None:
        over = a_firm(app)
        a_contract(app, town, over, ends_on=clock.today() - timedelta(days=3))
        manager = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=over)
        browser = logged_in(app, manager)
        assert browser.get(path(manager)).status_code == 200
        assert posted(browser, path(manager, "invitations/new"), **a_form()).status_code == 403


class TestChanging:
    def test_two_administrators_do_not_overwrite_each_other(
        self, app: Flask, admin: Member, caseworker: Member
    ) -> None:
        browser, tail = logged_in(app, admin), f"{caseworker.membership_id}/change"
        page = browser.get(path(admin, tail)).text
        edition = page.split('name="edition" value="')[1].split('"')[0]
        form = {"edition": edition, "name": "佐藤 去子", "kana": "サトウ", "ends_on": ""}
        assert posted(browser, path(admin, tail), **form, roles=["section_head"]).status_code == 302
        late = posted(browser, path(admin, tail), **form, roles=["finance_officer"])
        assert late.status_code == 409
        assert 'value="finance_officer" id="field-roles-5" checked' in late.text.replace("\n", "")
        assert f'name="edition" value="{edition}"' not in late.text

    def test_the_last_administrator_is_told_why_not(self, app: Flask, admin: Member) -> None:
        browser, tail = logged_in(app, admin), f"{admin.membership_id}/end"
        assert posted(browser, path(admin, tail)).status_code == 409

    def test_a_manager_changes_the_own_people_only(
        self, app: Flask, caseworker: Member, manager: Member, supporter: Member
    ) -> None:
        browser = logged_in(app, manager)
        assert browser.get(path(manager, f"{supporter.membership_id}/change")).status_code == 200
        for tail in ("", "/change", "/hand-over"):
            assert browser.get(path(manager, f"{caseworker.membership_id}{tail}")).status_code == 404
        assert posted(browser, path(manager, f"{caseworker.membership_id}/end")).status_code == 404

    def test_a_managers_change_is_kept(self, app: Flask, manager: Member, supporter: Member) -> None:
        browser, tail = logged_in(app, manager), f"{supporter.membership_id}/change"
        edition = browser.get(path(manager, tail)).text.split('name="edition" value="')[1].split('"')[0]
        form = {"edition": edition, "name": "中村 翔太", "kana": "ナカムラ", "ends_on": "", "roles": ["accounting"]}
        assert posted(browser, path(manager, tail), **form).status_code == 302
        assert "中村 翔太" in browser.get(path(manager)).text
        assert posted(browser, path(manager, f"{supporter.membership_id}/end")).status_code == 302
        assert str(supporter.membership_id) not in browser.get(path(manager)).text

    def test_what_was_changed_is_told_on_the_page(self, app: Flask, admin: Member, caseworker: Member) -> None:
        browser, tail = logged_in(app, admin), f"{caseworker.membership_id}"
        edition = browser.get(path(admin, f"{tail}/change")).text.split('name="edition" value="')[1].split('"')[0]
        form = {"edition": edition, "name": "佐藤 去子", "kana": "", "ends_on": "", "roles": ["section_head"]}
        posted(browser, path(admin, f"{tail}/change"), **form)
        page = browser.get(path(admin, tail)).text
        assert "ケースワーカー → 課長" in page
        assert "青木 管理" in page

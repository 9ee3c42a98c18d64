"""Somebody leaves: their people go to others in one go, and nobody is left without anybody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Uuid, select, update

import ayumi.schema
from ayumi.accounts.model import LoginSession, Membership, Party, Role
from ayumi.invitations import members, resets
from ayumi.invitations.model import Lost, ResetRequest, ResetStatus
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import leaving, rules
from ayumi.participants.duties import DUTIES
from tests.invitations.acts import deeds, of_town
from tests.participants.leavers import all_duties, everything_to, hand_over
from tests.participants.people import a_person
from tests.world import Member, a_member, a_town, inside, logged_in

# Says who did something once, and stays for good.
TRACES = {
    "concern.acknowledged_by", "concern.raised_by", "confirmation.entered_by", "consent.entered_by",
    "disposal.approved_by", "disposal.drafted_by", "enrolment.entered_by", "experience_day.recorded_by",
    "fee_statement.approved_by", "fee_statement.compiled_by", "fee_statement.submitted_by", "glass_break.agreed_by",
    "glass_break.reviewed_by", "goal.entered_by", "hand_over.decided_by", "incident.entered_by",
    "invitation.invited_by", "journal_check.asked_by", "journal_entry.membership_id", "legal_hold.lifted_by",
    "legal_hold.placed_by", "packing.asked_by", "participant_import.membership_id", "record_version.decided_by",
    "record_version.written_by", "report_office_words.written_by", "report_run.asked_by", "reset_request.decided_by",
    "stored_file.membership_id", "unit_price.decided_by", "unit_price.entered_by", "weekly_record.supporter_id",
}  # fmt: skip
OF_OPERATORS = {"glass_break.asked_by", "glass_break.approved_by"}
GOES_WITH_THEM = {"reset_request.membership_id"}


def naming_members() -> Iterator[str]:
    """Yield every column that names somebody who works in a municipality."""
    for table in ayumi.schema.metadata.tables.values():
        if "tenant_id" not in table.c:
            continue
        keys = [key for key in table.foreign_key_constraints if key.referred_table.name == "membership"]
        referring = {name for key in keys for name in key.column_keys} - {"tenant_id"}
        for column in table.c:
            sounds = isinstance(column.type, Uuid) and ("membership" in column.name or column.name.endswith("_by"))
            if column.name in referring or sounds:
                yield f"{table.name}.{column.name}"


def test_every_column_that_names_a_member_is_known_as_a_duty_or_a_trace() -> None:
    assert set(naming_members()) == {*DUTIES, *TRACES, *OF_OPERATORS, *GOES_WITH_THEM}


class TestEnd:
    def test_somebody_responsible_hands_over_first(
        self, app: Flask, admin: Member, leaver: Member, heir: Member
    ) -> None:
        all_duties(app, leaver, heir)
        with inside(app, admin), pytest.raises(leaving.HandOverFirst):
            leaving.end(members.one(leaver.membership_id))
        hand_over(admin, leaver, everything_to(heir), app)
        with inside(app, admin):
            leaving.end(members.one(leaver.membership_id))
            assert members.is_over(members.one(leaver.membership_id))

    def test_those_nobody_may_see_count_as_well(self, app: Flask, admin: Member, leaver: Member, heir: Member) -> None:
        with inside(app, heir):
            hidden = a_person(caseworker_id=leaver.membership_id)
            rules.restrict(hidden, staff_ids=[heir.membership_id], why="避難")
        with inside(app, admin), pytest.raises(leaving.HandOverFirst):
            leaving.end(members.one(leaver.membership_id))

    def test_the_place_is_gone_at_the_next_request(self, app: Flask, admin: Member, leaver: Member) -> None:
        browser = logged_in(app, leaver)
        home = f"/t/{leaver.town.slug}/"
        assert browser.get(home).status_code == 200
        for _twice in range(2):
            with inside(app, admin):
                leaving.end(members.one(leaver.membership_id))
        assert browser.get(home).status_code == 302
        assert deeds(app, admin.town, leaver.membership_id) == ["ended"]

    def test_sessions_end_only_where_no_other_place_is_left(self, app: Flask, admin: Member, leaver: Member) -> None:
        there = a_town(app)
        other = a_member(app, there, Party.STAFF, Role.CASEWORKER, account_id=leaver.account_id)
        browser = logged_in(app, leaver)
        with inside(app, admin):
            leaving.end(members.one(leaver.membership_id))
        assert browser.get(f"/t/{leaver.town.slug}/").status_code == 404
        assert browser.get(f"/t/{there.slug}/").status_code == 200
        chief = a_member(app, there, Party.STAFF, Role.ADMINISTRATOR)
        with inside(app, chief):
            leaving.end(members.one(other.membership_id))
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            mine = select(LoginSession).where(LoginSession.account_id == leaver.account_id)
            assert all(each.ended_at for each in session.scalars(mine))

    def test_what_they_asked_falls(self, app: Flask, admin: Member, leaver: Member) -> None:
        with app.app_context():
            resets.ask(leaver.email, Lost.PASSWORD)
        with inside(app, admin):
            leaving.end(members.one(leaver.membership_id))
        (asked,) = of_town(app, admin.town, ResetRequest)
        assert asked.status is ResetStatus.REFUSED


class TestChange:
    def change(self, app: Flask, by: Member, who: Member, *roles: Role, **more: Any) -> None:
        with inside(app, by):
            found = members.one(who.membership_id, lock=True)
            given = {"name": found.name, "kana": found.kana, "ends_on": found.ends_on, "edition": None}
            given |= {"edition": members.edition_of(found)} | more
            leaving.change(found, roles=roles, **given)

    def test_roles_and_the_last_day_are_kept_and_written_down(self, app: Flask, admin: Member, leaver: Member) -> None:
        last = clock.today() + timedelta(days=40)
        self.change(app, admin, leaver, Role.SECTION_HEAD, ends_on=last)
        with inside(app, admin):
            found = members.one(leaver.membership_id)
            assert (found.roles, found.ends_on) == (["section_head"], last)
            assert members.is_leaving(found)
        assert deeds(app, admin.town, leaver.membership_id) == ["changed"]

    def test_nothing_changed_is_nothing_written(self, app: Flask, admin: Member, leaver: Member) -> None:
        self.change(app, admin, leaver, Role.CASEWORKER)
        assert deeds(app, admin.town, leaver.membership_id) == []

    def test_the_second_of_two_is_told(self, app: Flask, admin: Member, leaver: Member) -> None:
        with inside(app, admin):
            seen = members.edition_of(members.one(leaver.membership_id))
        self.change(app, admin, leaver, Role.SECTION_HEAD)
        with pytest.raises(ChangedMeanwhile):
            self.change(app, admin, leaver, Role.FINANCE_OFFICER, edition=seen)

    def test_a_role_of_the_other_side_is_refused(self, app: Flask, admin: Member, leaver: Member) -> None:
        with pytest.raises(Invalid):
            self.change(app, admin, leaver, Role.MANAGER)

    def test_whoever_is_responsible_keeps_a_role_for_it(
        self, app: Flask, admin: Member, leaver: Member, heir: Member
    ) -> None:
        all_duties(app, leaver, heir)
        with pytest.raises(Invalid) as error:
            self.change(app, admin, leaver, Role.FINANCE_OFFICER)
        assert set(error.value.fields) == {"roles"}

    def test_the_last_administrator_stays(self, app: Flask, admin: Member) -> None:
        with pytest.raises(leaving.TheLast):
            self.change(app, admin, admin, Role.CASEWORKER)
        with pytest.raises(leaving.TheLast):
            self.change(app, admin, admin, Role.ADMINISTRATOR, ends_on=clock.today() + timedelta(days=9))
        with inside(app, admin), pytest.raises(leaving.TheLast):
            leaving.end(members.one(admin.membership_id))

    def test_with_a_second_one_the_first_may_go(self, app: Flask, admin: Member, head: Member) -> None:
        with inside(app, admin):
            leaving.end(members.one(admin.membership_id))
        with inside(app, head), pytest.raises(leaving.TheLast):
            leaving.end(members.one(head.membership_id))

    def test_a_second_one_who_leaves_sooner_is_no_second(self, app: Flask, admin: Member, head: Member) -> None:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=admin.town.tenant_id)) as session:
            soon = clock.today() + timedelta(days=5)
            session.execute(update(Membership).where(Membership.id == head.membership_id).values(ends_on=soon))
        with pytest.raises(Conflict):
            self.change(app, admin, admin, Role.ADMINISTRATOR, ends_on=soon + timedelta(days=1))

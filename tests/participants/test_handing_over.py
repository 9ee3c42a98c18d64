"""Somebody's people go to others in one go: all at once or one by one, seen or unseen, of the house or of a firm."""

from uuid import UUID

import pytest
from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.invitations import members
from ayumi.kernel.db import db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.participants import duties, leaving, reach, rules
from ayumi.participants.duties import DUTIES, Duty
from ayumi.participants.leaving import Plan
from ayumi.participants.model import Participant
from tests.invitations.acts import deeds, keep_promises, of_town
from tests.participants.leavers import all_duties, everything_to, hand_over, left_with
from tests.participants.people import a_person
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, working


class TestHandOver:
    def test_nothing_is_orphaned(self, app: Flask, head: Member, leaver: Member, heir: Member) -> None:
        all_duties(app, leaver, heir)
        assert left_with(app, leaver) == set(DUTIES)
        assert hand_over(head, leaver, everything_to(heir), app) == 3
        assert left_with(app, leaver) == set()
        assert left_with(app, heir) == set(DUTIES)

    def test_each_persons_journal_says_so(self, app: Flask, head: Member, leaver: Member, heir: Member) -> None:
        people = all_duties(app, leaver, heir)
        hand_over(head, leaver, everything_to(heir), app)
        for id in people.values():
            assert deeds(app, head.town, id)[-1] == "handed_over"

    def test_whoever_cannot_see_somebody_hands_them_over_unseen(
        self, app: Flask, admin: Member, leaver: Member, heir: Member
    ) -> None:
        all_duties(app, leaver, heir)
        with inside(app, admin):
            assert len(duties.of(leaver.membership_id)) == 2
            (counted,) = [row for row in members.every(held=duties.counted()) if row.id == leaver.membership_id]
            assert counted.people == 2
        hand_over(admin, leaver, everything_to(heir), app)
        assert left_with(app, leaver) == set()
        assert keep_promises(app, admin.town, "restriction_notice") >= 1

    def test_without_a_keeper_the_unseen_stay_and_nothing_moves(
        self, app: Flask, admin: Member, leaver: Member, heir: Member
    ) -> None:
        all_duties(app, leaver, heir)
        with pytest.raises(Invalid) as error:
            hand_over(admin, leaver, Plan(dict.fromkeys(Duty, heir.membership_id)), app)
        assert set(error.value.fields) == {"rest"}
        assert left_with(app, leaver) == set(DUTIES)

    def test_single_people_can_go_to_others(self, app: Flask, head: Member, leaver: Member, heir: Member) -> None:
        other = a_member(app, head.town, Party.STAFF, Role.CASEWORKER)
        with inside(app, heir):
            first, second = (a_person(caseworker_id=leaver.membership_id).id for _each in range(2))
        alone = {(Duty.CASEWORKER, second): other.membership_id}
        hand_over(head, leaver, Plan({Duty.CASEWORKER: heir.membership_id}, alone, heir.membership_id), app)
        owners = {each.id: each.caseworker_id for each in of_town(app, head.town, Participant)}
        assert (owners[first], owners[second]) == (heir.membership_id, other.membership_id)

    def test_only_those_who_could_be_it_take_it_over(
        self, app: Flask, head: Member, admin: Member, leaver: Member, firm: UUID
    ) -> None:
        outsider = a_member(app, head.town, Party.FIRM, Role.SUPPORTER, firm_id=firm)
        stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with inside(app, leaver):
            a_person(caseworker_id=leaver.membership_id)
        for to in (admin, outsider, stranger, leaver):
            with pytest.raises(Invalid):
                hand_over(head, leaver, Plan({Duty.CASEWORKER: to.membership_id}, {}, head.membership_id), app)

    def test_somebody_who_leads_stays_named_for_the_restricted(
        self, app: Flask, head: Member, leaver: Member, heir: Member
    ) -> None:
        people = all_duties(app, leaver, heir)
        with inside(app, heir):
            hidden = db.session.get_one(Participant, (heir.town.tenant_id, people["hidden"]))
            rules.restrict(hidden, staff_ids=[heir.membership_id], why="避難")
        plain = a_member(app, head.town, Party.STAFF, Role.CASEWORKER)
        with pytest.raises(Invalid) as error, inside(app, heir):
            found = members.one(heir.membership_id)
            plan = Plan(dict.fromkeys(Duty, plain.membership_id), {}, head.membership_id)
            leaving.hand_over(found, plan, edition=duties.edition_of(duties.of(heir.membership_id)))
        assert set(error.value.fields) == {"to_named"}

    def test_what_changed_since_it_was_shown_is_looked_at_again(
        self, app: Flask, head: Member, leaver: Member, heir: Member
    ) -> None:
        all_duties(app, leaver, heir)
        with inside(app, head):
            seen = duties.edition_of(duties.of(leaver.membership_id))
        with inside(app, heir):
            a_person(caseworker_id=leaver.membership_id)
        with inside(app, head), pytest.raises(ChangedMeanwhile):
            leaving.hand_over(members.one(leaver.membership_id), everything_to(heir), edition=seen)

    def test_done_twice_it_is_done_once(self, app: Flask, head: Member, leaver: Member, heir: Member) -> None:
        people = all_duties(app, leaver, heir)
        with inside(app, head):
            seen = duties.edition_of(duties.of(leaver.membership_id))
        for moved in (3, 0):
            with inside(app, head):
                assert leaving.hand_over(members.one(leaver.membership_id), everything_to(heir), edition=seen) == moved
        assert deeds(app, head.town, people["mine"]).count("handed_over") == 1

    def test_a_form_open_elsewhere_learns_of_it(self, app: Flask, head: Member, leaver: Member, heir: Member) -> None:
        people = all_duties(app, leaver, heir)
        with inside(app, heir):
            before = db.session.get_one(Participant, (heir.town.tenant_id, people["mine"])).edition
        hand_over(head, leaver, everything_to(heir), app)
        with inside(app, heir):
            mine = db.session.get_one(Participant, (heir.town.tenant_id, people["mine"]))
            with pytest.raises(ChangedMeanwhile):
                rules.edit(mine, edition=before, nickname="ハナ")


class TestAFirm:
    @pytest.fixture
    def manager(self, app: Flask, town: Town, firm: UUID) -> Member:
        return a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)

    @pytest.fixture
    def supporter(self, app: Flask, town: Town, firm: UUID) -> Member:
        return a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm)

    def supported(self, app: Flask, heir: Member, supporter: Member, *, agreed: bool) -> UUID:
        with inside(app, heir):
            person = a_person(delivery_firm_id=supporter.firm_id)
            rules.assign(
                person,
                edition=person.edition,
                caseworker_id=None,
                delivery_firm_id=supporter.firm_id,
                supporter_ids=[supporter.membership_id],
            )
            if agreed:
                reach.move(person.id, reach.Sight(supporter.firm_id))
            return person.id

    def test_a_manager_hands_the_firms_people_over(
        self, app: Flask, heir: Member, manager: Member, supporter: Member
    ) -> None:
        id = self.supported(app, heir, supporter, agreed=True)
        to = Plan({Duty.SUPPORTER: manager.membership_id}, {}, manager.membership_id)
        assert hand_over(manager, supporter, to, app) == 1
        assert left_with(app, supporter) == set()
        assert left_with(app, manager) == {"participant_supporter.membership_id"}
        assert deeds(app, heir.town, id)[-1] == "handed_over"

    def test_people_it_may_not_look_at_just_now_go_along(
        self, app: Flask, heir: Member, manager: Member, supporter: Member
    ) -> None:
        self.supported(app, heir, supporter, agreed=False)
        hand_over(manager, supporter, Plan({}, {}, manager.membership_id), app)
        assert left_with(app, supporter) != set()
        assert keep_promises(app, heir.town, "handover_rest") == 1
        assert left_with(app, supporter) == set()
        assert left_with(app, manager) == {"participant_supporter.membership_id"}

    def test_ending_somebody_takes_them_along_too(
        self, app: Flask, heir: Member, manager: Member, supporter: Member
    ) -> None:
        self.supported(app, heir, supporter, agreed=False)
        with inside(app, manager):
            leaving.end(members.one(supporter.membership_id))
        keep_promises(app, heir.town, "handover_rest")
        assert left_with(app, supporter) == set()

    def test_nobody_of_another_firm_or_of_the_staff_is_found(
        self, app: Flask, town: Town, heir: Member, manager: Member
    ) -> None:
        other = a_firm(app)
        a_contract(app, town, other)
        stranger = a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=other)
        with inside(app, manager):
            assert {row.id for row in members.every()} == {manager.membership_id}
            for each in (heir, stranger):
                with pytest.raises(NotFound):
                    members.one(each.membership_id)

    def test_the_worker_gives_nothing_to_another_firm(
        self, app: Flask, town: Town, heir: Member, supporter: Member
    ) -> None:
        other = a_firm(app)
        a_contract(app, town, other)
        stranger = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=other)
        self.supported(app, heir, supporter, agreed=True)
        with working(app, town):
            assert leaving.hand_over_rest(supporter.membership_id, stranger.membership_id) == 0
        assert left_with(app, supporter) != set()

"""People go from one firm to the next: looked at first, then all at once, with consent asked again where needed."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries as consents
from ayumi.consents import rules as consenting
from ayumi.consents.model import Form, Scope
from ayumi.handovers import queries, rules
from ayumi.handovers.model import HandOver
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.participants import queries as people
from ayumi.participants import rules as participants
from ayumi.participants.model import Participant, Supporter
from ayumi.records.model import RecordStatus, WeeklyRecord
from tests.records.scene import LAST_MONDAY, a_person, expect
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside, logged_in, posted

TODAY = clock.today()


@dataclass
class Scene:
    """A town with two firms under contract, and two people with the first: one agreed to any firm, one to that one."""

    app: Flask
    town: Town
    head: Member
    caseworker: Member
    before: Member
    after: Member
    firms: tuple[UUID, UUID]
    people: dict[str, UUID] = field(default_factory=dict)

    def asked(self, **more: Any) -> dict[str, Any]:
        """What is typed."""
        said = {"from_firm_id": self.firms[0], "to_firm_id": self.firms[1], "starts_on": TODAY, "why": "年度末の交代"}
        return said | more

    def stamp(self, by: Member | None = None) -> str:
        """What whoever decides has seen."""
        with inside(self.app, by or self.head):
            return queries.plan(*self.firms, TODAY).stamp

    def done(self, by: Member | None = None, **more: Any) -> UUID:
        """Hand over what was seen."""
        said = self.asked(**{"id": uuid4(), "seen": self.stamp(by)} | more)
        with inside(self.app, by or self.head):
            return rules.hand_over(**said).id

    def seen_by(self, member: Member) -> set[str]:
        """Which of the people somebody finds."""
        with inside(self.app, member):
            return {name for name, id in self.people.items() if people.find(id)}


@pytest.fixture
def scene(app: Flask) -> Scene:
    town, firms = a_town(app), (a_firm(app, name="前の法人"), a_firm(app, name="次の法人"))
    for firm in firms:
        a_contract(app, town, firm)
    made = Scene(
        app,
        town,
        a_member(app, town, Party.STAFF, Role.SECTION_HEAD),
        a_member(app, town, Party.STAFF, Role.CASEWORKER),
        a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firms[0]),
        a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firms[1]),
        firms,
    )
    for name, any_firm in (("any", True), ("one", False)):
        made.people[name] = _agreed(made, name, any_firm)
    expect(app, town)
    return made


def _agreed(scene: Scene, name: str, any_firm: bool) -> UUID:
    id = a_person(
        scene.app, scene.town, caseworker=scene.caseworker, supporter=scene.before, firm_id=scene.firms[0],
        family_name=f"佐藤{name}",
    )  # fmt: skip
    with inside(scene.app, scene.caseworker):
        consenting.give(
            people.one(id), id=uuid4(), scopes=[Scope.FIRM], form=Form.PAPER, given_on=TODAY, any_firm=any_firm
        )
    return id


class TestPlan:
    def test_it_tells_of_everybody_whether_consent_covers_the_next_firm(self, scene: Scene) -> None:
        with inside(scene.app, scene.head):
            plan = queries.plan(*scene.firms, TODAY)
            agreed = {each.row.id: each.is_agreed for each in plan.people}
            assert agreed == {scene.people["any"]: True, scene.people["one"]: False}
            assert [each.row.id for each in plan.to_ask] == [scene.people["one"]]

    def test_it_tells_what_is_open_with_the_firm_before(self, scene: Scene) -> None:
        with inside(scene.app, scene.head):
            row = queries.plan(*scene.firms, TODAY).people[0].row
            assert (row.weeks_going, row.weeks_staying, row.placements, row.unpaid) == (1, 3, 0, 0)
            assert row.supporters

    def test_hidden_people_are_counted_and_those_named_who_can_hand_them_over(self, scene: Scene) -> None:
        supervisor = _hidden(scene, "one")
        with inside(scene.app, scene.head):
            plan = queries.plan(*scene.firms, TODAY)
            assert [each.row.id for each in plan.people] == [scene.people["any"]]
            assert (plan.unseen, [row.name for row in plan.others]) == (1, ["査察 指導"])
        with inside(scene.app, supervisor):
            assert (len(queries.plan(*scene.firms, TODAY).people), queries.plan(*scene.firms, TODAY).unseen) == (2, 0)


def _hidden(scene: Scene, name: str) -> Member:
    supervisor = a_member(scene.app, scene.town, Party.STAFF, Role.SUPERVISING_CASEWORKER, name="査察 指導")
    with inside(scene.app, supervisor):
        participants.restrict(people.one(scene.people[name]), staff_ids=[supervisor.membership_id], why="避難")
    return supervisor


class TestHandOver:
    def test_the_next_firm_sees_who_agreed_and_the_firm_before_nobody(self, scene: Scene) -> None:
        assert scene.seen_by(scene.before) == {"any", "one"}
        scene.done()
        assert scene.seen_by(scene.before) == set()
        assert scene.seen_by(scene.after) == {"any"}

    def test_who_did_not_agree_yet_waits_on_the_list_and_is_seen_once_they_do(self, scene: Scene) -> None:
        scene.done()
        with inside(scene.app, scene.caseworker):
            assert [row.participant_id for row in consents.to_ask()] == [scene.people["one"]]
            person = people.one(scene.people["one"])
            consenting.give(person, id=uuid4(), scopes=[Scope.FIRM], form=Form.PAPER, given_on=TODAY)
            assert consents.to_ask() == []
        assert scene.seen_by(scene.after) == {"any", "one"}

    def test_supporters_of_the_firm_before_go_and_one_of_the_next_can_come(self, scene: Scene) -> None:
        scene.done(supporter_id=scene.after.membership_id)
        with inside(scene.app, scene.head):
            assert set(db.session.scalars(select(Supporter.membership_id))) == {scene.after.membership_id}

    def test_weeks_from_the_first_day_go_along_and_earlier_ones_are_left_to_the_office(self, scene: Scene) -> None:
        scene.done()
        with inside(scene.app, scene.head):
            rows = db.session.execute(select(WeeklyRecord.week_start, WeeklyRecord.delivery_firm_id)).all()
            assert {firm for monday, firm in rows if monday > LAST_MONDAY} == {scene.firms[1]}
            assert {firm for monday, firm in rows if monday <= LAST_MONDAY} == {scene.firms[0]}

    def test_each_person_and_the_hand_over_have_it_in_their_history(self, scene: Scene) -> None:
        id = scene.done()
        with inside(scene.app, scene.head):
            for each in (*scene.people.values(), id):
                (entry,) = [row for row in journal.history(each) if row.action == "handed_over"]
                assert entry.why == "年度末の交代"

    def test_a_second_click_does_nothing_more(self, scene: Scene) -> None:
        id, seen = uuid4(), scene.stamp()
        assert scene.done(id=id, seen=seen) == scene.done(id=id, seen=seen)
        with inside(scene.app, scene.head):
            assert [row.people for row in db.session.scalars(select(HandOver))] == [2]

    def test_what_somebody_changed_meanwhile_stops_it_whole(self, scene: Scene) -> None:
        seen = scene.stamp()
        with inside(scene.app, scene.caseworker):
            participants.edit(people.one(scene.people["one"]), edition=1, nickname="さとさん")
        with pytest.raises(rules.ChangedSincePreview):
            scene.done(seen=seen)
        assert scene.seen_by(scene.before) == {"any", "one"}

    def test_a_consent_withdrawn_meanwhile_stops_it_too(self, scene: Scene) -> None:
        seen = scene.stamp()
        with inside(scene.app, scene.caseworker):
            consent = consents.in_force(scene.people["any"])
            assert consent is not None
            consenting.withdraw(consent, withdrawn_on=TODAY, reason="なし")
        with pytest.raises(rules.ChangedSincePreview):
            scene.done(seen=seen)

    def test_all_go_or_nobody(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        given: list[Participant] = []
        really = participants.assign

        def fail_at_the_second(person: Participant, **said: Any) -> Participant:
            given.append(person)
            if len(given) == 2:
                raise NotFound
            return really(person, **said)

        monkeypatch.setattr(participants, "assign", fail_at_the_second)
        with pytest.raises(NotFound):
            scene.done()
        assert scene.seen_by(scene.before) == {"any", "one"}

    def test_hidden_people_stay_until_somebody_who_sees_them_hands_them_over(self, scene: Scene) -> None:
        supervisor = _hidden(scene, "one")
        scene.done()
        with inside(scene.app, supervisor):
            assert people.one(scene.people["one"]).delivery_firm_id == scene.firms[0]
        scene.done(by=supervisor)
        with inside(scene.app, supervisor):
            assert people.one(scene.people["one"]).delivery_firm_id == scene.firms[1]

    @pytest.mark.parametrize(
        ("wrong", "field_name"),
        [
            ({"starts_on": TODAY + timedelta(days=1)}, "starts_on"),
            ({"starts_on": TODAY - timedelta(days=40)}, "starts_on"),
            ({"starts_on": TODAY + timedelta(days=300)}, "to_firm_id"),
        ],
    )
    def test_only_on_days_of_the_next_contract_that_have_come(
        self, scene: Scene, wrong: dict[str, Any], field_name: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            scene.done(**wrong)
        assert field_name in refused.value.fields

    def test_not_to_a_firm_without_a_contract_nor_to_the_same(self, scene: Scene) -> None:
        for firm in (a_firm(scene.app), scene.firms[0]):
            with pytest.raises(Invalid) as refused:
                scene.done(to_firm_id=firm)
            assert "to_firm_id" in refused.value.fields

    def test_not_from_a_firm_that_supports_nobody(self, scene: Scene) -> None:
        with inside(scene.app, scene.head):
            db.session.execute(update(Participant).values(delivery_firm_id=None))
        with pytest.raises(Invalid):
            scene.done()

    def test_a_draft_of_the_present_week_goes_along(self, scene: Scene) -> None:
        with inside(scene.app, scene.head):
            mine = (WeeklyRecord.participant_id == scene.people["any"], WeeklyRecord.week_start > LAST_MONDAY)
            db.session.execute(update(WeeklyRecord).where(*mine).values(status=RecordStatus.DRAFT))
        scene.done()
        with inside(scene.app, scene.after):
            row = db.session.scalars(select(WeeklyRecord).where(WeeklyRecord.status == RecordStatus.DRAFT)).one()
            assert row.delivery_firm_id == scene.firms[1]


class TestPage:
    def test_one_looks_first_and_then_lets_it_happen(self, scene: Scene) -> None:
        browser, path = logged_in(scene.app, scene.head), f"/t/{scene.town.slug}/firms/hand-over"
        typed = {name: str(value) for name, value in scene.asked().items()} | {"_token": str(uuid4())}
        shown = posted(browser, path, **typed, do="show").get_data(as_text=True)
        assert "佐藤any" in shown
        assert "同意を取り直す" in shown
        assert scene.seen_by(scene.before) == {"any", "one"}
        seen = shown.partition('name="seen" value="')[2].partition('"')[0]
        for _click in range(2):
            answer = posted(browser, path, **typed, do="apply", seen=seen)
            assert answer.status_code == 302, answer.get_data(as_text=True)
        assert scene.seen_by(scene.after) == {"any"}
        assert "佐藤one" in browser.get(answer.headers["Location"]).get_data(as_text=True)
        assert "次の法人" in browser.get(path).get_data(as_text=True)

    def test_who_comes_too_late_sees_it_as_it_is_now(self, scene: Scene) -> None:
        browser, path = logged_in(scene.app, scene.head), f"/t/{scene.town.slug}/firms/hand-over"
        typed = {name: str(value) for name, value in scene.asked().items()}
        answer = posted(browser, path, **typed, do="apply", seen="old")
        assert answer.status_code == 409
        assert "まだ誰も引き継いでいません" in answer.get_data(as_text=True)
        assert scene.seen_by(scene.before) == {"any", "one"}

    @pytest.mark.parametrize(
        ("roles", "status"),
        [
            ({Role.SUPERVISING_CASEWORKER}, 200),
            ({Role.SECTION_HEAD}, 200),
            ({Role.ADMINISTRATOR, Role.CASEWORKER}, 200),
            ({Role.ADMINISTRATOR}, 403),
            ({Role.CASEWORKER}, 403),
            ({Role.FINANCE_OFFICER}, 403),
        ],
    )
    def test_it_is_for_those_who_lead_or_administer_and_see_people(
        self, scene: Scene, roles: set[Role], status: int
    ) -> None:
        member = a_member(scene.app, scene.town, Party.STAFF, *roles)
        answer = logged_in(scene.app, member).get(f"/t/{scene.town.slug}/firms/hand-over")
        assert answer.status_code == status

    def test_a_day_to_come_is_shown_and_cannot_be_carried_out(self, scene: Scene) -> None:
        browser, path = logged_in(scene.app, scene.head), f"/t/{scene.town.slug}/firms/hand-over"
        typed = {name: str(value) for name, value in scene.asked(starts_on=TODAY + timedelta(days=30)).items()}
        shown = posted(browser, path, **typed, do="show").get_data(as_text=True)
        assert "これは確認用の画面です" in shown
        assert 'value="apply"' not in shown

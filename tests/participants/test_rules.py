"""People are taken in once, kept as they are written, and hidden or opened to firms as decided."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError, ProgrammingError

from ayumi.accounts.model import Party, Role
from ayumi.consents import rules as consents
from ayumi.consents.model import Form, Scope
from ayumi.kernel import clock, journal
from ayumi.kernel.db import add, db
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.kernel.outbox import Promise
from ayumi.kernel.states import IllegalMove
from ayumi.participants import queries, reach, rules
from ayumi.participants.model import Barrier, Participant, Status, Supporter
from ayumi.records.model import Attendance, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.selection.model import Enrolment, EnrolmentStatus
from tests.participants.people import a_person
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, inside

MONDAY = date(2026, 11, 16)


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")


@pytest.fixture
def supervisor(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)


class TestRegister:
    def test_names_are_kept_exactly_as_entered_and_only_keys_are_normalised(
        self, app: Flask, caseworker: Member
    ) -> None:
        with inside(app, caseworker):
            person = a_person(
                family_name="神\U000e0100谷", given_name="﨑子", family_kana="カミヤ", given_kana="サキコ"
            )
            db.session.expire(person)
            assert (person.family_name, person.given_name) == ("神\U000e0100谷", "﨑子")
            assert (person.kana_key, person.name_key) == ("カミヤサキコ", "神谷崎子")
            assert person.status is Status.CANDIDATE

    def test_the_same_form_sent_twice_makes_one_person(self, app: Flask, caseworker: Member) -> None:
        token = uuid4()
        with inside(app, caseworker):
            a_person(id=token, case_number="S-1")
        with inside(app, caseworker):
            assert a_person(id=token, case_number="S-1").id == token
            assert db.session.query(Participant).count() == 1

    def test_somebody_of_the_same_reading_and_birth_is_asked_about(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            a_person(case_number="T-1")
            with pytest.raises(Invalid) as asked:
                a_person(case_number="T-2", is_other=False)
            assert asked.value.params == {"name": "山田 花子", "case_number": "T-1"}
            assert a_person(case_number="T-2", is_other=True).case_number == "T-2"

    def test_a_firm_without_a_contract_cannot_support(self, app: Flask, town: Town, caseworker: Member) -> None:
        over, today = a_firm(app), clock.today()
        a_contract(app, town, over, starts_on=today - timedelta(days=400), ends_on=today - timedelta(days=1))
        with inside(app, caseworker), pytest.raises(Invalid) as refused:
            a_person(delivery_firm_id=over)
        assert "delivery_firm_id" in refused.value.fields

    def test_a_caseworker_is_one_of_the_house(self, app: Flask, town: Town, caseworker: Member) -> None:
        officer = a_member(app, town, Party.STAFF, Role.FINANCE_OFFICER)
        stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        with inside(app, caseworker):
            for nobody in (officer, stranger):
                with pytest.raises(Invalid):
                    a_person(caseworker_id=nobody.membership_id)


class TestEdit:
    def test_the_journal_says_what_was_there_before(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            person = a_person(phone="019-000-0001")
            rules.edit(person, edition=1, phone="019-000-0002", barriers=[Barrier.DEBT, Barrier.DAILY_RHYTHM])
            entry = journal.history(person.id)[0]
            assert entry.action == "edited"
            assert entry.changes == {
                "phone": ["019-000-0001", "019-000-0002"],
                "barriers": [[], ["daily_rhythm", "debt"]],
            }
            assert entry.membership_id == caseworker.membership_id

    def test_a_new_name_is_found_by_its_new_reading(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            person = a_person()
            rules.edit(person, edition=1, family_name="鈴木", family_kana="スズキ")
            assert (person.kana_key, person.name_key) == ("スズキハナコ", "鈴木花子")

    def test_saving_without_a_change_leaves_no_trace(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            person = a_person(note="午後がよい")
            rules.edit(person, edition=1, note="午後がよい", birth_date=date(1980, 4, 1))
            db.session.flush()
            assert person.edition == 1
            assert [entry.action for entry in journal.history(person.id)] == ["registered"]

    def test_the_second_of_two_people_editing_is_told_and_overwrites_nothing(
        self, app: Flask, caseworker: Member, supervisor: Member
    ) -> None:
        with inside(app, caseworker):
            person_id = a_person().id
        with inside(app, supervisor):
            rules.edit(queries.one(person_id), edition=1, phone="1")
        with inside(app, caseworker):
            with pytest.raises(ChangedMeanwhile):
                rules.edit(queries.one(person_id), edition=1, phone="2")
            assert queries.one(person_id).phone == "1"


class TestStatus:
    def test_it_moves_only_along_its_table(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            person = a_person()
            with pytest.raises(IllegalMove):
                rules.set_status(person, Status.PAUSED)
            rules.set_status(person, Status.ACTIVE, why="決定")
            rules.set_status(person, Status.ACTIVE)
            assert [entry.status_after for entry in journal.history(person.id)] == ["active", "candidate"]


class TestAssign:
    def test_caseworker_and_supporters_are_set_and_replaced(self, app: Flask, town: Town, caseworker: Member) -> None:
        helpers = [a_member(app, town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER) for _ in range(3)]
        ids = [each.membership_id for each in helpers]
        with inside(app, caseworker):
            person = a_person()
            me = caseworker.membership_id
            rules.assign(person, edition=1, caseworker_id=me, delivery_firm_id=None, supporter_ids=ids[:2])
            rules.assign(person, edition=2, caseworker_id=me, delivery_firm_id=None, supporter_ids=ids[1:], why="異動")
            assert {row.id for row in queries.supporters_of(person.id)} == set(ids[1:])
            entry = journal.history(person.id)[0]
            assert (entry.action, entry.why) == ("assigned", "異動")
            assert entry.changes == {"supporter_ids": [sorted(map(str, ids[:2])), sorted(map(str, ids[1:]))]}

    def test_supporters_belong_to_the_place_that_supports(self, app: Flask, town: Town, caseworker: Member) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        theirs = a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm)
        with inside(app, caseworker):
            person = a_person()
            with pytest.raises(Invalid) as refused:
                rules.assign(
                    person,
                    edition=1,
                    caseworker_id=None,
                    delivery_firm_id=None,
                    supporter_ids=[theirs.membership_id],
                )
            assert "supporter_ids" in refused.value.fields

    def test_changing_the_firm_closes_the_firm_before_at_once(self, app: Flask, town: Town, caseworker: Member) -> None:
        first, second = a_firm(app), a_firm(app)
        for firm in (first, second):
            a_contract(app, town, firm)
        with inside(app, caseworker):
            person = a_person(delivery_firm_id=first)
            reach.move(person.id, reach.Sight(first))
            rules.assign(person, edition=person.edition, caseworker_id=None, delivery_firm_id=second)
            db.session.refresh(person)
            assert (person.delivery_firm_id, person.firm_id) == (second, None)


def _a_whole_life(town: Town, firm: UUID, *, any_firm: bool = False) -> Participant:
    """A person with an enrolment, a consent, a week in a submitted version and a supporter."""
    person = a_person(delivery_firm_id=firm)
    enrolment = add(
        Enrolment(
            participant_id=person.id,
            route_id=town.route_id,
            route_label="会議",
            decided_on=MONDAY,
            decided_by="会議",
            reason="本人の希望",
            starts_on=MONDAY,
            status=EnrolmentStatus.ACTIVE,
            entered_at=clock.now(),
        )
    )
    week = add(
        WeeklyRecord(
            participant_id=person.id,
            enrolment_id=enrolment.id,
            week_start=MONDAY,
            due_on=MONDAY + timedelta(days=7),
            status=RecordStatus.EXPECTED,
        )
    )
    version = add(
        RecordVersion(
            weekly_record_id=week.id, participant_id=person.id, version=1, is_current=True, saved_at=clock.now()
        )
    )
    add(RecordDay(record_version_id=version.id, held_on=MONDAY, attendance=Attendance.ATTENDED))
    version.submitted_at = clock.now()
    db.session.flush()
    consents.give(person, id=uuid4(), scopes=[Scope.FIRM], form=Form.PAPER, given_on=clock.today(), any_firm=any_firm)
    return person


class TestOpenToFirm:
    def test_a_person_who_agreed_to_any_firm_goes_over_to_the_new_one(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        first, second = a_firm(app), a_firm(app)
        for firm in (first, second):
            a_contract(app, town, firm)
        with inside(app, caseworker):
            person = _a_whole_life(town, first, any_firm=True)
            rules.assign(person, edition=person.edition, caseworker_id=None, delivery_firm_id=second)
            assert person.firm_id == second
            rules.assign(person, edition=person.edition, caseworker_id=None, delivery_firm_id=None)
            assert person.firm_id is None

    def test_every_row_of_a_person_follows_and_only_theirs(self, app: Flask, town: Town, caseworker: Member) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        manager = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)
        kinds = (Participant, Enrolment, WeeklyRecord, RecordVersion, RecordDay, Supporter)
        with inside(app, caseworker):
            person, other = _a_whole_life(town, firm), _a_whole_life(town, firm)
            for each in (person, other):
                supporters = [manager.membership_id]
                rules.assign(
                    each,
                    edition=each.edition,
                    caseworker_id=None,
                    delivery_firm_id=firm,
                    supporter_ids=supporters,
                )
            reach.move(other.id, reach.NONE)
            assert (person.firm_id, other.firm_id) == (firm, None)
            person_id = person.id
        with inside(app, manager):
            for kind in kinds:
                found = db.session.scalars(select(kind)).all()
                assert len(found) == 1, kind.__tablename__
        with inside(app, caseworker):
            reach.move(person_id, reach.NONE)
        with inside(app, manager):
            assert [kind for kind in kinds if db.session.scalars(select(kind)).all()] == []

    def test_every_table_with_a_person_and_a_firm_follows(self, app: Flask) -> None:
        names = {each.__tablename__ for each in reach.followers()}
        assert names >= {
            "consent", "concern", "enrolment", "experience_day", "goal", "participant_supporter", "placement",
            "record_version", "weekly_record",
        }  # fmt: skip

    def test_a_firm_never_reads_household_number_and_note(self, app: Flask, town: Town, caseworker: Member) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        manager = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)
        with inside(app, caseworker):
            person = a_person(delivery_firm_id=firm, note="内緒", household_number="S-77")
            reach.move(person.id, reach.Sight(firm))
            person_id = person.id
        with inside(app, manager):
            seen = queries.one(person_id)
            assert seen.name == "山田 花子"
            with pytest.raises(InvalidRequestError, match="raiseload"):
                _ = seen.note
            for column in (Participant.note, Participant.household_number, Participant.barriers):
                with pytest.raises(ProgrammingError, match="permission denied"):
                    db.session.execute(select(column))
                db.session.rollback()

    def test_what_the_house_writes_into_the_history_stays_in_the_house(
        self, app: Flask, town: Town, caseworker: Member
    ) -> None:
        firm = a_firm(app)
        a_contract(app, town, firm)
        manager = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=firm)
        with inside(app, caseworker):
            person = a_person(delivery_firm_id=firm)
            reach.move(person.id, reach.Sight(firm))
            rules.edit(person, edition=person.edition, household_number="S-78")
            person_id = person.id
        with inside(app, manager):
            assert all(entry.changes is None for entry in journal.history(person_id))


class TestRestrict:
    def test_a_restricted_person_is_there_only_for_those_at_their_side(
        self, app: Flask, town: Town, caseworker: Member, supervisor: Member
    ) -> None:
        colleague = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        with inside(app, caseworker):
            person = a_person(caseworker_id=caseworker.membership_id)
            rules.restrict(person, staff_ids=[supervisor.membership_id], why="DV避難")
            person_id = person.id
        for member in (caseworker, supervisor):
            with inside(app, member):
                assert queries.one(person_id).is_restricted
        with inside(app, colleague), pytest.raises(NotFound):
            queries.one(person_id)

    def test_it_is_written_down_and_a_notice_is_promised_with_nothing_but_an_identifier(
        self, app: Flask, caseworker: Member, supervisor: Member
    ) -> None:
        with inside(app, caseworker):
            person = a_person()
            rules.restrict(person, staff_ids=[supervisor.membership_id], why="DV避難")
            rules.restrict(person, staff_ids=[supervisor.membership_id], why="もう一度")
            promised = db.session.scalars(select(Promise).where(Promise.kind == "restriction_notice")).all()
            assert [set(each.arguments) for each in promised] == [{"participant_id", "notice_id", "what"}]
            assert promised[0].arguments["participant_id"] == str(person.id)
            assert [entry.action for entry in journal.history(person.id)] == ["restricted", "registered"]

    def test_somebody_who_can_lift_it_must_be_among_the_named(self, app: Flask, caseworker: Member) -> None:
        with inside(app, caseworker):
            person = a_person()
            with pytest.raises(Invalid) as refused:
                rules.restrict(person, staff_ids=[caseworker.membership_id], why="DV避難")
            assert "staff_ids" in refused.value.fields

    def test_lifting_opens_the_person_to_all_again(
        self, app: Flask, town: Town, caseworker: Member, supervisor: Member
    ) -> None:
        colleague = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        with inside(app, supervisor):
            person = a_person()
            rules.restrict(person, staff_ids=[supervisor.membership_id], why="DV避難")
            rules.lift_restriction(person, why="転居済み")
            assert queries.named_staff_of(person.id) == []
            person_id = person.id
        with inside(app, colleague):
            assert not queries.one(person_id).is_restricted

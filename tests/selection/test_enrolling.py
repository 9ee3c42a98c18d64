"""Taking somebody in is one act, done once at a time, and by the municipality's own rule."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries as consents
from ayumi.consents.model import Consent, Form, Scope
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import add, db, visiting
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries as participants
from ayumi.participants.model import Status
from ayumi.plans import queries as goals
from ayumi.plans.enrolling import enrol
from ayumi.plans.model import Goal
from ayumi.selection import queries, rules
from ayumi.selection.model import EndReason, Enrolment, EnrolmentStatus, SelectionRoute
from tests.selection.acts import TODAY, a_decision, a_person, demand_consent, enrolled, with_consent
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, working


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def end(enrolment: Enrolment, **more: object) -> None:
    given = {"edition": enrolment.edition, "ends_on": TODAY, "reason": EndReason.JOB, "note": "就職した。"} | more
    rules.end(enrolment, **given)  # type: ignore[arg-type]


def test_somebody_taken_in_is_in_support_with_route_goal_and_promised_weeks(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person_id = a_person()
        enrolment = enrolled(person_id)
        assert enrolment.route_label == "ケースワーカーが主導して決定"
        assert enrolment.entered_by == caseworker.membership_id
        assert participants.one(person_id).status is Status.ACTIVE
        goal = goals.current(enrolment.id)
        assert goal is not None and (goal.version, goal.text) == (1, "週2日、午前中に通えるようになる")
        assert journal.history(enrolment.id)[0].action == "decided"
    with working(app, caseworker.town):
        assert "expected_weeks" in db.session.scalars(select(Promise.kind)).all()


def test_a_decision_sent_twice_takes_in_once(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person_id, decision = a_person(), a_decision()
        first = enrol(person_id, **decision)
        assert enrol(person_id, **decision).id == first.id
        assert len(queries.enrolments_of(person_id)) == 1
        assert len(goals.goals_of(person_id)) == 1


def test_nobody_is_taken_in_twice_at_a_time(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person_id = a_person()
        enrolled(person_id)
        with pytest.raises(rules.AlreadyRunning):
            enrolled(person_id)


def test_the_database_itself_refuses_a_second_running_enrolment(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        first = enrolled(a_person())
        second = {name: getattr(first, name) for name in ("participant_id", "route_id", "route_label", "decided_on")}
        with pytest.raises(IntegrityError, match="uq_enrolment_running"), db.session.begin_nested():
            add(
                Enrolment(
                    **second,
                    decided_by="x",
                    reason="x",
                    starts_on=TODAY,
                    status=EnrolmentStatus.ACTIVE,
                    entered_at=clock.now(),
                )
            )


def test_the_route_stays_as_it_read_on_the_day(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment_id = enrolled(a_person()).id
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=caseworker.town.tenant_id)) as session:
        session.execute(update(SelectionRoute).values(label="会議で決定"))
    with inside(app, caseworker):
        assert queries.one(enrolment_id).route_label == "ケースワーカーが主導して決定"


def test_a_municipality_without_a_route_takes_nobody_in(app: Flask, caseworker: Member) -> None:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=caseworker.town.tenant_id)) as session:
        session.execute(update(SelectionRoute).values(is_current=False))
    with inside(app, caseworker), pytest.raises(rules.NoRoute):
        enrolled(a_person())


def test_where_consent_comes_first_nobody_is_taken_in_without_it(app: Flask, caseworker: Member) -> None:
    demand_consent(app, caseworker.town)
    with inside(app, caseworker):
        person_id = a_person()
        with pytest.raises(Invalid) as refused:
            enrolled(person_id)
        assert set(refused.value.fields) == {"consent_form"}
        db.session.rollback()
    with inside(app, caseworker):
        person_id = a_person()
        enrolled(person_id, **with_consent(scopes=[Scope.HELLO_WORK]))
        assert participants.one(person_id).status is Status.ACTIVE


def test_a_consent_later_than_the_first_day_does_not_come_first(app: Flask, caseworker: Member) -> None:
    demand_consent(app, caseworker.town)
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        enrolled(a_person(), **with_consent(given_on=TODAY))
    assert set(refused.value.fields) == {"starts_on"}


def test_a_wrong_consent_is_told_beside_its_field_in_the_form_of_the_whole(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        enrolled(a_person(), **with_consent(form=Form.SPOKEN, scopes=[]))
    assert set(refused.value.fields) == {"consent_scopes", "consent_witness"}


def test_a_firm_sees_somebody_from_the_day_they_are_taken_in_with_consent(app: Flask, caseworker: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, caseworker.town, firm_id)
    supporter = a_member(app, caseworker.town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id)
    with inside(app, caseworker):
        seen, unseen = a_person(), a_person()
        agreed = enrolled(seen, delivery_firm_id=firm_id, **with_consent()).id
        not_agreed = enrolled(unseen, delivery_firm_id=firm_id).id
    with inside(app, supporter):
        assert queries.one(agreed).participant_id == seen
        assert goals.current(agreed) is not None
        assert db.session.scalar(select(func.count(Consent.id))) == 1
        with pytest.raises(NotFound):
            queries.one(not_agreed)
        with pytest.raises(NotFound):
            participants.one(unseen)
        assert db.session.scalar(select(func.count(Goal.id))) == 1


def test_a_firm_without_a_contract_is_given_nobody(app: Flask, caseworker: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, caseworker.town, firm_id, ends_on=TODAY - timedelta(days=1))
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        enrolled(a_person(), delivery_firm_id=firm_id)
    assert set(refused.value.fields) == {"delivery_firm_id"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"decided_on": TODAY + timedelta(days=1), "starts_on": TODAY + timedelta(days=2)}, "decided_on"),
        ({"decided_on": TODAY, "starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"goal_review_on": TODAY - timedelta(days=30)}, "goal_review_on"),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(
    app: Flask, caseworker: Member, wrong: dict[str, object], field: str
) -> None:
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        enrolled(a_person(), **wrong)
    assert set(refused.value.fields) == {field}


def test_support_rests_and_goes_on_with_a_reason_and_the_person_follows(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person_id = a_person()
        enrolment = enrolled(person_id)
        rules.pause(enrolment, edition=1, why="入院のため")
        assert participants.one(person_id).status is Status.PAUSED
        rules.resume(enrolment, edition=2, why="退院した")
        assert participants.one(person_id).status is Status.ACTIVE
        told = [(entry.action, entry.why) for entry in journal.history(enrolment.id)]
        assert told[:2] == [("resumed", "退院した"), ("paused", "入院のため")]


def test_support_ends_with_a_reason_and_may_begin_a_second_time(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person_id = a_person()
        enrolment = enrolled(person_id)
        end(enrolment)
        assert participants.one(person_id).status is Status.ENDED
        assert queries.running(person_id) is None
        with pytest.raises(Invalid) as refused:
            enrolled(person_id)
        assert set(refused.value.fields) == {"starts_on"}
        again = enrolled(person_id, decided_on=TODAY, starts_on=TODAY + timedelta(days=1))
        assert [row.number for row in queries.enrolments_of(person_id)] == [2, 1]
        assert queries.running(person_id) == again
        assert participants.one(person_id).status is Status.ACTIVE


@pytest.mark.parametrize("days", [1, -60])
def test_support_ends_between_its_first_day_and_today(app: Flask, caseworker: Member, days: int) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        with pytest.raises(Invalid) as refused:
            end(enrolment, ends_on=TODAY + timedelta(days=days))
    assert set(refused.value.fields) == {"ends_on"}


def test_what_somebody_else_changed_meanwhile_is_told(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        rules.pause(enrolment, edition=1, why="入院のため")
        with pytest.raises(rules.ChangedMeanwhile):
            end(enrolment, edition=1)


def test_after_a_year_going_on_asks_for_a_reason_and_a_reason_answers_for_a_year(
    app: Flask, caseworker: Member
) -> None:
    with inside(app, caseworker):
        long_ago = TODAY - timedelta(days=400)
        enrolment = enrolled(a_person(), decided_on=long_ago, starts_on=long_ago)
        assert queries.term(enrolment).asks_why
        rules.prolong(enrolment, edition=1, why="実習先が決まりかけている")
        term = queries.term(enrolment)
        assert (term.asks_why, term.prolonged_why) == (False, "実習先が決まりかけている")
        assert queries.term(enrolment, on=TODAY + timedelta(days=400)).asks_why
        with pytest.raises(rules.ChangedMeanwhile):
            rules.prolong(enrolment, edition=1, why="もう一度")


def test_before_a_year_is_over_nothing_is_asked(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        term = queries.term(enrolled(a_person()))
        assert not term.is_over
        assert term.year_ends_on > TODAY


def test_people_in_support_are_counted_by_who_supports_and_without_the_hidden(app: Flask, caseworker: Member) -> None:
    firm_id = a_firm(app)
    a_contract(app, caseworker.town, firm_id)
    with inside(app, caseworker):
        for _person in range(2):
            enrolled(a_person(), delivery_firm_id=firm_id)
        enrolled(a_person())
        hidden = participants.one(a_person())
        enrolled(hidden.id)
        hidden.is_restricted = True
        db.session.flush()
        assert queries.people_by_firm() == {firm_id: 2, None: 1}


def test_an_enrolment_of_another_municipality_or_of_a_hidden_person_is_not_there(
    app: Flask, caseworker: Member
) -> None:
    stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    with inside(app, caseworker):
        person = participants.one(a_person())
        enrolment_id: UUID = enrolled(person.id).id
        assert queries.one(enrolment_id)
        person.is_restricted = True
        db.session.flush()
        with pytest.raises(NotFound):
            queries.one(enrolment_id)
    with inside(app, stranger):
        with pytest.raises(NotFound):
            queries.one(enrolment_id)
        assert consents.in_force(ids.new()) is None

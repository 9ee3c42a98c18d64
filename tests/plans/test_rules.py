"""A goal may change as often as people do; what it was and why it changed stays readable."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from ayumi.accounts.model import Party, Role
from ayumi.kernel import ids, journal
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import Invalid
from ayumi.participants import queries as participants
from ayumi.plans import queries, rules
from ayumi.plans.differences import differences
from ayumi.plans.model import Goal, GoalKind
from ayumi.selection import rules as choosing
from ayumi.selection.model import EndReason, Enrolment
from tests.selection.acts import TODAY, a_person, enrolled
from tests.world import Member, a_member, a_town, inside


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


def a_change(**more: Any) -> dict[str, Any]:
    given = {
        "id": ids.new(),
        "version": 1,
        "kind": GoalKind.JOB,
        "text": "週3日、午前中に通えるようになる",
        "reason": "朝起きられる日が増えた。",
        "agreed_on": TODAY,
        "review_on": TODAY + timedelta(days=90),
    }
    return given | more


def test_a_change_puts_a_new_version_in_place_and_says_why(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        goal = rules.change(enrolment, **a_change())
        assert [(row.version, row.is_current) for row in queries.versions(enrolment.id)] == [(2, True), (1, False)]
        assert queries.current(enrolment.id) == goal
        assert journal.history(goal.id)[0].why == "朝起きられる日が増えた。"


def test_the_same_change_sent_twice_is_one_version(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment, change = enrolled(a_person()), a_change()
        first = rules.change(enrolment, **change)
        assert rules.change(enrolment, **change) == first
        assert len(queries.versions(enrolment.id)) == 2


def test_two_people_changing_a_goal_are_told(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        rules.change(enrolment, **a_change())
        with pytest.raises(rules.GoalChanged):
            rules.change(enrolment, **a_change(text="別の目標"))


def test_a_goal_ends_with_its_enrolment(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        choosing.end(enrolment, edition=1, ends_on=TODAY, reason=EndReason.MOVED_AWAY)
        with pytest.raises(rules.SupportOver):
            rules.change(enrolment, **a_change())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"agreed_on": TODAY + timedelta(days=1)}, "agreed_on"), ({"review_on": TODAY}, "review_on")],
)
def test_days_that_cannot_be_are_told_beside_their_field(
    app: Flask, caseworker: Member, wrong: dict[str, Any], field: str
) -> None:
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        rules.change(enrolled(a_person()), **a_change(**wrong))
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"version": 2, "reason": "x"}, "uq_goal_current"), ({"version": 2, "is_current": False}, "change_says_why")],
)
def test_the_database_holds_one_current_version_and_its_reason(
    app: Flask, caseworker: Member, wrong: dict[str, Any], constraint: str
) -> None:
    with inside(app, caseworker):
        enrolment = enrolled(a_person())
        goal = queries.current(enrolment.id)
        assert goal is not None
        names = ("enrolment_id", "participant_id", "kind", "text", "agreed_on", "entered_at")
        same = {name: getattr(goal, name) for name in names} | {"is_current": True}
        with pytest.raises(IntegrityError, match=constraint), db.session.begin_nested():
            db.session.add(Goal(**same | wrong))
            db.session.flush()


def due(app: Flask, caseworker: Member, days: int) -> UUID:
    """Somebody whose goal is to be looked at again so many days from now."""
    with inside(app, caseworker):
        enrolment: Enrolment = enrolled(a_person())
        goal = queries.current(enrolment.id)
        assert goal is not None
        goal.review_on = TODAY + timedelta(days=days)
        return enrolment.participant_id


def test_goals_due_are_listed_the_longest_due_first_and_of_people_in_support(app: Flask, caseworker: Member) -> None:
    late, today, soon = (due(app, caseworker, days) for days in (-20, 0, 10))
    over = due(app, caseworker, -3)
    hidden = due(app, caseworker, -3)
    with inside(app, caseworker):
        enrolment = one(Enrolment, next(row.enrolment_id for row in queries.goals_of(over)))
        choosing.end(enrolment, edition=1, ends_on=TODAY, reason=EndReason.JOB)
        participants.one(hidden).is_restricted = True
        db.session.flush()
        assert [row.participant_id for row in queries.to_review(None)] == [late, today]
        assert [row.participant_id for row in queries.to_review(None, within_days=30)] == [late, today, soon]
        assert [(row.participant_id, row.total) for row in queries.to_review(1)] == [(late, 2)]
        assert queries.to_review(None, membership_id=caseworker.membership_id) == []


def test_present_goals_of_many_are_found_at_once_and_past_ones_are_not_present(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        going, gone = enrolled(a_person()), enrolled(a_person())
        choosing.end(gone, edition=1, ends_on=TODAY, reason=EndReason.JOB)
        found = queries.current_goals([going.participant_id, gone.participant_id])
        assert set(found) == {going.participant_id}
        assert queries.current_goals([]) == {}
        assert len(queries.goals_of(gone.participant_id)) == 1


def test_a_small_change_of_words_is_shown_as_one() -> None:
    assert differences("週2日、午前中に通う", "週3日、午前中に通う") == [
        ("out", "週2"),
        ("in", "週3"),
        ("same", "日、午前中に通う"),
    ]


def test_wordings_with_little_in_common_are_shown_whole() -> None:
    assert differences("週2日通う", "清掃の仕事に就く") == [("out", "週2日通う"), ("in", "清掃の仕事に就く")]
    assert differences("", "清掃") == [("in", "清掃")]

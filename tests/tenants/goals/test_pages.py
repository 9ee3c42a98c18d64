"""Goals on the page: changed with a reason, readable in every version, listed when due."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.plans import queries
from tests.selection.acts import TODAY, a_person, enrolled
from tests.tenants.pages import made, path, send, text_of, token
from tests.world import Member, a_member, a_town, inside, logged_in


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def client(app: Flask, caseworker: Member) -> FlaskClient:
    return logged_in(app, caseworker)


@pytest.fixture
def enrolment_id(app: Flask, caseworker: Member) -> UUID:
    with inside(app, caseworker):
        person_id = a_person(family_name="石川", given_name="茂")
        return enrolled(person_id, goal_text="週2日、午前中に通う", goal_review_on=TODAY - timedelta(days=1)).id


def a_form(**more: Any) -> dict[str, Any]:
    given = {
        "_token": token(),
        "version": "1",
        "kind": "job",
        "text": "週3日、午前中に通う",
        "reason": "朝起きられる日が増えた。",
        "agreed_on": str(TODAY),
        "review_on": str(TODAY + timedelta(days=90)),
    }
    return given | more


def test_a_goal_is_changed_once_and_the_form_begins_with_the_goal_as_it_is(
    app: Flask, caseworker: Member, client: FlaskClient, enrolment_id: UUID
) -> None:
    at, form = path(caseworker, f"/enrolments/{enrolment_id}/goal"), a_form()
    assert "週2日、午前中に通う</textarea>" in text_of(client, at)
    for _click in range(2):
        assert made(send(client, at, **form)) == enrolment_id
    with inside(app, caseworker):
        assert [row.version for row in queries.versions(enrolment_id)] == [2, 1]


def test_a_change_without_a_reason_is_told_and_what_was_typed_stays(
    caseworker: Member, client: FlaskClient, enrolment_id: UUID
) -> None:
    answer = send(client, path(caseworker, f"/enrolments/{enrolment_id}/goal"), **a_form(reason=""))
    assert answer.status_code == 422
    assert 'href="#field-reason"' in answer.get_data(as_text=True)
    assert "週3日、午前中に通う</textarea>" in answer.get_data(as_text=True)


def test_two_people_changing_one_goal_are_told(caseworker: Member, client: FlaskClient, enrolment_id: UUID) -> None:
    at = path(caseworker, f"/enrolments/{enrolment_id}/goal")
    made(send(client, at, **a_form()))
    assert send(client, at, **a_form(text="別の目標")).status_code == 409


def test_the_history_marks_what_changed_and_says_why(
    caseworker: Member, client: FlaskClient, enrolment_id: UUID
) -> None:
    made(send(client, path(caseworker, f"/enrolments/{enrolment_id}/goal"), **a_form()))
    page = text_of(client, path(caseworker, f"/enrolments/{enrolment_id}/goal/history"))
    assert "週2</del>" in page
    assert "週3</ins>" in page
    assert "朝起きられる日が増えた。" in page


def test_goals_that_are_due_are_listed(caseworker: Member, client: FlaskClient, enrolment_id: UUID) -> None:
    at = path(caseworker, "/goals")
    assert "石川 茂" in text_of(client, at)
    assert "石川 茂" not in text_of(client, at + "?mine=1")
    made(send(client, path(caseworker, f"/enrolments/{enrolment_id}/goal"), **a_form()))
    assert "石川 茂" not in text_of(client, at)


def test_who_leads_reads_goals_and_changes_none(app: Flask, caseworker: Member, enrolment_id: UUID) -> None:
    head = logged_in(app, a_member(app, caseworker.town, Party.STAFF, Role.SECTION_HEAD))
    assert "石川 茂" in text_of(head, path(caseworker, f"/enrolments/{enrolment_id}/goal/history"))
    assert head.get(path(caseworker, f"/enrolments/{enrolment_id}/goal")).status_code == 403

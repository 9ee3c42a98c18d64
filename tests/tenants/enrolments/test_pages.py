"""Taking somebody in, on the page: what stands there, what is refused beside its field, what a second click does."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries as consents
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries as participants
from ayumi.plans import queries as goals
from ayumi.selection import queries, rules
from ayumi.selection.model import EndReason, Enrolment, EnrolmentStatus, SelectionRoute
from tests.selection.acts import TODAY, a_person, demand_consent, enrolled
from tests.tenants.pages import made, path, send, text_of, token
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, logged_in

STEPS: list[dict[str, Any]] = [
    {"ja": "担当者が名簿に載せる", "en": "Put on the roster", "by": ["caseworker"]},
    {"ja": "三者で話し合う", "en": "Three parties talk", "by": ["caseworker", "supervisor"], "decides": True},
]


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, name="佐々木 美咲")


@pytest.fixture
def client(app: Flask, caseworker: Member) -> FlaskClient:
    return logged_in(app, caseworker)


@pytest.fixture
def person_id(app: Flask, caseworker: Member) -> UUID:
    with inside(app, caseworker):
        return a_person(caseworker_id=caseworker.membership_id)


def a_form(**more: Any) -> dict[str, Any]:
    given = {
        "_token": token(),
        "decided_on": str(TODAY - timedelta(days=3)),
        "decided_by": "三者協議",
        "reason": "朝の通所から始める。",
        "wish": "本を買いたい。",
        "starts_on": str(TODAY),
        "delivery_firm_id": "",
        "goal_kind": "other",
        "goal_text": "週2日通う",
        "goal_review_on": str(TODAY + timedelta(days=90)),
        "consent_form": "",
    }
    return given | more


def new(caseworker: Member, person_id: UUID) -> str:
    return path(caseworker, f"/people/{person_id}/enrolments/new")


def running(app: Flask, caseworker: Member, days: int = 7) -> UUID:
    with inside(app, caseworker):
        day = TODAY - timedelta(days=days)
        return enrolled(a_person(), decided_on=day, starts_on=day, goal_review_on=TODAY + timedelta(days=9)).id


def test_the_form_shows_the_route_and_begins_with_who_decides(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=caseworker.town.tenant_id)) as session:
        session.get_one(SelectionRoute, (caseworker.town.tenant_id, caseworker.town.route_id)).steps = STEPS
    page = text_of(client, new(caseworker, person_id))
    assert "ケースワーカーが主導して決定" in page
    assert page.index("担当者が名簿に載せる") < page.index("三者で話し合う")
    assert "佐々木 美咲" in page.split('name="decided_by"')[1].split(">")[0]


def test_a_sent_form_takes_the_person_in_once_however_often_it_is_sent(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    form = a_form()
    first = made(send(client, new(caseworker, person_id), **form))
    assert made(send(client, new(caseworker, person_id), **form)) == first
    with inside(app, caseworker):
        assert [row.id for row in queries.enrolments_of(person_id)] == [first]
    page = text_of(client, path(caseworker, f"/enrolments/{first}"))
    assert "本を買いたい。" in page
    assert "週2日通う" in page


def test_what_is_missing_is_told_and_what_was_typed_stays(
    caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    answer = send(client, new(caseworker, person_id), **a_form(goal_text="", decided_on="R8.13.1"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#field-goal_text"' in page
    assert 'href="#field-decided_on"' in page
    assert "朝の通所から始める。" in page


def test_consent_is_given_in_the_same_form_with_its_scan(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    demand_consent(app, caseworker.town)
    refused = send(client, new(caseworker, person_id), **a_form())
    assert refused.status_code == 422
    assert 'href="#field-consent_form"' in refused.get_data(as_text=True)
    given = {
        "consent_form": "paper",
        "consent_scopes": ["employer_profile", "hello_work"],
        "consent_given_on": str(TODAY),
        "consent_scan": (io.BytesIO(b"%PDF-1.7"), "../../同意書.pdf"),
    }
    made(send(client, new(caseworker, person_id), **a_form(**given)))
    with inside(app, caseworker):
        (row,) = consents.of(person_id)
        assert (row.scopes, row.filename) == (["employer_profile", "hello_work"], "同意書.pdf")


def test_a_scan_that_cannot_be_taken_is_told_and_nothing_is_made(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    given = {"consent_form": "paper", "consent_scopes": ["hello_work"], "consent_given_on": str(TODAY)}
    scan = {"consent_scan": (io.BytesIO(b"MZ not a scan"), "同意書.pdf")}
    answer = send(client, new(caseworker, person_id), **a_form(**given, **scan))
    assert answer.status_code == 422
    assert 'href="#field-consent_scan"' in answer.get_data(as_text=True)
    with inside(app, caseworker):
        assert db.session.scalar(select(func.count(Enrolment.id))) == 0
        assert consents.of(person_id) == []


def test_what_was_agreed_is_not_dropped_in_silence_when_nobody_said_how(
    caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    answer = send(client, new(caseworker, person_id), **a_form(consent_scopes=["firm"]))
    assert answer.status_code == 422
    assert 'href="#field-consent_form"' in answer.get_data(as_text=True)


def test_a_firm_that_is_not_offered_cannot_be_chosen(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    ours, theirs = a_firm(app, name="はまかぜ"), a_firm(app, name="よその法人")
    a_contract(app, caseworker.town, ours)
    a_contract(app, a_town(app), theirs)
    page = text_of(client, new(caseworker, person_id))
    assert "はまかぜ" in page
    assert "よその法人" not in page
    assert send(client, new(caseworker, person_id), **a_form(delivery_firm_id=str(theirs))).status_code == 422
    made(send(client, new(caseworker, person_id), **a_form(delivery_firm_id=str(ours))))
    with inside(app, caseworker):
        assert participants.one(person_id).delivery_firm_id == ours


def test_whoever_is_in_support_is_shown_instead_of_taken_in_again(
    app: Flask, caseworker: Member, client: FlaskClient
) -> None:
    enrolment_id = running(app, caseworker)
    with inside(app, caseworker):
        person_id = queries.one(enrolment_id).participant_id
    assert made(client.get(new(caseworker, person_id))) == enrolment_id
    assert send(client, new(caseworker, person_id), **a_form()).status_code == 409


def test_support_is_paused_and_goes_on_from_its_page(app: Flask, caseworker: Member, client: FlaskClient) -> None:
    enrolment_id = running(app, caseworker)
    at = path(caseworker, f"/enrolments/{enrolment_id}")
    assert send(client, f"{at}/pause", edition="1", why="").status_code == 422
    made(send(client, f"{at}/pause", edition="1", why="入院のため"))
    assert "入院のため" in text_of(client, at)
    made(send(client, f"{at}/resume", edition="2", why="退院した"))
    with inside(app, caseworker):
        assert queries.one(enrolment_id).status is EnrolmentStatus.ACTIVE


def test_two_people_at_one_enrolment_are_told(app: Flask, caseworker: Member, client: FlaskClient) -> None:
    at = path(caseworker, f"/enrolments/{running(app, caseworker)}")
    made(send(client, f"{at}/pause", edition="1", why="入院のため"))
    answer = send(client, f"{at}/end", edition="1", ends_on=str(TODAY), reason="job", note="")
    assert answer.status_code == 409


def test_support_ends_with_a_reason_and_may_begin_again_linked_to_the_first(
    app: Flask, caseworker: Member, client: FlaskClient
) -> None:
    enrolment_id = running(app, caseworker)
    at = path(caseworker, f"/enrolments/{enrolment_id}")
    assert send(client, f"{at}/end", edition="1", ends_on=str(TODAY), reason="", note="").status_code == 422
    yesterday = TODAY - timedelta(days=1)
    made(send(client, f"{at}/end", edition="1", ends_on=str(yesterday), reason="job", note="就職した。"))
    with inside(app, caseworker):
        person_id = queries.one(enrolment_id).participant_id
    form = a_form(decided_on=str(TODAY))
    second = made(send(client, new(caseworker, person_id), **form))
    assert f"/enrolments/{enrolment_id}" in text_of(client, path(caseworker, f"/enrolments/{second}"))


def test_after_a_year_the_page_asks_for_a_reason_to_go_on(app: Flask, caseworker: Member, client: FlaskClient) -> None:
    enrolment_id = running(app, caseworker, days=400)
    at = path(caseworker, f"/enrolments/{enrolment_id}")
    assert f"{at}/prolong" in text_of(client, at)
    made(send(client, f"{at}/prolong", edition="1", why="実習先が決まりかけている"))
    page = text_of(client, at)
    assert f"{at}/prolong" not in page
    assert "実習先が決まりかけている" in page


def test_who_only_leads_reads_and_decides_nothing(app: Flask, caseworker: Member, person_id: UUID) -> None:
    head = a_member(app, caseworker.town, Party.STAFF, Role.SECTION_HEAD)
    finance = a_member(app, caseworker.town, Party.STAFF, Role.FINANCE_OFFICER)
    enrolment_id = running(app, caseworker)
    at = path(caseworker, f"/enrolments/{enrolment_id}")
    page = text_of(logged_in(app, head), at)
    assert f"{at}/end" not in page
    assert logged_in(app, head).get(new(caseworker, person_id)).status_code == 403
    assert logged_in(app, finance).get(at).status_code == 403


def test_a_hidden_persons_enrolment_is_not_there(app: Flask, caseworker: Member, client: FlaskClient) -> None:
    enrolment_id = running(app, caseworker)
    with inside(app, caseworker):
        participants.one(queries.one(enrolment_id).participant_id).is_restricted = True
    for tail in ("", "/pause", "/resume", "/prolong", "/end", "/goal", "/goal/history"):
        assert client.get(path(caseworker, f"/enrolments/{enrolment_id}{tail}")).status_code == 404


def test_an_ended_enrolment_offers_no_further_step(app: Flask, caseworker: Member, client: FlaskClient) -> None:
    enrolment_id = running(app, caseworker)
    with inside(app, caseworker):
        rules.end(queries.one(enrolment_id), edition=1, ends_on=TODAY, reason=EndReason.DEATH)
        goal = goals.current(enrolment_id)
        assert goal is not None
    at = path(caseworker, f"/enrolments/{enrolment_id}")
    page = text_of(client, at)
    assert not [tail for tail in ("pause", "resume", "prolong", "end", "goal") if f'{at}/{tail}"' in page]
    assert send(client, f"{at}/pause", edition="2", why="x").status_code == 409

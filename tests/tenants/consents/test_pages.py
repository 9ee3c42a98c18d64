"""Consent on the page: entered, scanned, renewed, and withdrawn with its effect shown before."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries, rules
from ayumi.consents.model import Consent, Scope
from ayumi.consents.rules import Scan
from ayumi.kernel.db import db, one
from ayumi.participants import queries as participants
from ayumi.records import rules as records
from tests.selection.acts import TODAY, a_consent, a_person, enrolled, with_consent
from tests.tenants.pages import path, send, text_of, token
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, logged_in, working


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def client(app: Flask, caseworker: Member) -> FlaskClient:
    return logged_in(app, caseworker)


@pytest.fixture
def person_id(app: Flask, caseworker: Member) -> UUID:
    """Somebody whom a firm supports and, by consent, sees."""
    firm_id = a_firm(app, name="はまかぜ")
    a_contract(app, caseworker.town, firm_id)
    with inside(app, caseworker):
        found = a_person(family_name="石川", given_name="茂")
        enrolled(found, delivery_firm_id=firm_id, **with_consent(scopes=[Scope.FIRM, Scope.EMPLOYER_PROFILE]))
    with working(app, caseworker.town):
        records.expect_weeks(TODAY)
    return found


def consent_of(app: Flask, caseworker: Member, person_id: UUID) -> UUID:
    with inside(app, caseworker):
        found: UUID = queries.of(person_id)[0].id
        return found


def a_form(**more: Any) -> dict[str, Any]:
    given = {"_token": token(), "scopes": ["hello_work"], "form": "paper", "given_on": str(TODAY), "expires_on": ""}
    return given | more


def test_a_consent_is_entered_once_however_often_the_form_is_sent(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    at, form = path(caseworker, f"/people/{person_id}/consents"), a_form()
    for _click in range(2):
        assert send(client, f"{at}/new", **form).location == at
    with inside(app, caseworker):
        assert len(queries.of(person_id)) == 2


def test_a_spoken_consent_without_a_witness_is_told_and_the_file_asked_for_again(
    caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    at = path(caseworker, f"/people/{person_id}/consents/new")
    answer = send(client, at, **a_form(form="spoken", scan=(io.BytesIO(b"%PDF-1.7"), "a.pdf")))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#field-witness"' in page
    assert 'href="#field-scan"' in page


def test_a_scan_is_handed_out_as_a_download_with_the_type_found_in_it(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    at = path(caseworker, f"/consents/{consent_of(app, caseworker, person_id)}/scan")
    assert client.get(at).status_code == 404
    image = b"\x89PNG\r\n\x1a\n<script>"
    refused = send(client, at, scan=(io.BytesIO(image), "同意書.html"))
    assert (refused.status_code, "ファイル名の終わりも.pngに" in refused.text) == (422, True)
    assert send(client, at, scan=(io.BytesIO(image), "同意書.png")).status_code == 302
    answer = client.get(at)
    assert answer.data == image
    assert answer.content_type == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_attaching_nothing_or_something_else_is_told(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    at = path(caseworker, f"/consents/{consent_of(app, caseworker, person_id)}/scan")
    assert send(client, at).status_code == 422
    answer = send(client, at, scan=(io.BytesIO(b"PK\x03\x04"), "同意書.zip"))
    assert answer.status_code == 422
    assert "同意書.zip" in answer.get_data(as_text=True)


def test_only_caseworkers_open_a_scan(app: Flask, caseworker: Member, person_id: UUID) -> None:
    consent_id = consent_of(app, caseworker, person_id)
    with inside(app, caseworker):
        rules.attach(queries.one(consent_id), scan=Scan("a.pdf", b"%PDF-1.7"))
    at = path(caseworker, f"/consents/{consent_id}/scan")
    for role, status in ((Role.SUPERVISING_CASEWORKER, 200), (Role.SECTION_HEAD, 403), (Role.FINANCE_OFFICER, 403)):
        member = a_member(app, caseworker.town, Party.STAFF, role)
        assert logged_in(app, member).get(at).status_code == status
    head = a_member(app, caseworker.town, Party.STAFF, Role.SECTION_HEAD)
    assert at not in text_of(logged_in(app, head), path(caseworker, f"/people/{person_id}/consents"))


def test_what_withdrawing_does_is_shown_before_it_is_done(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    consent_id = consent_of(app, caseworker, person_id)
    with inside(app, caseworker):
        weeks = queries.records_in_sight(person_id)
        assert weeks > 0
    at = path(caseworker, f"/consents/{consent_id}/withdraw")
    page = text_of(client, at)
    assert "はまかぜ" in page
    with inside(app, caseworker):
        assert participants.one(person_id).firm_id is not None
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    assert f"はまかぜ loses sight of this person and of {weeks} week" in text_of(client, at)
    assert send(client, at, withdrawn_on=str(TODAY), reason="").status_code == 422
    assert send(client, at, withdrawn_on=str(TODAY), reason="理由の申し出なし").status_code == 302
    with inside(app, caseworker):
        assert participants.one(person_id).firm_id is None
    assert client.get(at).status_code == 409


def test_renewing_begins_with_the_same_matters_and_puts_a_new_consent_beside_the_old(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    consent_id = consent_of(app, caseworker, person_id)
    at = path(caseworker, f"/consents/{consent_id}/renew")
    page = text_of(client, at)
    checked = [
        part.split('"')[0] for part in page.split('name="scopes" value="')[1:] if " checked" in part.split(">")[0]
    ]
    assert checked == ["firm", "employer_profile"]
    send(client, at, **a_form(scopes=["firm", "employer_profile"], expires_on=str(TODAY + timedelta(days=700))))
    with inside(app, caseworker):
        found = queries.in_force(person_id, Scope.FIRM)
        assert found is not None
        assert found.id != consent_id


def test_consents_that_run_out_are_listed_for_all_and_for_ones_own(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    at = path(caseworker, "/consents/expiring")
    assert "石川" not in text_of(client, at)
    with inside(app, caseworker):
        one(Consent, queries.of(person_id)[0].id).expires_on = TODAY + timedelta(days=12)
        db.session.flush()
    assert "石川 茂" in text_of(client, at)
    assert "石川 茂" not in text_of(client, at + "?mine=1")
    with inside(app, caseworker):
        participants.one(person_id).caseworker_id = caseworker.membership_id
    assert "石川 茂" in text_of(client, at + "?mine=1")


def test_where_a_firm_supports_without_consent_the_page_says_so(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    at = path(caseworker, f"/people/{person_id}/consents")
    sentence = "The firm cannot see this person at present"
    assert sentence not in text_of(client, at)
    with inside(app, caseworker):
        consent = queries.in_force(person_id, Scope.FIRM)
        assert consent is not None
        rules.withdraw(consent, withdrawn_on=TODAY, reason="取り消す")
    assert sentence in text_of(client, at)


def test_a_firm_has_no_page_of_consents(app: Flask, caseworker: Member, person_id: UUID) -> None:
    with inside(app, caseworker):
        firm_id = participants.one(person_id).firm_id
    supporter = a_member(app, caseworker.town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id)
    address = path(caseworker, f"/people/{person_id}/consents")
    assert logged_in(app, supporter).get(address).status_code == 404
    assert logged_in(app, supporter).get(address.replace("/t/", "/portal/", 1)).status_code == 404


def test_a_consent_of_another_municipality_is_not_there(
    app: Flask, caseworker: Member, client: FlaskClient, person_id: UUID
) -> None:
    other = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    with inside(app, other):
        theirs = rules.give(participants.one(a_person()), **a_consent()).id
    for tail in ("renew", "withdraw", "scan"):
        assert client.get(path(caseworker, f"/consents/{theirs}/{tail}")).status_code == 404

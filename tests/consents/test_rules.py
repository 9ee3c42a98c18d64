"""What a person agrees to opens, and what they take back closes at once."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries, rules
from ayumi.consents.model import Consent, ConsentStatus, Form, Scope
from ayumi.consents.rules import Scan
from ayumi.kernel import journal
from ayumi.kernel.db import db, one
from ayumi.kernel.errors import Invalid, NotFound
from ayumi.kernel.files.rules import opened_file
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.records import rules as records
from ayumi.selection.model import Enrolment
from jobs import consent_expiry
from tests.selection.acts import TODAY, a_consent, a_person, enrolled, with_consent
from tests.world import Member, a_contract, a_firm, a_member, a_town, inside, working

PDF = b"%PDF-1.7\nconsent"


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def supporter(app: Flask, caseworker: Member) -> Member:
    firm_id = a_firm(app)
    a_contract(app, caseworker.town, firm_id)
    return a_member(app, caseworker.town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id)


def in_support(app: Flask, caseworker: Member, firm_id: UUID | None = None, **consent: object) -> UUID:
    """Somebody in support with a consent and a few expected weeks."""
    with inside(app, caseworker):
        person_id = a_person()
        enrolled(person_id, delivery_firm_id=firm_id, **with_consent(**consent))
    with working(app, caseworker.town):
        records.expect_weeks(TODAY)
    return person_id


def given(app: Flask, caseworker: Member, person_id: UUID, **more: object) -> UUID:
    with inside(app, caseworker):
        return rules.give(participants.one(person_id), **a_consent(**more)).id


def sees(app: Flask, supporter: Member) -> int:
    """How many rows of people, enrolments and consents a firm's person can read."""
    with inside(app, supporter):
        counted = (select(func.count(each.id)) for each in (Participant, Enrolment, Consent))
        return sum(db.session.scalar(each) or 0 for each in counted)


def test_a_paper_consent_keeps_its_scan_with_the_type_found_in_it(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        scan = Scan("同意書.PDF", PDF)
        consent = rules.give(participants.one(a_person()), scan=scan, **a_consent())
        assert consent.file_id is not None
        kept, data = opened_file(consent.file_id)
        assert (kept.content_type, kept.filename, kept.purpose, kept.firm_id) == (
            "application/pdf",
            "同意書.PDF",
            "consent",
            None,
        )
        assert data == PDF


@pytest.mark.parametrize("data", [b"", b"MZ\x90 a programme", b"<html>", PDF + b"0" * rules.LARGEST_SCAN])
def test_a_file_that_is_no_scan_or_too_large_is_refused_beside_its_field(
    app: Flask, caseworker: Member, data: bytes
) -> None:
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        rules.give(participants.one(a_person()), scan=Scan("同意書.pdf", data), **a_consent())
    assert set(refused.value.fields) == {"scan"}
    assert refused.value.params["filename"] == "同意書.pdf"


def test_a_scan_can_follow_later_and_the_journal_knows(app: Flask, caseworker: Member) -> None:
    consent_id = given(app, caseworker, in_support(app, caseworker))
    with inside(app, caseworker):
        rules.attach(queries.one(consent_id), scan=Scan("a.pdf", PDF))
        assert journal.history(consent_id)[0].action == "scan_attached"
        with pytest.raises(Invalid):
            rules.attach(queries.one(consent_id), scan=None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"given_on": TODAY + timedelta(days=1)}, "given_on"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"form": Form.SPOKEN}, "witness"),
    ],
)
def test_a_consent_that_cannot_be_is_told_beside_its_field(
    app: Flask, caseworker: Member, wrong: dict[str, object], field: str
) -> None:
    with inside(app, caseworker), pytest.raises(Invalid) as refused:
        rules.give(participants.one(a_person()), **a_consent(**wrong))
    assert set(refused.value.fields) == {field}


def test_a_spoken_consent_names_who_heard_it(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        consent = rules.give(participants.one(a_person()), **a_consent(form=Form.SPOKEN, witness="査察指導員 原"))
        assert (consent.form, consent.witness) == (Form.SPOKEN, "査察指導員 原")


def test_the_same_consent_sent_twice_is_one(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker):
        person, consent = participants.one(a_person()), a_consent()
        assert rules.give(person, **consent).id == rules.give(person, **consent).id
        assert len(queries.of(person.id)) == 1


def test_the_firm_sees_from_the_consent_on_and_loses_sight_with_it(
    app: Flask, caseworker: Member, supporter: Member
) -> None:
    person_id = in_support(app, caseworker, supporter.firm_id, scopes=[Scope.MEDICAL])
    assert sees(app, supporter) == 0
    consent_id = given(app, caseworker, person_id)
    assert sees(app, supporter) == 4
    with inside(app, caseworker):
        assert queries.records_in_sight(person_id) > 0
        rules.withdraw(queries.one(consent_id), withdrawn_on=TODAY, reason="もう見せたくない")
        assert queries.records_in_sight(person_id) == 0
        withdrawn = one(Consent, consent_id)
        assert (withdrawn.status, withdrawn.withdrawal_reason) == (ConsentStatus.WITHDRAWN, "もう見せたくない")
    assert sees(app, supporter) == 0


def test_withdrawing_takes_the_renewed_consent_with_it_but_not_another_matter(
    app: Flask, caseworker: Member, supporter: Member
) -> None:
    person_id = in_support(app, caseworker, supporter.firm_id)
    newer = given(app, caseworker, person_id, expires_on=TODAY + timedelta(days=400))
    other = given(app, caseworker, person_id, scopes=[Scope.MEDICAL])
    wider = given(app, caseworker, person_id, scopes=[Scope.FIRM, Scope.HELLO_WORK])
    with inside(app, caseworker):
        assert len(queries.withdrawn_with(queries.one(newer))) == 3
        rules.withdraw(queries.one(newer), withdrawn_on=TODAY, reason="取り消す")
        assert queries.in_force(person_id, Scope.FIRM) is None
        assert one(Consent, other).status is ConsentStatus.IN_FORCE
        assert one(Consent, wider).scopes == ["hello_work"]
        assert journal.history(wider)[0].changes == {"scopes": [["firm", "hello_work"], ["hello_work"]]}
    assert sees(app, supporter) == 0


def test_a_firm_never_reads_why_a_consent_was_withdrawn(app: Flask, caseworker: Member, supporter: Member) -> None:
    person_id = in_support(app, caseworker, supporter.firm_id)
    with inside(app, caseworker):
        consent = queries.in_force(person_id)
        assert consent is not None
        consent_id = consent.id
        rules.withdraw(consent, withdrawn_on=TODAY, reason="支援員と合わない")
    with inside(app, supporter):
        assert "支援員と合わない" not in {entry.why for entry in journal.history(consent_id)}


def test_a_consent_is_withdrawn_once_and_not_before_it_was_given(app: Flask, caseworker: Member) -> None:
    consent_id = given(app, caseworker, in_support(app, caseworker))
    with inside(app, caseworker):
        consent = queries.one(consent_id)
        with pytest.raises(Invalid) as refused:
            rules.withdraw(consent, withdrawn_on=TODAY + timedelta(days=1), reason="取り消す")
        assert set(refused.value.fields) == {"withdrawn_on"}
        rules.withdraw(consent, withdrawn_on=TODAY, reason="取り消す")
        with pytest.raises(rules.NotInForce):
            rules.withdraw(consent, withdrawn_on=TODAY, reason="取り消す")


def backdate(app: Flask, caseworker: Member, person_id: UUID) -> None:
    """Let a person's consents have run out yesterday."""
    with inside(app, caseworker):
        for row in queries.of(person_id):
            consent = one(Consent, row.id)
            consent.expires_on = TODAY - timedelta(days=1)
        db.session.flush()


def test_the_nightly_job_marks_what_ran_out_and_closes_the_firms_sight(
    app: Flask, caseworker: Member, supporter: Member
) -> None:
    person_id = in_support(app, caseworker, supporter.firm_id)
    backdate(app, caseworker, person_id)
    with inside(app, caseworker):
        assert queries.in_force(person_id) is None
    assert sees(app, supporter) == 3
    for _night in range(2):
        with working(app, caseworker.town):
            consent_expiry.run()
    assert sees(app, supporter) == 0
    with inside(app, caseworker):
        (row,) = queries.of(person_id)
        assert row.status is ConsentStatus.EXPIRED
        assert [entry.action for entry in journal.history(row.id)] == ["expired", "given"]


def test_a_renewed_consent_keeps_the_sight_open_when_the_first_runs_out(
    app: Flask, caseworker: Member, supporter: Member
) -> None:
    person_id = in_support(app, caseworker, supporter.firm_id)
    backdate(app, caseworker, person_id)
    given(app, caseworker, person_id)
    with working(app, caseworker.town):
        consent_expiry.run()
    assert sees(app, supporter) == 4


def test_the_list_shows_what_runs_out_within_days_and_what_nothing_has_replaced(app: Flask, caseworker: Member) -> None:
    soon, later, renewed = TODAY + timedelta(days=12), TODAY + timedelta(days=40), TODAY + timedelta(days=365)
    first = in_support(app, caseworker, expires_on=soon)
    in_support(app, caseworker, expires_on=later)
    in_support(app, caseworker, expires_on=None)
    again = in_support(app, caseworker, expires_on=soon)
    given(app, caseworker, again, expires_on=renewed)
    with inside(app, caseworker):
        assert [(row.participant_id, row.total) for row in queries.expiring(30)] == [(first, 1)]
        assert [row.expires_on for row in queries.expiring(60)] == [soon, later]
        assert len(queries.expiring(60, limit=1)) == 1
        assert queries.expiring(60, caseworker.membership_id) == []
        participants.one(first).caseworker_id = caseworker.membership_id
        db.session.flush()
        assert [row.participant_id for row in queries.expiring(60, caseworker.membership_id)] == [first]


def test_what_has_run_out_stays_on_the_list_until_it_is_renewed(app: Flask, caseworker: Member) -> None:
    person_id = in_support(app, caseworker)
    backdate(app, caseworker, person_id)
    with working(app, caseworker.town):
        consent_expiry.run()
    with inside(app, caseworker):
        assert [row.participant_id for row in queries.expiring(30)] == [person_id]
    given(app, caseworker, person_id)
    with inside(app, caseworker):
        assert queries.expiring(30) == []


def test_a_consent_of_another_municipality_or_of_a_hidden_person_is_not_there(app: Flask, caseworker: Member) -> None:
    person_id = in_support(app, caseworker)
    consent_id = given(app, caseworker, person_id)
    stranger = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    with inside(app, stranger), pytest.raises(NotFound):
        queries.one(consent_id)
    with inside(app, caseworker):
        participants.one(person_id).is_restricted = True
        db.session.flush()
        assert queries.expiring(400) == []
        with pytest.raises(NotFound):
            queries.one(consent_id)

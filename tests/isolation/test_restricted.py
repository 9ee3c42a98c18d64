"""A restricted person is nowhere for anybody but those at their side: every page, file and mail, every role."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.japan.calendar import Month
from ayumi.kernel import journal
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise
from ayumi.participants import queries, rules
from ayumi.reports import rules as reports
from jobs import confirmation_copies, confirmation_links, restriction_notices
from tests.isolation.canaries import CANARIES
from tests.isolation.fieldcrawl import found_in, mailed_since, mails, nesting, seen_by
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import KINDS
from tests.participants.people import a_person
from tests.world import a_member, a_town, inside, logged_in, posted, working

# Their caseworker, the one who is named, and their own supporter at the firm.
AT_THEIR_SIDE = {"caseworker", "supervising_caseworker", "supporter"}
# What is said of a month or a statement as a whole, not of a person.
OF_NOBODY = {"fee_statement.note", "confirmation.note"}
OF_PEOPLE = set(CANARIES) - OF_NOBODY


@pytest.fixture(scope="module")
def hidden(app: Flask) -> Iterator[Populated]:
    with nesting():
        place = populate(app, "隠里野")
    supervisor = place.members["supervising_caseworker"]
    with inside(app, supervisor):
        person = queries.one(place.ids["participant_id"])
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
    with working(app, place.town):
        place.ids["report_id"] = reports.compile(Month.parse(place.month)).report.id
    yield place


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in AT_THEIR_SIDE])
def test_nothing_of_a_restricted_person_is_met_by(app: Flask, hidden: Populated, kind: str) -> None:
    assert seen_by(app, hidden, kind) & OF_PEOPLE == set()


@pytest.mark.parametrize("kind", sorted(AT_THEIR_SIDE))
def test_those_at_their_side_see_them_as_anybody_else(app: Flask, hidden: Populated, kind: str) -> None:
    assert {"participant.family_name", "record_version.summary", "placement.nickname"} <= seen_by(app, hidden, kind)


def test_no_mail_tells_of_a_restricted_person(app: Flask, hidden: Populated) -> None:
    before, month = mails(), hidden.month
    with working(app, hidden.town):
        restriction_notices.run(participant_id=str(hidden.ids["participant_id"]), notice_id="0")
    with working(app, hidden.town):
        confirmation_links.send_one(employer_id=str(hidden.ids["employer_id"]), month=month, number=1)
    with working(app, hidden.town):
        confirmation_copies.run(confirmation_id=str(hidden.ids["confirmation_id"]))
    assert found_in(mailed_since(before)) & OF_PEOPLE == set()


def test_registering_their_double_tells_nothing_of_them(app: Flask) -> None:
    town = a_town(app)
    supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
    colleague = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    with inside(app, supervisor):
        person = a_person(family_name="秘密野", family_kana="ヒミツノ", case_number="H-1")
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
    typed = {
        "family_name": "別人", "given_name": "花子", "family_kana": "ヒミツノ", "given_kana": "ハナコ",
        "birth_date": "1980-04-01", "delivery_firm_id": "own", "_token": str(uuid4()),
    }  # fmt: skip
    path = f"/t/{town.slug}/people/new"
    hinted = posted(logged_in(app, supervisor), path, **typed, case_number="H-3")
    assert (hinted.status_code, "秘密野" in hinted.get_data(as_text=True)) == (422, True)
    same_number = posted(logged_in(app, colleague), path, **typed, case_number="H-1")
    assert (same_number.status_code, "秘密野" in same_number.get_data(as_text=True)) == (422, False)
    assert posted(logged_in(app, colleague), path, **typed, case_number="H-2").status_code == 302


def test_adding_a_name_is_written_down_and_told_to_those_who_lead(app: Flask) -> None:
    town = a_town(app)
    supervisor, colleague = (a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER) for _each in range(2))
    with inside(app, supervisor):
        person = a_person()
        rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
        rules.restrict(person, staff_ids=[supervisor.membership_id, colleague.membership_id], why="応援")
        newest = journal.history(person.id)[0]
        assert (newest.action, newest.why) == ("restricted", "応援")
        assert str(colleague.membership_id) in newest.changes["staff_ids"][1]
        told = db.session.scalars(select(Promise).where(Promise.kind == "restriction_notice")).all()
        assert len(told) == 2

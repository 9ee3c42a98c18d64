"""A restricted person is nowhere for anybody but those at their side: every page, file and mail, every role."""

from collections.abc import Iterator

import pytest
from flask import Flask

from ayumi.japan.calendar import Month
from ayumi.participants import queries, rules
from ayumi.reports import rules as reports
from jobs import confirmation_copies, confirmation_links, restriction_notices
from tests.isolation.canaries import CANARIES
from tests.isolation.fieldcrawl import found_in, mailed_since, mails, nesting, seen_by
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import KINDS
from tests.world import inside, working

pytestmark = pytest.mark.xdist_group("restricted")

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
        confirmation_links.send_one(employer_id=str(hidden.ids["employer_id"]), month=month, number=1)
        confirmation_copies.run(confirmation_id=str(hidden.ids["confirmation_id"]))
    assert found_in(mailed_since(before)) & OF_PEOPLE == set()

"""Which role ever meets which field: a canary in every column, every page and file opened, one table to compare."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, Enum, Text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

import ayumi.schema
from ayumi.accounts.model import Party
from ayumi.consents.model import Consent, ConsentStatus, Form
from ayumi.fees.model import Line, LineStatus, ReturnReason
from ayumi.japan.calendar import Month, week_start
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import queries, rules
from ayumi.participants.model import Barrier, Participant
from ayumi.records.model import Concern, RecordStatus, WeeklyRecord
from ayumi.reports import rules as reports
from ayumi.web import permissions
from jobs import confirmation_copies, confirmation_links, restriction_notices
from tests.isolation.canaries import CANARIES, EXEMPT, WORDS
from tests.isolation.fieldcrawl import canary, found_in, mailed_since, mails, nesting, seen_by, words
from tests.isolation.populated import FIRM_ROLES, STAFF_ROLES, Populated, populate
from tests.isolation.urls import KINDS
from tests.world import inside, logged_in, posted, working

ALL_BARRIERS = [word.value for word in Barrier]
EDITED = {"phone": "participant.phone", "household_number": "participant.household_number", "note": "participant.note"}


@dataclass(eq=False)
class Grown:
    """A populated town with its canaries, and what each role has met of them."""

    app: Flask
    place: Populated
    seen: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def grown(app: Flask) -> Iterator[Grown]:
    before = mails()
    with nesting():
        place = populate(app, "鳥籠野")
        _more(app, place)
    _a_life_of_changes(app, place)
    _what_jobs_make(app, place)
    made = Grown(app, place, {kind: seen_by(app, place, kind) for kind in KINDS})
    made.seen["mail"] = found_in(mailed_since(before))
    yield made


def _more(app: Flask, place: Populated) -> None:
    """What the populated town does not have: a week without need of a record, a consent taken back, a line sent back,
    a concern that was acknowledged, and a day of feeling unwell.
    """
    ids, monday = place.ids, week_start(clock.today()) - timedelta(weeks=3)
    whose = {"participant_id": ids["participant_id"], "firm_id": place.firm_id}
    skipped = WeeklyRecord(
        **whose, enrolment_id=ids["enrolment_id"], week_start=monday, due_on=monday + timedelta(days=7),
        status=RecordStatus.SKIPPED, skip_reason="", delivery_firm_id=place.firm_id,
    )  # fmt: skip
    withdrawn = Consent(
        participant_id=ids["participant_id"], scopes=["hello_work"], form=Form.SPOKEN, given_on=monday,
        withdrawn_on=monday, status=ConsentStatus.WITHDRAWN, entered_at=clock.now(),
    )  # fmt: skip
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=place.town.tenant_id)) as session:
        session.add_all([skipped, withdrawn])
        consent = session.get_one(Consent, (place.town.tenant_id, ids["consent_id"]))
        consent.scopes = ["firm", "employer_profile", "medical", "health"]
        person = session.get_one(Participant, (place.town.tenant_id, ids["participant_id"]))
        person.shares_health = True
        line = session.get_one(Line, (place.town.tenant_id, ids["line_id"]))
        line.status, line.return_reason = LineStatus.RETURNED, ReturnReason.OTHER
        accepted = Concern.weekly_record_id == ids["record_accepted"]
        session.execute(update(Concern).where(accepted).values(acknowledged_at=clock.now()))


def _a_life_of_changes(app: Flask, place: Populated) -> None:
    """Let every field have been another one before, and back: the history has it too."""
    with inside(app, place.members["caseworker"]):
        person = queries.one(place.ids["participant_id"])
        rules.edit(person, edition=person.edition, barriers=[], **dict.fromkeys(EDITED, "1"))
        db.session.flush()  # as between two requests
        rules.edit(
            person,
            edition=person.edition,
            barriers=ALL_BARRIERS,
            **{name: canary(column) for name, column in EDITED.items()},
        )
        journal.note(person, "edited", why=canary("journal_entry.why"), for_firm=False)


def _what_jobs_make(app: Flask, place: Populated) -> None:
    month = Month.parse(place.month)
    with working(app, place.town):
        place.ids["report_id"] = reports.compile(month).report.id
    with working(app, place.town):
        restriction_notices.run(participant_id=str(place.ids["participant_id"]), notice_id="0")
    with working(app, place.town):
        confirmation_links.send_one(employer_id=str(place.ids["employer_id"]), month=str(month), number=1)
    with working(app, place.town):
        confirmation_copies.run(confirmation_id=str(place.ids["confirmation_id"]))


# The table ---


def texts() -> set[str]:
    """Every column of the models that can hold a word."""
    return {
        f"{table.name}.{column.name}"
        for table in ayumi.schema.metadata.sorted_tables
        for column in table.c
        if _holds_words(column)
    }


def _holds_words(column: Column[Any]) -> bool:
    return isinstance(column.type, Text | ARRAY | JSON | JSONB) and not isinstance(column.type, Enum)


def test_every_column_of_text_has_a_canary_or_a_reason_to_have_none() -> None:
    exempt = {name for name in texts() for said in EXEMPT if name == said or name.startswith(f"{said}.")}
    assert texts() - set(CANARIES) - exempt == set()
    assert set(CANARIES) & exempt == set()


def test_the_table_speaks_of_columns_that_there_are() -> None:
    tables = {name.partition(".")[0] for name in texts()}
    assert set(CANARIES) <= texts()
    assert {said for said in EXEMPT if said not in texts() | tables} == set()


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_a_list_is_met_by_the_roles_of_the_table_and_by_no_other(grown: Grown, word: str) -> None:
    assert {kind for kind, seen in grown.seen.items() if word in seen} == WORDS[word]


@pytest.mark.parametrize("name", CANARIES)
def test_a_field_is_met_by_the_roles_of_the_table_and_by_no_other(grown: Grown, name: str) -> None:
    assert {kind for kind, seen in grown.seen.items() if name in seen} == CANARIES[name]


HIDDEN = ("participant.note", "participant.household_number", "participant.phone", "record_day.absence_reason")


def search(browser: FlaskClient, people: str, looked_for: str) -> str:
    answer = posted(browser, f"{people}/find", q=looked_for, who="all", status="any")
    return words(browser.get(answer.headers["Location"])).replace(f"“{looked_for}”", "")


def placed(browser: FlaskClient, place: str, looked_for: str) -> str:
    answer = posted(browser, f"{place}/placements/find", q=looked_for, status="")
    assert looked_for not in unquote(answer.headers["Location"])  # names stand in no address
    return words(browser.get(answer.headers["Location"]))


@pytest.mark.parametrize("kind", ["caseworker", "section_head", "supporter"])
def test_nobody_is_found_by_what_may_only_be_read(grown: Grown, kind: str) -> None:
    browser, member = logged_in(grown.app, grown.place.members[kind]), grown.place.members[kind]
    place = f"/{'portal' if member.firm_id else 't'}/{member.town.slug}"
    people = f"{place}/people"
    name = canary("participant.family_name")
    assert name in search(browser, people, canary("participant.case_number"))
    assert canary("placement.nickname") in placed(browser, place, name)
    for looked_for in [*(canary(column) for column in HIDDEN), "依存症", "addiction", "DV・虐待"]:
        assert name not in search(browser, people, looked_for)
        assert canary("placement.nickname") not in placed(browser, place, looked_for)


def test_the_crawl_meets_a_field_as_soon_as_its_group_is_opened(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(permissions.FIELDS, "people.history", [[permissions.staff]])
    assert {"participant.note", "債務"} <= seen_by(grown.app, grown.place, "section_head")


def test_whoever_writes_records_reads_all_of_them() -> None:
    """A draft is copied and compared by what its writer reads: nothing of it may be hidden from them."""
    writing = ("records.write", "placements.write", "people.write")
    for party, roles in ((Party.STAFF, STAFF_ROLES), (Party.FIRM, FIRM_ROLES)):
        for role in roles:
            visit: Any = SimpleNamespace(party=party, roles={role}, may_write=True, glass=None)
            if any(permissions.may(visit, name) for name in writing):
                assert "records.health" in permissions.sees(visit), role

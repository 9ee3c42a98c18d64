"""Whoever is shown a person, or takes a file away, stands in the journal: on every page of the URL map."""

from collections.abc import Iterator
from functools import cache
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.routing import Rule

from ayumi.accounts.model import Party, Role
from ayumi.audit import reading
from ayumi.kernel import ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants import rules
from jobs import reading as job
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, KINDS, methods, path
from tests.participants.people import a_person
from tests.world import Member, Town, a_member, a_town, at, inside, logged_in, working

# What an identifier in an address leads to. One that is in neither set fails: decide whether it leads to a person.
TO_A_PERSON = {"participant_id", "enrolment_id", "consent_id", "placement_id", "record_id", "day_id"}
ELSEWHERE = {
    "agreement_id", "break_id", "check_id", "concern_id", "confirmation_id", "contract_id", "disposal_id",
    "employer_id", "figure_id", "firm_id", "hold_id", "import_id", "incident_id", "invitation_id", "item_id",
    "membership_id", "menu_id", "packing_id", "price_id", "report_id", "reset_id", "run_id", "site_id", "statement_id",
}  # fmt: skip
# What opens only for people in another state than the populated one: an enrolment is begun once, and panels of a week
# open for whoever writes it, which is the firm there.
LED_ON = {"console.enrolments.new", "console.records.grid.panels.cell", "console.records.grid.panels.words"}
OPENED = [rule for rule in BEHIND if "GET" in methods(rule)]
ABOUT_A_PERSON = [rule for rule in OPENED if rule.arguments & TO_A_PERSON and rule.endpoint not in LED_ON]


def promised(town: Town) -> list[dict[str, str]]:
    with visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        rows = session.scalars(select(Promise.arguments).where(Promise.kind == "reading")).all()
        return [dict(row) for row in rows]


class Scene:
    """A town with one of everything, and a browser of each kind of person."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.things: Populated = populate(app, "閲覧野")

    @cache  # noqa: B019
    def browser(self, kind: str) -> FlaskClient:
        return logged_in(self.app, self.things.members[kind])

    def opened_by(self, rule: Rule) -> tuple[Member, int] | None:
        """Open a page as the first who may; return who, and how it answered."""
        address = path(rule, self.things, self.things)
        for kind in KINDS:
            answer = self.browser(kind).get(address)
            if answer.status_code == 200:
                return self.things.members[kind], answer.status_code
        return None

    def forget(self) -> None:
        with self.app.app_context(), visiting(Place(Door.OWNER, tenant_id=self.things.town.tenant_id)) as session:
            session.execute(delete(Promise).where(Promise.kind == "reading"))


@pytest.fixture(scope="module")
def scene(app: Flask) -> Iterator[Scene]:
    yield Scene(app)


def test_every_identifier_of_an_address_is_known_to_lead_to_a_person_or_not() -> None:
    named = {name for rule in BEHIND for name in rule.arguments if f"<uuid:{name}>" in rule.rule}
    assert named - TO_A_PERSON - ELSEWHERE == set()


@pytest.mark.parametrize("rule", ABOUT_A_PERSON, ids=lambda rule: rule.endpoint)
def test_every_page_about_a_person_tells_who_opened_it(scene: Scene, rule: Rule) -> None:
    scene.forget()
    found = scene.opened_by(rule)
    if found is None:
        pytest.fail(f"{rule.endpoint} opens for nobody: let populated.py hold what it needs")
    member, _status = found
    ids = scene.things.ids
    shown = {str(ids["participant_id"])} if member.party is not Party.EMPLOYER else {str(ids["day_id"])}
    with scene.app.app_context():
        told = promised(scene.things.town)
    assert shown <= {each["subject_id"] for each in told}
    assert {each["membership_id"] for each in told} == {str(member.membership_id)}
    assert {each["page"] for each in told} == {rule.endpoint.partition(".")[2]}


@pytest.mark.parametrize("rule", OPENED, ids=lambda rule: rule.endpoint)
def test_every_file_that_is_taken_is_told(scene: Scene, rule: Rule) -> None:
    scene.forget()
    files = 0
    for kind in KINDS:
        answer = scene.browser(kind).get(path(rule, scene.things, scene.things))
        if answer.status_code == 200 and "attachment" in answer.headers.get("Content-Disposition", ""):
            files += 1
    with scene.app.app_context():
        told = [each for each in promised(scene.things.town) if each["action"] == reading.EXPORTED]
    assert bool(files) == bool(told)


class TestOneReader:
    @pytest.fixture
    def town(self, app: Flask) -> Town:
        return a_town(app)

    @pytest.fixture
    def reader(self, app: Flask, town: Town) -> Member:
        return a_member(app, town, Party.STAFF, Role.CASEWORKER)

    def a_person(self, app: Flask, reader: Member) -> UUID:
        with inside(app, reader):
            return a_person().id

    def test_turning_back_and_forth_is_told_once(self, app: Flask, town: Town, reader: Member) -> None:
        person_id, browser = self.a_person(app, reader), logged_in(app, reader)
        for _time in range(3):
            assert browser.get(f"/t/{town.slug}/people/{person_id}").status_code == 200
        with app.app_context():
            assert len(promised(town)) == 1

    def test_the_worker_writes_it_in_the_readers_name_and_moment(self, app: Flask, town: Town, reader: Member) -> None:
        person_id = self.a_person(app, reader)
        logged_in(app, reader).get(f"/t/{town.slug}/people/{person_id}")
        with app.app_context():
            (told,) = promised(town)
        for _attempt in range(1):
            with working(app, town):
                job.run(**told)
        with working(app, town):
            entry = db.session.scalars(select(Entry).where(Entry.action == reading.LOOKED)).one()
            assert (entry.subject, entry.subject_id) == ("participant", person_id)
            assert (entry.membership_id, entry.account_id) == (reader.membership_id, reader.account_id)
            assert entry.door == Door.STAFF
            assert entry.changes == {"page": [None, "participants.detail"]}
            assert f"{entry.at:%Y-%m-%dT%H:%M:%S}" == told["at"][:19]

    def test_a_person_who_may_not_be_seen_is_not_told_of(self, app: Flask, town: Town, reader: Member) -> None:
        supervisor = a_member(app, town, Party.STAFF, Role.SUPERVISING_CASEWORKER)
        with inside(app, supervisor):
            person = a_person()
            rules.restrict(person, staff_ids=[supervisor.membership_id], why="避難")
            person_id = person.id
        assert logged_in(app, reader).get(f"/t/{town.slug}/people/{person_id}").status_code == 404
        with app.app_context():
            assert promised(town) == []

    def test_whoever_looks_through_the_glass_is_told_by_their_login(self, app: Flask, town: Town) -> None:
        operator, id = ids.new(), ids.new()
        with at(app, Place(Door.GLASS, tenant_id=town.tenant_id, account_id=operator)):
            reading.looked("participant", id, "participants.detail")
        with app.app_context():
            (told,) = promised(town)
        with working(app, town):
            job.run(**told)
        with working(app, town):
            entry = db.session.scalars(select(Entry)).one()
            assert (entry.door, entry.account_id, entry.membership_id) == (Door.GLASS, operator, None)

    def test_changing_is_told_as_a_change_and_not_as_looking(self, app: Flask, town: Town, reader: Member) -> None:
        person_id = self.a_person(app, reader)
        with inside(app, reader):
            reading.looked("participant", person_id, "participants.detail")
        with app.app_context():
            assert [each["action"] for each in promised(town)] == [reading.LOOKED]

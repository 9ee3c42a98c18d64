"""What one may not see is not loaded, not overwritten by saving, and not told by the history."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError

from ayumi.accounts.model import Party, Role
from ayumi.consents import queries as consents
from ayumi.consents import rules as consenting
from ayumi.consents.model import Form, Scope
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db
from ayumi.participants import fields, model, queries, rules
from ayumi.participants.fields import Group
from ayumi.participants.model import Barrier, Participant
from ayumi.web import permissions
from tests.participants.people import a_person
from tests.world import Member, Town, a_contract, a_firm, a_member, a_town, at, inside, logged_in, posted

KNOWN = {"phone": "019-1", "household_number": "S-1", "note": "借金がある"}
ALL = list(Barrier)
OPEN = [word for word in Barrier if word not in fields.WORDS]


@pytest.fixture
def town(app: Flask) -> Town:
    return a_town(app)


@pytest.fixture
def caseworker(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.CASEWORKER)


@pytest.fixture
def person_id(app: Flask, caseworker: Member) -> UUID:
    with inside(app, caseworker):
        return a_person(barriers=ALL, **KNOWN).id


def seeing(app: Flask, member: Member, *groups: Group) -> AbstractContextManager[None]:
    """Be where somebody works, and see only these groups there."""
    return at(app, replace(member.place, sees=frozenset(groups)))


class TestReading:
    def test_what_is_not_to_be_seen_is_not_loaded_and_cannot_be_touched(
        self, app: Flask, caseworker: Member, person_id: UUID
    ) -> None:
        with seeing(app, caseworker, Group.CONTACT):
            person = queries.one(person_id)
            assert person.phone == "019-1"
            for name in ("household_number", "note", "barriers"):
                with pytest.raises(InvalidRequestError, match="raiseload"):
                    getattr(person, name)
            assert fields.known(person, [*KNOWN, "barriers"]) == {"phone": "019-1", "barriers": OPEN}

    @pytest.mark.parametrize(
        ("group", "more"),
        [(Group.HEALTH, model.HEALTH), (Group.FAMILY, model.FAMILY), (Group.HISTORY, model.HISTORY)],
    )
    def test_barriers_are_read_group_by_group(
        self, app: Flask, caseworker: Member, person_id: UUID, group: Group, more: tuple[Barrier, ...]
    ) -> None:
        with seeing(app, caseworker, group):
            assert set(fields.barriers_of(person_id)) == {*OPEN, *more}

    def test_the_history_tells_no_more_than_the_page(self, app: Flask, caseworker: Member, person_id: UUID) -> None:
        with inside(app, caseworker):
            rules.edit(queries.one(person_id), edition=1, barriers=[Barrier.MOTIVATION], note="新しい", phone="019-2")
        with seeing(app, caseworker, Group.CONTACT):
            (entry,) = [row for row in journal.history(person_id) if row.action == "edited"]
            told = fields.told(entry.changes)
            assert set(told) == {"barriers", "phone"}
            assert told["barriers"] == [[word.value for word in OPEN], ["motivation"]]

    def test_a_change_of_what_is_hidden_alone_is_told_as_nothing(self) -> None:
        assert fields.told(None) == {}


class TestSaving:
    def test_what_is_hidden_stays_as_it_is(self, app: Flask, caseworker: Member, person_id: UUID) -> None:
        with seeing(app, caseworker, Group.CONTACT):
            said = {name: "overwritten" for name in KNOWN}
            rules.edit(queries.one(person_id), edition=1, barriers=[Barrier.MOTIVATION, Barrier.DEBT], **said)
        with inside(app, caseworker):
            person = queries.one(person_id)
            assert (person.phone, person.household_number, person.note) == ("overwritten", "S-1", "借金がある")
            hidden = [word for word in Barrier if word in fields.WORDS]
            assert fields.barriers_of(person_id) == sorted([*hidden, Barrier.MOTIVATION], key=ALL.index)

    def test_the_form_neither_shows_nor_takes_it(
        self, app: Flask, town: Town, caseworker: Member, person_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for group in ("people.health", "people.family", "people.history"):
            monkeypatch.setitem(permissions.FIELDS, group, [])
        browser, path = logged_in(app, caseworker), f"/t/{town.slug}/people/{person_id}/edit"
        page = browser.get(path).get_data(as_text=True)
        assert 'name="phone"' in page
        for hidden in ('name="note"', 'name="household_number"', 'value="debt"', 'value="addiction"', "借金", "S-1"):
            assert hidden not in page
        said = {
            "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
            "birth_date": "1980-05-05", "case_number": "A-9", "phone": "019-3", "edition": "1", "note": "消す",
        }  # fmt: skip
        assert posted(browser, path, **said, barriers="debt").status_code == 422
        assert posted(browser, path, **said, barriers="motivation").status_code == 302
        monkeypatch.undo()
        with inside(app, caseworker):
            person = queries.one(person_id)
            assert (person.phone, person.note) == ("019-3", "借金がある")
            assert {Barrier.DEBT, Barrier.MOTIVATION} <= set(fields.barriers_of(person_id))


class TestFirms:
    @pytest.fixture
    def firm(self, app: Flask, town: Town, caseworker: Member, person_id: UUID) -> Member:
        firm_id = a_firm(app)
        a_contract(app, town, firm_id)
        with inside(app, caseworker):
            person = queries.one(person_id)
            rules.assign(person, edition=person.edition, caseworker_id=None, delivery_firm_id=firm_id)
        return a_member(app, town, Party.FIRM, Role.SUPPORTER, firm_id=firm_id)

    def agree(self, app: Flask, caseworker: Member, person_id: UUID, *scopes: Scope, until: date | None = None) -> None:
        with inside(app, caseworker):
            said = {"form": Form.PAPER, "given_on": clock.today(), "expires_on": until}
            consenting.give(queries.one(person_id), id=uuid4(), scopes=list(scopes), **said)  # type: ignore[arg-type]

    def test_a_firm_reads_of_health_only_what_was_agreed(
        self, app: Flask, caseworker: Member, person_id: UUID, firm: Member
    ) -> None:
        self.agree(app, caseworker, person_id, Scope.FIRM, Scope.MEDICAL)
        with inside(app, firm):
            assert fields.barriers_of(person_id) == OPEN
        self.agree(app, caseworker, person_id, Scope.HEALTH)
        with inside(app, firm):
            assert set(fields.barriers_of(person_id)) == {*OPEN, *model.HEALTH}

    def test_it_does_so_up_to_the_last_day_of_that_consent(
        self, app: Flask, caseworker: Member, person_id: UUID, firm: Member
    ) -> None:
        self.agree(app, caseworker, person_id, Scope.FIRM)
        self.agree(app, caseworker, person_id, Scope.HEALTH, until=clock.today() + timedelta(days=9))
        with inside(app, caseworker):
            days = Participant.health_until, Participant.firm_until
            assert db.session.execute(select(*days)).one() == (clock.today() + timedelta(days=9), None)
            db.session.execute(update(Participant).values(health_until=clock.today() - timedelta(days=1)))
        with inside(app, firm):
            assert fields.barriers_of(person_id) == OPEN

    def test_it_never_reads_of_family_and_history_whatever_its_place_says(
        self, app: Flask, caseworker: Member, person_id: UUID, firm: Member
    ) -> None:
        self.agree(app, caseworker, person_id, Scope.FIRM, Scope.HEALTH)
        with seeing(app, firm, *Group):
            read = db.session.scalars(select(Participant.barriers_for_firm)).one()
            assert set(read) == {*OPEN, *model.HEALTH}

    def test_that_there_is_a_doctor_to_ask_is_told_to_those_who_see_health(
        self, app: Flask, caseworker: Member, person_id: UUID, firm: Member
    ) -> None:
        from_office = a_member(app, caseworker.town, Party.STAFF, Role.SECTION_HEAD)
        self.agree(app, caseworker, person_id, Scope.FIRM, Scope.MEDICAL)
        for member, scopes in ((caseworker, ["firm", "medical"]), (from_office, ["firm"])):
            with inside(app, member):
                assert [row.scopes for row in consents.of(person_id)] == [scopes]

    def test_a_consent_about_doctors_alone_is_not_there_for_who_may_not_see_health(
        self, app: Flask, caseworker: Member, person_id: UUID
    ) -> None:
        self.agree(app, caseworker, person_id, Scope.MEDICAL)
        with seeing(app, caseworker, Group.NAME):
            assert consents.of(person_id) == []
        with inside(app, caseworker):
            assert [row.scopes for row in consents.of(person_id)] == [["medical"]]

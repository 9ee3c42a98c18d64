"""The journal is a chain: every entry holds the one before it, whoever writes, and nobody can move it otherwise."""

import threading
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.chain import JournalHead
from ayumi.kernel.db import db, visiting
from ayumi.kernel.journal import Actor, Entry
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu, MenuStatus, Tier
from tests.participants.people import a_person
from tests.world import Town, a_firm, a_member, a_town, at, inside, logged_in, posted, working

LINK = text(
    "SELECT seq, hash, journal_hash(e, coalesce(lag(hash) OVER (ORDER BY seq), '')) AS made,"
    " digest, journal_digest(salt, why, changes) AS said FROM journal_entry e WHERE tenant_id = :t ORDER BY seq"
)


def owner(town: Town) -> Place:
    return Place(Door.OWNER, tenant_id=town.tenant_id)


def chain(app: Flask, town: Town) -> list[str]:
    """Return the actions of a town in order, having made sure that they hang together."""
    with app.app_context(), visiting(owner(town)) as session:
        rows = session.execute(LINK, {"t": town.tenant_id}).all()
        actions = session.scalars(select(Entry.action).order_by(Entry.seq)).all()
        head = session.scalars(select(JournalHead)).one_or_none()
        standing = (head.seq, head.hash) if head else (0, "")
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.hash for row in rows] == [row.made for row in rows]
    assert [row.digest for row in rows] == [row.said for row in rows]
    assert standing == ((rows[-1].seq, rows[-1].hash) if rows else (0, ""))
    return list(actions)


def note(action: str, **said: Any) -> None:
    journal.note_of("menu", ids.new(), action, **said)


class TestTransactions:
    def test_what_is_rolled_back_leaves_no_trace(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            note("given up")
            db.session.rollback()
            note("kept")
        assert chain(app, town) == ["kept"]

    def test_nothing_is_written_before_the_end(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            note("late")
            with visiting(owner(town)) as beside:
                assert beside.scalars(select(Entry.id)).all() == []
        assert chain(app, town) == ["late"]

    def test_a_savepoint_takes_its_entries_with_it_and_no_others(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            note("before")
            attempt = db.session.begin_nested()
            note("within")
            attempt.rollback()
            note("after")
        assert chain(app, town) == ["before", "after"]

    def test_a_savepoint_that_was_kept_goes_with_the_one_around_it(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            note("before")
            around = db.session.begin_nested()
            with db.session.begin_nested():
                note("deep within")
            around.rollback()
        assert chain(app, town) == ["before"]

    def test_a_row_that_does_not_fit_in_a_savepoint_takes_nothing_of_what_was_before(self, app: Flask) -> None:
        town = a_town(app)
        with at(app, owner(town)):
            note("before")
            with pytest.raises(IntegrityError), db.session.begin_nested():
                note("within")
                twin = Menu(id=town.menu_id, name="双子", tier=Tier.SOCIAL, status=MenuStatus.DRAFT)
                db.session.add(twin)
                db.session.flush()
        assert chain(app, town) == ["before"]

    def test_a_session_beside_writes_its_own_and_commits_alone(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            note("main")
            with visiting(owner(town)) as beside:
                journal.note_of("menu", ids.new(), "beside", session=beside)
            db.session.rollback()
        assert chain(app, town) == ["beside"]

    def test_a_session_without_a_municipality_writes_into_the_one_it_names(self, app: Flask) -> None:
        town = a_town(app)
        account = ids.new()
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=account)) as session:
            journal.note_of("login_session", ids.new(), "came", session=session, tenant_id=town.tenant_id)
        with app.app_context(), visiting(owner(town)) as session:
            assert session.scalars(select(Entry.account_id)).all() == [account]
        assert chain(app, town) == ["came"]

    def test_two_who_write_at_once_stand_one_behind_the_other(self, app: Flask) -> None:
        town, start, each = a_town(app), threading.Barrier(4), 12

        def write() -> None:
            start.wait()
            for _time in range(each):
                with working(app, town):
                    note("one")
                    note("two")

        writers = [threading.Thread(target=write) for _writer in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        actions = chain(app, town)
        assert len(actions) == 4 * each * 2
        assert actions[::2] == ["one"] * (4 * each)  # what one transaction says stands together

    def test_many_entries_in_one_transaction_keep_their_order(self, app: Flask) -> None:
        town, wanted = a_town(app), [f"step {number}" for number in range(1200)]
        with working(app, town):
            for action in wanted:
                note(action, changes={"name": ["甲", None]}, why="理由")
        assert chain(app, town) == wanted

    def test_each_municipality_has_a_chain_of_its_own(self, app: Flask) -> None:
        here, there = a_town(app), a_town(app)
        for town in (here, there, here):
            with working(app, town):
                note("said")
        assert (len(chain(app, here)), len(chain(app, there))) == (2, 1)

    def test_one_statement_may_write_into_several_by_turns(self, app: Flask) -> None:
        towns, account = [a_town(app), a_town(app)], ids.new()
        with app.app_context(), visiting(Place(Door.ACCOUNTS, account_id=account)) as session:
            for number, town in enumerate(towns * 3):
                journal.note_of("account", account, f"{number}", session=session, tenant_id=town.tenant_id)
        assert [chain(app, town) for town in towns] == [["0", "2", "4"], ["1", "3", "5"]]

    def test_what_was_tried_and_taken_back_is_forgotten_by_the_next_statement(self, app: Flask) -> None:
        town = a_town(app)
        with working(app, town):
            for action in ("kept", "taken back", "kept too"):
                attempt = db.session.begin_nested()
                note(action)
                journal.write(db.session())
                attempt.rollback() if action == "taken back" else attempt.commit()
        assert chain(app, town) == ["kept", "kept too"]

    def test_what_the_worker_writes_in_anothers_name_says_so(self, app: Flask) -> None:
        town = a_town(app)
        actor = Actor(door=Door.FIRM, at=clock.now(), membership_id=ids.new(), firm_id=ids.new())
        with working(app, town):
            note("looked", by=actor)
        with working(app, town):
            entry = db.session.scalars(select(Entry)).one()
            assert (entry.door, entry.membership_id, entry.firm_id) == ("firm", actor.membership_id, actor.firm_id)


def refused(app: Flask, place: Place, sentence: str, **values: object) -> str:
    """Send plain SQL through a door that must refuse it; return what it answers."""
    with app.app_context(), pytest.raises(DBAPIError) as told, visiting(place) as session:
        session.execute(text(sentence), values)
    return str(told.value.orig)


class TestDoors:
    @pytest.fixture
    def town(self, app: Flask) -> Town:
        made = a_town(app)
        with working(app, made):
            note("first", why="理由")
            note("second")
        return made

    def places(self, app: Flask, town: Town) -> dict[str, Place]:
        firm = a_member(app, town, Party.FIRM, Role.MANAGER, firm_id=a_firm(app))
        return {
            "staff": a_member(app, town, Party.STAFF, Role.CASEWORKER).place,
            "firm": firm.place,
            "employer": Place(Door.EMPLOYER, tenant_id=town.tenant_id, employer_id=ids.new()),
            "worker": Place(Door.WORKER, tenant_id=town.tenant_id),
        }

    @pytest.mark.parametrize("door", ["staff", "firm", "employer", "worker"])
    def test_all_of_a_municipality_can_write(self, app: Flask, town: Town, door: str) -> None:
        with at(app, self.places(app, town)[door]):
            note("third")
        assert chain(app, town) == ["first", "second", "third"]

    @pytest.mark.parametrize("door", ["staff", "firm", "employer", "worker"])
    @pytest.mark.parametrize("verb", ["UPDATE journal_entry SET action = 'x'", "DELETE FROM journal_entry"])
    def test_nobody_can_change_what_was_written(self, app: Flask, town: Town, door: str, verb: str) -> None:
        assert "permission denied" in refused(app, self.places(app, town)[door], verb)

    @pytest.mark.parametrize("door", ["staff", "firm", "employer", "worker"])
    def test_nobody_can_move_the_head(self, app: Flask, town: Town, door: str) -> None:
        place = self.places(app, town)[door]
        moves = "moves only with its entries"
        assert moves in refused(app, place, "UPDATE journal_head SET seq = seq + 1, hash = 'x'")
        assert moves in refused(app, place, "UPDATE journal_head SET hash = 'x'")
        assert "permission denied" in refused(app, place, "DELETE FROM journal_head")

    def test_nobody_can_begin_a_journal_by_hand(self, app: Flask) -> None:
        town = a_town(app)
        place = Place(Door.WORKER, tenant_id=town.tenant_id)
        sentence = "INSERT INTO journal_head (tenant_id, seq, hash) VALUES (:t, 0, '')"
        assert "begins with its first entry" in refused(app, place, sentence, t=town.tenant_id)

    def test_number_salt_digest_and_hash_are_the_databases_whatever_is_sent(self, app: Flask, town: Town) -> None:
        sentence = text(
            "INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, at, door, seq, salt, digest, hash,"
            " forgotten_at) VALUES (:t, gen_random_uuid(), 'menu', gen_random_uuid(), 'forged', now(), 'staff', 77,"
            " 's', 'd', 'h', now())"
        )
        with app.app_context(), visiting(self.places(app, town)["staff"]) as session:
            session.execute(sentence, {"t": town.tenant_id})
        assert chain(app, town) == ["first", "second", "forged"]

    @pytest.mark.parametrize("stands", ["7:mine", "2:mine", "1:"])
    def test_nobody_can_say_where_the_chain_stands(self, app: Flask, town: Town, stands: str) -> None:
        place, there = self.places(app, town)["employer"], f"ayumi.journal_{town.tenant_id}"
        row = ":t, gen_random_uuid(), 'menu', gen_random_uuid(), 'forged', now(), 'staff'"
        entry = f"INSERT INTO journal_entry (tenant_id, id, subject, subject_id, action, at, door) SELECT {row}"
        said = {"t": town.tenant_id, "there": there, "stands": stands}
        with app.app_context(), visiting(place) as session, pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text("SELECT set_config(:there, :stands, true)"), said)
            session.execute(text(entry), said)
        assert refused(app, place, f"{entry} FROM (SELECT set_config(:there, :stands, true)) AS said", **said)
        between = f"{entry} FROM generate_series(1, 3) AS n WHERE n <> 2 OR set_config(:there, :stands, true) <> ''"
        assert refused(app, place, between, **said)
        assert chain(app, town) == ["first", "second"]

    def test_a_table_of_ones_own_does_not_stand_in_for_the_head(self, app: Flask, town: Town) -> None:
        with working(app, town):
            db.session.execute(text("CREATE TEMP TABLE journal_head (tenant_id int, seq bigint, hash text)"))
            db.session.execute(text(f"INSERT INTO pg_temp.journal_head VALUES ({town.tenant_id}, 500, 'mine')"))
            note("third")
            journal.write(db.session())
            db.session.execute(text("DROP TABLE pg_temp.journal_head"))
        assert chain(app, town) == ["first", "second", "third"]

    @pytest.mark.parametrize("door", [Door.STAFF, Door.FIRM, Door.EMPLOYER, Door.ACCOUNTS, Door.OPERATOR, Door.KEEPER])
    def test_only_the_worker_makes_tables_to_put_triggers_on(self, app: Flask, door: Door) -> None:
        denied = pytest.raises(ProgrammingError, match="permission denied")
        with app.app_context(), db.engines[door.value].connect() as connection, denied:
            connection.execute(text("CREATE TEMP TABLE mine (x int)"))

    def test_a_firm_reads_only_what_is_for_it(self, app: Flask, town: Town) -> None:
        firm = self.places(app, town)["firm"]
        with at(app, firm):
            note("of the firm")
        with at(app, firm):
            assert db.session.scalars(select(Entry.action)).all() == ["of the firm"]

    def test_an_employer_reads_nothing(self, app: Flask, town: Town) -> None:
        answer = refused(app, self.places(app, town)["employer"], "SELECT action FROM journal_entry")
        assert "permission denied" in answer


class TestForgetting:
    def entry(self, app: Flask) -> tuple[Town, UUID]:
        town = a_town(app)
        with working(app, town):
            note("edited", why="病気", changes={"note": ["甲", "乙"]})
            note("next")
        with app.app_context(), visiting(owner(town)) as session:
            return town, session.scalars(select(Entry.id).where(Entry.seq == 1)).one()

    def test_the_keeper_makes_it_say_no_longer_what_only_that(self, app: Flask) -> None:
        town, id = self.entry(app)
        gone = {"why": None, "changes": None, "salt": None, "forgotten_at": clock.now()}
        with app.app_context(), visiting(Place(Door.KEEPER, tenant_id=town.tenant_id)) as session:
            session.execute(update(Entry).where(Entry.id == id).values(**gone))
        with app.app_context(), visiting(owner(town)) as session:
            rows = session.execute(LINK, {"t": town.tenant_id}).all()
            assert [row.hash for row in rows] == [row.made for row in rows]
            assert session.get_one(Entry, (town.tenant_id, id)).why is None

    @pytest.mark.parametrize(
        "change",
        [
            "why = 'other', forgotten_at = now()",
            "why = NULL, changes = NULL, salt = NULL",
            "action = 'x'",
            "hash = 'x'",
        ],
    )
    def test_and_nothing_else(self, app: Flask, change: str) -> None:
        town, _id = self.entry(app)
        answer = refused(app, Place(Door.KEEPER, tenant_id=town.tenant_id), f"UPDATE journal_entry SET {change}")
        assert "permission denied" in answer or "never changed" in answer
        assert chain(app, town) == ["edited", "next"]


def test_a_request_that_is_refused_writes_nothing(app: Flask) -> None:
    town = a_town(app)
    caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    with inside(app, caseworker):
        person_id, edition = (made := a_person()).id, made.edition
    browser = logged_in(app, caseworker)
    known = {"family_name": "山田", "given_name": "", "edition": edition}
    assert posted(browser, f"/t/{town.slug}/people/{person_id}/edit", **known).status_code == 422
    assert chain(app, town) == ["registered"]

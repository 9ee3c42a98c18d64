"""A check of a journal names the first broken link, whatever was done to it."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text, update

from ayumi.accounts.model import Party, Role
from ayumi.audit import checks
from ayumi.audit.faults import Fault
from ayumi.audit.model import CheckStatus, JournalCheck
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, one, visiting
from ayumi.kernel.journal import Entry
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from jobs import journal_check, journal_warnings
from tests.audit.scene import a_journal, checked, found, meddle
from tests.jobs.test_restriction_notices import mails_to
from tests.world import a_member, a_town, working

FORGE = (
    "UPDATE journal_entry SET digest = journal_digest(salt, why, changes) WHERE tenant_id = :t AND seq = 3",
    "UPDATE journal_entry e SET hash = journal_hash(e, b.hash) FROM journal_entry b"
    " WHERE e.tenant_id = :t AND e.seq = 3 AND b.tenant_id = :t AND b.seq = 2",
)
SWAP = (
    "UPDATE journal_entry SET seq = -seq WHERE tenant_id = :t AND seq IN (3, 4)",
    "UPDATE journal_entry SET seq = CASE seq WHEN -3 THEN 4 ELSE 3 END WHERE tenant_id = :t AND seq < 0",
)


@pytest.mark.parametrize("at_once", [1, 2, 4, 5000])
class TestBroken:
    """In batches of any size."""

    def test_a_whole_chain_is_sound(self, app: Flask, at_once: int) -> None:
        assert checked(app, a_journal(app), at_once).is_sound

    def test_a_field_that_was_changed(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "UPDATE journal_entry SET action = 'x' WHERE tenant_id = :t AND seq = 4")
        assert found(app, town, at_once) == [(Fault.CHANGED, 4)]

    def test_what_it_says_that_was_changed(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t AND seq = 3")
        assert found(app, town, at_once) == [(Fault.CONTENT, 3)]

    def test_who_works_out_its_own_hash_anew_is_found_at_the_next(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t AND seq = 3", *FORGE)
        assert found(app, town, at_once) == [(Fault.CHANGED, 4)]

    def test_an_entry_that_was_taken_out(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "DELETE FROM journal_entry WHERE tenant_id = :t AND seq IN (2, 3)")
        assert found(app, town, at_once) == [(Fault.MISSING, 2)]

    def test_the_first_entry_that_was_taken_out(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "DELETE FROM journal_entry WHERE tenant_id = :t AND seq = 1")
        assert found(app, town, at_once) == [(Fault.MISSING, 1)]

    def test_the_end_that_was_taken_off(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "DELETE FROM journal_entry WHERE tenant_id = :t AND seq > 4")
        assert found(app, town, at_once) == [(Fault.MISSING, 5)]

    def test_two_that_changed_places(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, *SWAP)
        assert found(app, town, at_once) == [(Fault.OUT_OF_ORDER, 3)]

    def test_a_head_that_was_moved(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        meddle(app, town, "UPDATE journal_head SET hash = 'x' WHERE tenant_id = :t")
        assert found(app, town, at_once) == [(Fault.HEAD, 6)]

    def test_entries_behind_the_head(self, app: Flask, at_once: int) -> None:
        town = a_journal(app)
        back = "UPDATE journal_head h SET seq = 5, hash = e.hash FROM journal_entry e"
        meddle(app, town, f"{back} WHERE h.tenant_id = :t AND e.tenant_id = :t AND e.seq = 5")
        assert found(app, town, at_once) == [(Fault.HEAD, 5)]


def test_an_empty_journal_is_sound(app: Flask) -> None:
    result = checked(app, a_town(app))
    assert result.is_sound
    assert result.entries == 0


def test_what_was_forgotten_by_the_keeper_breaks_nothing(app: Flask) -> None:
    town = a_journal(app)
    with app.app_context(), visiting(Place(Door.KEEPER, tenant_id=town.tenant_id)) as session:
        gone = {"why": None, "changes": None, "salt": None, "forgotten_at": clock.now()}
        session.execute(update(Entry).where(Entry.seq.in_([2, 3])).values(**gone))
    assert checked(app, town).is_sound


def test_what_is_said_again_after_it_was_forgotten_is_found(app: Flask) -> None:
    town = a_journal(app)
    forge = "UPDATE journal_entry SET why = 'x', changes = NULL, salt = NULL, forgotten_at = now()"
    meddle(app, town, f"{forge} WHERE tenant_id = :t AND seq = 2")
    assert found(app, town) == [(Fault.CONTENT, 2)]


def test_entries_of_another_municipality_do_not_count(app: Flask) -> None:
    here, there = a_journal(app, 3), a_journal(app, 2)
    meddle(app, there, "UPDATE journal_entry SET action = 'x' WHERE tenant_id = :t")
    assert checked(app, here).is_sound
    assert checked(app, here).entries == 3


class TestCommand:
    @pytest.fixture
    def run(self, app: Flask) -> FlaskCliRunner:
        return app.test_cli_runner()

    def test_a_sound_journal_is_said_to_be_so(self, app: Flask, run: FlaskCliRunner) -> None:
        town = a_journal(app)
        answer = run.invoke(args=["journal", "verify", "--municipality", town.slug])
        assert (answer.exit_code, answer.output.strip()) == (0, f"{town.slug}: sound, 6 entries, 0 signed heads")

    def test_the_first_broken_link_is_named(self, app: Flask, run: FlaskCliRunner) -> None:
        town = a_journal(app)
        meddle(app, town, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t AND seq IN (3, 5)")
        answer = run.invoke(args=["journal", "verify", "--municipality", town.slug])
        assert answer.exit_code == 1
        assert "BROKEN" in answer.output
        assert "What entry 3 says was changed" in answer.output
        assert "entry 5" not in answer.output

    def test_one_broken_journal_among_all_fails(self, app: Flask, run: FlaskCliRunner) -> None:
        sound, broken = a_journal(app, 1), a_journal(app, 1)
        meddle(app, broken, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t")
        answer = run.invoke(args=["journal", "verify", "--all"])
        assert answer.exit_code == 1
        assert f"{sound.slug}: sound" in answer.output
        assert f"{broken.slug}: BROKEN" in answer.output

    def test_nothing_is_checked_unless_it_is_said_which(self, run: FlaskCliRunner) -> None:
        assert run.invoke(args=["journal", "verify"]).exit_code == 2


class TestJob:
    def test_it_tells_how_far_it_is_and_what_it_found(self, app: Flask) -> None:
        town, id = a_journal(app), ids.new()
        meddle(app, town, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t AND seq = 2")
        with working(app, town):
            checks.ask(id=id)
        for _time in range(2):  # a second run of the same promise does nothing
            with working(app, town):
                journal_check.run(check_id=str(id))
        with working(app, town):
            check = one(JournalCheck, id)
            assert check.status is CheckStatus.BROKEN
            assert check.findings == [{"fault": "content", "seq": 2}]
            actions = db.session.scalars(text("SELECT action FROM journal_entry ORDER BY seq DESC LIMIT 2")).all()
            assert actions == ["check_broken", "check_begun"]

    def test_those_who_have_to_know_are_mailed_what_was_found(self, app: Flask) -> None:
        town, id = a_journal(app), ids.new()
        administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
        caseworker = a_member(app, town, Party.STAFF, Role.CASEWORKER)
        meddle(app, town, "UPDATE journal_entry SET why = 'x' WHERE tenant_id = :t AND seq = 2")
        with working(app, town):
            checks.ask(id=id)
        with working(app, town):
            journal_check.run(check_id=str(id))
        with working(app, town):
            promised = select(Promise.arguments).where(Promise.kind == "journal_warning")
            (told,) = db.session.scalars(promised).all()
            for _time in range(2):
                journal_warnings.run(**told)
        (mail,) = mails_to(administrator.email)
        assert "2番の記録の内容が変更されています" in mail
        assert f"/t/{town.slug}/journal/chain/checks/{id}" in mail
        assert mails_to(caseworker.email) == []

    def test_asked_for_twice_it_runs_once(self, app: Flask) -> None:
        town = a_journal(app)
        with working(app, town):
            assert checks.ask(id=ids.new()).id == checks.ask(id=ids.new()).id

    def test_every_night_it_runs_by_itself(self, app: Flask) -> None:
        town = a_journal(app)
        with working(app, town):
            journal_check.run()
        with working(app, town):
            (check,) = checks.newest()
            assert (check.status, check.asked_by, check.entries_total) == (CheckStatus.SOUND, None, 7)

"""A town with a journal, and hands that meddle with it as only somebody with the owner's database password can."""

from collections.abc import Sequence
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from ayumi.audit import checking
from ayumi.audit.checking import Result
from ayumi.audit.faults import Fault
from ayumi.kernel import ids, journal
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.world import Town, a_town, working

CHANGES = {"name": ["甲", "乙"], "phone": [None, "03-0000-0000"], "é": ['\u0007"\\', "\u3000𠮷"], "aa": [[], {"b": 1}]}


def a_journal(app: Flask, entries: int = 6) -> Town:
    """Make a town in which some things have happened, one transaction each."""
    town = a_town(app)
    for number in range(entries):
        with working(app, town):
            journal.note_of("menu", ids.new(), f"step {number + 1}", why="理由", changes=CHANGES)
    return town


def owner(town: Town) -> Place:
    return Place(Door.OWNER, tenant_id=town.tenant_id)


@contextmanager
def meddling(app: Flask, town: Town, *sentences: str):
    """Do this to the town's journal with all triggers off."""
    with app.app_context(), visiting(owner(town)) as session:
        for table in ("journal_entry", "journal_head"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for sentence in sentences:
            session.execute(text(sentence), {"t": town.tenant_id})
        for table in ("journal_entry", "journal_head"):
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    yield


def meddle(app: Flask, town: Town, *sentences: str) -> None:
    """Do this to the town's journal, and leave."""
    with meddling(app, town, *sentences):
        pass


def checked(app: Flask, town: Town, at_once: int = checking.AT_ONCE) -> Result:
    """Check the town's journal."""
    with app.app_context(), visiting(owner(town)) as session:
        return checking.check(session, town.tenant_id, at_once=at_once)


def found(app: Flask, town: Town, at_once: int = checking.AT_ONCE) -> Sequence[tuple[Fault, int]]:
    """Return (what, where) of everything that a check finds."""
    return [(each.fault, each.seq) for each in checked(app, town, at_once).findings]

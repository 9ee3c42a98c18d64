"""Workers, dispatchers and the queue are killed at random while there is work: nothing is lost, nothing is doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import journal
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise, promise
from jobs import enqueue
from tests.world import Member, a_member, a_town, inside, working

JOBS = 40
ROOT = Path(__file__).parents[2]


class Household:
    """Two of each process; whoever is killed is started again."""

    def __init__(self) -> None:
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, what: str) -> None:
        """Start one process, in a group of its own so that its children die with it."""
        path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.killable", what],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.running.append((what, started))

    def kill_one(self, chance: random.Random) -> None:
        """Kill one process with everything below it, without a word, and start another."""
        what, chosen = self.running.pop(chance.randrange(len(self.running)))
        self._kill(chosen)
        self.start(what)

    def kill_all(self) -> None:
        """Kill everything."""
        for _what, each in self.running:
            self._kill(each)
        self.running.clear()

    @staticmethod
    def _kill(chosen: subprocess.Popen[bytes]) -> None:
        os.killpg(chosen.pid, signal.SIGKILL)
        chosen.wait()


@pytest.fixture
def household(app: Flask) -> Iterator[Household]:
    enqueue.connection().flushall()
    people = Household()
    for what in ("dispatcher", "dispatcher", "worker", "worker"):
        people.start(what)
    yield people
    people.kill_all()
    enqueue.connection().flushall()


@pytest.mark.slow
def test_whatever_is_killed_every_job_is_done_exactly_once(app: Flask, household: Household) -> None:
    member, chance = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER), random.Random(7)
    with inside(app, member):
        for number in range(JOBS):
            promise("mark", menu_id=member.town.menu_id, number=number)
    for _round in range(5):
        time.sleep(1.2)
        household.kill_one(chance)
    enqueue.connection().flushall()
    wait_until_done(app, member)
    with inside(app, member):
        found = Counter(entry.action for entry in journal.history(member.town.menu_id))
    wanted = {f"{word}-{number}": 1 for number in range(JOBS) for word in ("marked", "ended")}
    assert found == wanted


def wait_until_done(app: Flask, member: Member, seconds: float = 90) -> None:
    """Wait until every promise is kept; fail when that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with working(app, member.town):
            if not db.session.scalars(select(Promise.id).where(Promise.done_at.is_(None))).all():
                return
        time.sleep(0.3)
    pytest.fail("work was left undone")

"""Two of every process, and whichever is killed while there is work: nothing is lost, nothing is doubled.

People send forms through two webs as through a balancer, and send again what had no answer; jobs are promised at
once and by the clock; webs, dispatchers, workers and timetables are killed at random, workers in the middle of a job,
and the queue is emptied. All of them come to the database through a pooler in transaction mode: what a killed process
had begun must not go on there.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from threading import Event
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import journal
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise, ScheduleTick, promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu
from infra.embedded import postgres
from infra.embedded.pgbouncer import Pooler
from infra.embedded.postgres import free_port
from tests.jobs.killing import PATIENCE, Fleet, wait_until
from tests.product import behind
from tests.world import Member, a_member, a_town, csrf_of, inside, logged_in, working

JOBS = 6  # promised before each kill
PEOPLE = 3
CONNECTIONS = 4  # of each role to the server: two workers at work take two each
EACH = ("web", "dispatcher", "worker", "timetable")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def shared(member: Member, database: postgres.Server, tmp_path: Path) -> Iterator[Pooler]:
    with Pooler(tmp_path / "pgbouncer", database, size=CONNECTIONS) as running:
        yield running


@pytest.fixture
def fleet(member: Member, store: "Redis", shared: Pooler, tmp_path: Path) -> Iterator[Fleet]:
    path, middle = os.pathsep.join([str(ROOT), str(ROOT / "platform")]), tmp_path / "middle"
    middle.mkdir()
    said = {"AYUMI_TEST_TOWN": str(member.town.tenant_id), "AYUMI_TEST_MENU": str(member.town.menu_id)}
    said |= {"AYUMI_TEST_MIDDLE": str(middle)}
    said |= {**behind(shared), "PYTHONPATH": path}
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.fleet"], cwd=ROOT, env=os.environ | said,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    started = Fleet(starter, middle)
    for what in (*EACH, *EACH):
        started.start(what, free_port())
    yield started
    started.kill_all()
    store.flushall()


@dataclass
class Person:
    """Somebody with a browser in front of the balancer."""

    member: Member
    cookie: str
    token: str
    webs: list[int]

    def send(self, number: int) -> None:
        """Send one form until it is answered well, now here, now there, as a person with patience does."""
        fields = {"csrf_token": self.token, "_token": str(uuid4()), "name": f"献立{number}", "tier": "social"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"ayumi={self.cookie}"}
        deadline, attempt = time.monotonic() + PATIENCE, count(number)
        while time.monotonic() < deadline:
            port = self.webs[next(attempt) % len(self.webs)]
            with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("POST", f"/t/{self.member.town.slug}/menus/new", urlencode(fields), headers)
                if connection.getresponse().status == 302:
                    return
            time.sleep(0.05)
        pytest.fail(f"form {number} was never answered")


@pytest.fixture
def person(app: Flask, member: Member, fleet: Fleet) -> Person:
    client = logged_in(app, member)
    token, cookie = csrf_of(client), client.get_cookie("ayumi")
    assert cookie is not None
    return Person(member, cookie.value, token, fleet.webs)


@dataclass
class Work:
    """What is promised, what is sent, and how far all of it is."""

    app: Flask
    member: Member
    promised: int = 0
    sent: list[int] = field(default_factory=list)

    def promise_more(self) -> None:
        """Promise some more jobs."""
        with inside(self.app, self.member):
            for number in range(self.promised, self.promised + JOBS):
                promise("mark", menu_id=self.member.town.menu_id, number=number)
        self.promised += JOBS

    def promises(self) -> list[tuple[str, int, bool]]:
        """Each promise: of what, how often it was begun, whether it is kept."""
        with working(self.app, self.member.town):
            found = db.session.execute(select(Promise.arguments, Promise.attempts, Promise.done_at)).all()
        return [(str(arguments["number"]), attempts, done_at is not None) for arguments, attempts, done_at in found]

    def wait_for_more(self) -> None:
        """Wait until a job is done and a form answered that were not yet."""
        so_far = self._kept(), len(self.sent)
        wait_until(lambda: self._kept() > so_far[0] and len(self.sent) > so_far[1], "jobs and forms going on")

    def _kept(self) -> int:
        return sum(kept for _what, _attempts, kept in self.promises())

    def wait_for_all(self) -> None:
        """Wait until every promise is kept."""
        wait_until(lambda: all(kept for _what, _attempts, kept in self.promises()), "everything done")


@pytest.mark.slow
def test_whatever_is_killed_everything_is_done_exactly_once(
    app: Flask, fleet: Fleet, member: Member, person: Person, store: "Redis"
) -> None:
    work, over, numbers = Work(app, member), Event(), count()
    with ThreadPoolExecutor(PEOPLE) as people:
        sending = [people.submit(keep_sending, person, numbers, work.sent, over) for _person in range(PEOPLE)]
        try:
            caught = killed_one_after_the_other(fleet, work, random.Random(17))
            store.flushall()
        finally:
            over.set()
    for each in sending:
        each.result()
    served = silence(app, fleet)
    work.wait_for_all()
    assert fleet.killed == {what: 2 for what in EACH}
    assert_taken_up_again(work, caught)
    assert_done_once(app, member, work, served)


def killed_one_after_the_other(fleet: Fleet, work: Work, chance: random.Random) -> list[str]:
    """Kill two of each in any order, with work to do and forms on their way; return in which jobs workers were."""
    caught = []
    for what in chance.sample([*EACH, *EACH], 2 * len(EACH)):
        work.promise_more()
        work.wait_for_more()
        if what == "worker":
            work.promise_more()
            caught.append(fleet.kill_one_in_the_middle())
        else:
            fleet.kill_one(what, chance)
    return caught


def keep_sending(person: Person, numbers: Iterator[int], sent: list[int], over: Event) -> None:
    """Send one form after the other until it is enough."""
    while not over.is_set():
        number = next(numbers)
        person.send(number)
        sent.append(number)
        time.sleep(0.1)


def silence(app: Flask, fleet: Fleet) -> list[str]:
    """End the timetables when they have served some moments, and return which."""
    wait_until(lambda: len(moments(app)) > 2, "the timetable at work")
    for each in fleet.those("timetable"):
        each.kill()
    return moments(app)


def moments(app: Flask) -> list[str]:
    """Return the moments that timetables have served."""
    with app.app_context(), visiting(Place(Door.DISPATCHER)) as session:
        served = select(ScheduleTick.fire_at).where(ScheduleTick.name == "mark")
        return [f"at-{moment:%H%M%S}" for moment in session.scalars(served)]


def assert_taken_up_again(work: Work, caught: list[str]) -> None:
    attempts = {what: attempts for what, attempts, _kept in work.promises()}
    assert len(caught) == 2
    assert all(attempts[what] > 1 for what in caught)


def assert_done_once(app: Flask, member: Member, work: Work, served: list[str]) -> None:
    with inside(app, member):
        marks = Counter(entry.action for entry in journal.history(member.town.menu_id))
        made = {menu.id: menu.name for menu in db.session.scalars(select(Menu)) if menu.name.startswith("献立")}
        told = Counter(entry.subject_id for entry in journal.history(*made))
    assert marks == {f"{word}-{what}": 1 for what in (*range(work.promised), *served) for word in ("marked", "ended")}
    assert sorted(made.values()) == sorted(f"献立{number}" for number in work.sent)
    assert set(told.values()) == {1}

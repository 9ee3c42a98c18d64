"""Two of every process, and whichever is killed while there is work: nothing is lost, nothing is doubled.

People send forms through two webs as through a balancer, and send again what had no answer; jobs are promised at
once and by the clock; webs, dispatchers, workers and timetables are killed at random, and the queue is emptied. All of
them come to the database through a pooler in transaction mode: what a killed process had begun must not go on there.
"""

import os
import random
import signal
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
from tests.product import behind
from tests.world import Member, a_member, a_town, csrf_of, inside, logged_in, working

JOBS = 30
PEOPLE = 3
MOST_FORMS = 150
ROUNDS = 8
CONNECTIONS = 4  # of each role to the server: two workers at work take two each
EACH = ("web", "dispatcher", "worker", "timetable")
ROOT = Path(__file__).parents[2]


@dataclass
class Fleet:
    """Two of each process; whoever is killed is started again, at the same port."""

    starter: "subprocess.Popen[str]"
    running: list[tuple[str, int, int]] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    def start(self, what: str, port: int) -> None:
        """Start one process."""
        assert self.starter.stdin
        assert self.starter.stdout
        self.starter.stdin.write(f"{what} {port}\n")
        self.starter.stdin.flush()
        self.running.append((what, port, int(self.starter.stdout.readline())))

    def kill_one(self, chance: random.Random) -> None:
        """Kill one process with everything below it, without a word, and start another."""
        what, port, pid = self.running.pop(chance.randrange(len(self.running)))
        os.killpg(pid, signal.SIGKILL)
        self.killed[what] += 1
        self.start(what, port)

    def kill_all(self) -> None:
        """Kill everything."""
        for _what, _port, pid in self.running:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        self.starter.kill()
        self.starter.wait()
        for pipe in (self.starter.stdin, self.starter.stdout):
            if pipe:
                pipe.close()

    @property
    def webs(self) -> list[int]:
        """The ports at which there should be an answer."""
        return sorted(port for what, port, _pid in self.running if what == "web")


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def shared(member: Member, database: postgres.Server, tmp_path: Path) -> Iterator[Pooler]:
    with Pooler(tmp_path / "pgbouncer", database, size=CONNECTIONS) as running:
        yield running


@pytest.fixture
def fleet(member: Member, store: "Redis", shared: Pooler) -> Iterator[Fleet]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    said = {"AYUMI_TEST_TOWN": str(member.town.tenant_id), "AYUMI_TEST_MENU": str(member.town.menu_id)}
    said |= {**behind(shared), "PYTHONPATH": path}
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.fleet"], cwd=ROOT, env=os.environ | said,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    started = Fleet(starter)
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
        deadline, attempt = time.monotonic() + 60, count(number)
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


@pytest.mark.slow
def test_whatever_is_killed_everything_is_done_exactly_once(
    app: Flask, fleet: Fleet, member: Member, person: Person, store: "Redis"
) -> None:
    chance, over, numbers = random.Random(17), Event(), count()
    with inside(app, member):
        for number in range(JOBS):
            promise("mark", menu_id=member.town.menu_id, number=number)
    with ThreadPoolExecutor(PEOPLE) as people:
        sending = [people.submit(keep_sending, person, numbers, over) for _person in range(PEOPLE)]
        for _round in range(ROUNDS):
            time.sleep(0.7)
            fleet.kill_one(chance)
        store.flushall()
        over.set()
        sent = [number for each in sending for number in each.result()]
    assert set(fleet.killed) == set(EACH)
    served = silence(app, fleet)
    wait_until_done(app, member)
    assert len(served) > 2
    assert_done_once(app, member, sent, served)


def keep_sending(person: Person, numbers: Iterator[int], over: Event) -> list[int]:
    """Send one form after the other until it is enough; return which."""
    sent = []
    while not over.is_set() and (number := next(numbers)) < MOST_FORMS:
        person.send(number)
        sent.append(number)
        time.sleep(0.1)
    return sent


def silence(app: Flask, fleet: Fleet) -> list[str]:
    """End the timetables, and return the moments they have served."""
    for what, _port, pid in fleet.running:
        if what == "timetable":
            os.killpg(pid, signal.SIGKILL)
    with app.app_context(), visiting(Place(Door.DISPATCHER)) as session:
        moments = select(ScheduleTick.fire_at).where(ScheduleTick.name == "mark")
        return [f"at-{moment:%H%M%S}" for moment in session.scalars(moments)]


def wait_until_done(app: Flask, member: Member, seconds: float = 90) -> None:
    """Wait until every promise is kept; fail when that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with working(app, member.town):
            if not db.session.scalars(select(Promise.id).where(Promise.done_at.is_(None))).all():
                return
        time.sleep(0.3)
    pytest.fail("work was left undone")


def assert_done_once(app: Flask, member: Member, sent: list[int], served: list[str]) -> None:
    with inside(app, member):
        marks = Counter(entry.action for entry in journal.history(member.town.menu_id))
        made = {menu.id: menu.name for menu in db.session.scalars(select(Menu)) if menu.name.startswith("献立")}
        told = Counter(entry.subject_id for entry in journal.history(*made))
    assert marks == {f"{word}-{what}": 1 for what in (*range(JOBS), *served) for word in ("marked", "ended")}
    assert sorted(made.values()) == sorted(f"献立{number}" for number in sent)
    assert set(told.values()) == {1}
    assert len(sent) > PEOPLE

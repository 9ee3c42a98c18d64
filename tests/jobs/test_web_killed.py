"""The web is killed while people send forms: they send again what had no answer, and each form was done once."""

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
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import journal
from ayumi.kernel.db import db
from ayumi.menus.model import Menu
from infra.embedded.postgres import free_port
from tests.world import Member, a_member, a_town, csrf_of, inside, logged_in

FORMS = 60
KILLS = 12
ROOT = Path(__file__).parents[2]


@pytest.fixture
def web(app: Flask) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "--config", "infra/gunicorn.conf.py", "wsgi:app"]
    started = subprocess.Popen(
        gunicorn, cwd=ROOT, env=os.environ | {"PORT": str(port), "PYTHONPATH": path}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield port, started
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def children(pid: int) -> list[int]:
    """Return the processes that serve, one level below the one that watches over them."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found]


def send(port: int, member: Member, cookie: str, token: str, number: int) -> None:
    """Send one form until it is answered well, as a person with patience does."""
    fields = {"csrf_token": token, "_token": str(uuid4()), "name": f"献立{number}", "tier": "social"}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"ayumi={cookie}"}
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("POST", f"/t/{member.town.slug}/menus/new", urlencode(fields), headers)
            if connection.getresponse().status == 302:
                return
        time.sleep(0.1)
    pytest.fail(f"form {number} was never answered")


@pytest.mark.slow
def test_forms_sent_again_after_a_crash_are_done_once(app: Flask, web: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, process = web
    member = a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)
    client = logged_in(app, member)
    token, cookie = csrf_of(client), client.get_cookie("ayumi")
    assert cookie is not None
    chance = random.Random(11)
    with ThreadPoolExecutor(6) as people:
        sent = [people.submit(send, port, member, cookie.value, token, number) for number in range(FORMS)]
        for _kill in range(KILLS):
            time.sleep(0.4)
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(children(process.pid)), signal.SIGKILL)
            if sum(each.done() for each in sent) > FORMS * 0.8:
                break
        for each in sent:
            each.result()
    with inside(app, member):
        made = {menu.id: menu.name for menu in db.session.scalars(select(Menu)) if menu.name.startswith("献立")}
        told = Counter(entry.subject_id for entry in journal.history(*made))
    assert sorted(made.values()) == sorted(f"献立{number}" for number in range(FORMS))
    assert set(told.values()) == {1}

"""Servers and workers are stopped and started while there is work: nobody notices."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from redis import Redis
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise, promise
from ayumi.menus.model import Menu
from ayumi.web import stopping
from jobs import dispatcher
from tests.operation.served import ROOT, People, Server, lines_of, until
from tests.world import Member, a_member, a_town, csrf_of, inside, logged_in, working

MARK = "秘密太郎"


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@pytest.fixture
def servers(app: Flask, tmp_path: Path) -> Iterator[list[Server]]:
    given = {"AYUMI_METRICS_DIR": str(tmp_path / "metrics"), "AYUMI_DRAIN_SECONDS": "0.8"}
    both = [Server(tmp_path / f"{name}.log", **given) for name in ("a", "b")]
    for each in both:
        each.start()
    yield both
    for each in both:
        each.kill()


def people(app: Flask, servers: list[Server], member: Member) -> People:
    client = logged_in(app, member)
    token, cookie = csrf_of(client), client.get_cookie("ayumi")
    assert cookie is not None
    return People(servers, member, cookie.value, token)


def half_sent(server: Server, crowd: People, name: str) -> tuple[socket.socket, bytes]:
    """Begin to send a form; return the line and what is missing."""
    body = crowd.body(name).encode()
    head = f"POST {crowd.address} HTTP/1.1\r\nHost: x\r\nCookie: {crowd.headers['Cookie']}\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    line = socket.create_connection(("127.0.0.1", server.port), timeout=15)
    line.sendall(head.encode() + body[:20])
    return line, body[20:]


def takes_no_more(server: Server) -> bool:
    return "Handling signal: term" in server.log.read_text(encoding="utf-8")


def exchange_workers(server: Server) -> None:
    before = server.serving()
    server.tell(signal.SIGHUP)
    until(lambda: server.serving() and not before & server.serving())


def figures(folder: Path) -> CollectorRegistry:
    read = CollectorRegistry()
    MultiProcessCollector(read, str(folder))
    return read


@pytest.mark.slow
def test_two_servers_are_released_anew_one_after_the_other_and_no_request_fails(
    app: Flask, servers: list[Server], member: Member, tmp_path: Path
) -> None:
    first, second = servers
    crowd = people(app, servers, member)
    with crowd.at_work():
        until(lambda: len(crowd.ready) == 2 and len(crowd.done) > 5)
        exchange_workers(first)
        first.tell(signal.SIGTERM)
        until(lambda: first.ready() == 503)
        assert first.ended() == 0
        first.start()
        until(lambda: len(crowd.ready) == 2)
        line, missing = half_sent(second, crowd, "半分")
        second.tell(signal.SIGTERM)
        until(lambda: takes_no_more(second))
        with closing(line):
            line.sendall(missing)
            assert line.recv(100).startswith(b"HTTP/1.1 302")
        assert second.ended() == 0
    assert crowd.failed == []
    assert len(crowd.done) > 20
    with inside(app, member):
        made = Counter(name for name in db.session.scalars(select(Menu.name)) if name.startswith(("献立", "半分")))
    assert made == Counter([*crowd.done, "半分"])
    counted(tmp_path / "metrics", made.total())
    speaks_of_nobody(servers, member)


@pytest.mark.slow
def test_the_only_server_is_restarted_while_its_socket_is_held_and_no_request_fails(
    app: Flask, member: Member, tmp_path: Path
) -> None:
    lines = (ROOT / "infra" / "settings.env").read_text(encoding="utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line.startswith("AYUMI_"))
    server = Server(tmp_path / "only.log", AYUMI_DRAIN_SECONDS=said["AYUMI_DRAIN_SECONDS"])
    server.hold()
    crowd = people(app, [server], member)
    try:
        server.start()
        with crowd.at_work(balanced=False):
            until(lambda: len(crowd.done) > 5)
            server.tell(signal.SIGTERM)
            assert server.ended() == 0
            before = len(crowd.done)
            server.start()
            until(lambda: len(crowd.done) > before + 5)
    finally:
        server.kill()
    assert crowd.failed == []
    with inside(app, member):
        made = Counter(name for name in db.session.scalars(select(Menu.name)) if name.startswith("献立"))
    assert made == Counter(crowd.done)


def counted(folder: Path, forms: int) -> None:
    """Every form was counted, by whichever process; pools are those of the server that is still there."""
    read = figures(folder)
    labels = {"route": "/t/<municipality>/menus/new", "method": "POST", "status": "302"}
    assert read.get_sample_value("ayumi_requests_total", labels) == forms
    assert read.get_sample_value("ayumi_pool_limit", {"door": "staff"}) == 2 * 16
    assert read.get_sample_value("ayumi_pool_in_use", {"door": "staff"}) == 0


def speaks_of_nobody(servers: list[Server], member: Member) -> None:
    """The log is lines of JSON with request and municipality; what a stranger sends by hand is not in it."""
    with closing(socket.create_connection(("127.0.0.1", servers[0].port), timeout=5)) as line:
        line.sendall(f"GET /{MARK} {MARK}\r\n\r\n".encode())
        line.recv(100)
    until(lambda: "Invalid request" in servers[0].log.read_text(encoding="utf-8"))
    lines = [line for server in servers for line in lines_of(server.log)]
    forms = [line for line in lines if line.get("route") == "/t/<municipality>/menus/new"]
    assert {line["municipality"] for line in forms} == {member.town.tenant_id}
    assert len({line["request_id"] for line in forms}) == len(forms)
    said = "".join(server.log.read_text(encoding="utf-8") for server in servers)
    for secret in (MARK, member.email, "献立", member.town.slug):
        assert secret not in said


def test_a_server_that_is_to_stop_says_it_is_healthy_but_not_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    stopping.ask()
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").get_json() == {"database": "ok", "files": "ok", "queue": "ok"}
    finally:
        stopping.take_back()


@pytest.mark.slow
def test_a_worker_asked_to_stop_ends_its_job_and_takes_no_other(app: Flask, store: "Redis", member: Member) -> None:
    with inside(app, member):
        for number in range(2):
            promise("take_long", menu_id=member.town.menu_id, number=number)
    with app.app_context():
        assert dispatcher.dispatch(store) == 2
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.killable", "worker"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: sum(attempts for attempts, _done in tries(app, member)) == 1)
        time.sleep(0.3)
        tell_everybody(worker.pid)
        assert worker.wait(15) == 0
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    assert sorted(tries(app, member)) == [(0, False), (1, True)]


def tell_everybody(process: int) -> None:
    """Ask a process and those below it to stop, as a service manager does."""
    below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    assert below, "nobody is at work"
    for each in (process, *map(int, below)):
        os.kill(each, signal.SIGTERM)


def tries(app: Flask, member: Member) -> list[tuple[int, bool]]:
    with working(app, member.town):
        found = db.session.execute(select(Promise.attempts, Promise.done_at).where(Promise.kind == "take_long"))
        return [(row.attempts, row.done_at is not None) for row in found]

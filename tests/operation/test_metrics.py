"""Figures for Prometheus: they are there for whoever runs the machine, and say nothing of anybody."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from sqlalchemy import create_engine, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from ayumi.accounts.model import Party, Role
from ayumi.commands import metrics as command
from ayumi.config import settings
from ayumi.kernel import clock, meters
from ayumi.kernel.db import db
from ayumi.kernel.outbox import Promise, promise
from ayumi.kernel.tenancy import Door
from ayumi.operating.metrics import spoken
from ayumi.operating.metrics.figures import Platform
from ayumi.operating.metrics.listener import NotLikeThis, Server, listen
from ayumi.web.meters import most, watch
from jobs import perform
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import RULES
from tests.jobs.test_promises import promised
from tests.live import ROOT
from tests.product import let_go, product
from tests.world import Member, a_member, a_town, inside, logged_in, working

MARK = "秘密太郎"
TOKEN = "t" * 40


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


@contextmanager
def answering(server: Server) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(port: int, path: str = "/metrics", token: str = "") -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def platform(app: Flask) -> CollectorRegistry:
    shown = CollectorRegistry()
    shown.register(Platform(app))
    return shown


def test_figures_are_read_at_their_own_address_and_nowhere_else_there(app: Flask) -> None:
    with answering(listen(platform(app), "127.0.0.1:0", None)) as port:
        status, said = ask(port)
        assert (status, ask(port, "/")[0], ask(port, "/metrics/x")[0]) == (200, 404, 404)
    names = {family.name for family in text_string_to_metric_families(said)}
    assert {"ayumi_service_up", "ayumi_outbox_depth", "ayumi_outbox_oldest_seconds", "ayumi_schema_current"} <= names


def test_no_page_of_the_product_serves_them(app: Flask, member: Member) -> None:
    assert [rule.rule for rule in RULES if "metrics" in rule.rule] == []
    for browser in (app.test_client(), logged_in(app, member)):
        for path in ("/metrics", "/metrics/", "/operator/metrics"):
            assert browser.get(path).status_code == 404


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "192.0.2.1:9464", "127.0.0.1", "elsewhere:1", ""])
def test_away_from_loopback_it_does_not_start_without_a_token(bind: str) -> None:
    with pytest.raises(NotLikeThis):
        listen(CollectorRegistry(), bind, None)


def test_a_short_token_is_no_token() -> None:
    with pytest.raises(NotLikeThis, match="32"):
        listen(CollectorRegistry(), "127.0.0.1:0", "short")


def test_the_command_says_what_is_wrong(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "settings", lambda: replace(settings(), metrics_bind="0.0.0.0:0"))
    answer = app.test_cli_runner().invoke(args=["metrics"])
    assert answer.exit_code == 1
    assert "AYUMI_METRICS_TOKEN" in answer.output


def test_with_a_token_only_those_who_show_it_read(app: Flask) -> None:
    with answering(listen(platform(app), "127.0.0.1:0", TOKEN)) as port:
        assert [ask(port, token=token)[0] for token in ("", "wrong", TOKEN + "t", TOKEN)] == [401, 401, 401, 200]


def test_requests_are_counted_by_pattern_and_nothing_a_visitor_types_is_a_label(app: Flask, member: Member) -> None:
    def counted(route: str, method: str, status: int) -> float:
        labels = {"route": route, "method": method, "status": str(status)}
        return meters.REGISTRY.get_sample_value("ayumi_requests_total", labels) or 0

    before = counted("/t/<municipality>/menus/", "GET", 200), counted("none", "other", 404)
    browser = logged_in(app, member)
    browser.get(f"/t/{member.town.slug}/menus/?words={MARK}")
    browser.open(f"/{MARK}", method="TARO")
    after = counted("/t/<municipality>/menus/", "GET", 200), counted("none", "other", 404)
    assert after == (before[0] + 1, before[1] + 1)
    mine = meters.REGISTRY.get_sample_value("ayumi_municipality_requests_total", {"tenant": str(member.town.tenant_id)})
    assert mine == 1
    labels = {
        value for family in meters.REGISTRY.collect() for each in family.samples for value in each.labels.values()
    }
    assert not {each for each in labels if MARK in each or "TARO" in each or member.town.slug in each}


def test_attempts_at_jobs_are_counted_by_kind_and_how_they_went(app: Flask, member: Member) -> None:
    def counted(outcome: str) -> float:
        return meters.REGISTRY.get_sample_value("ayumi_jobs_total", {"kind": "tidying", "outcome": outcome}) or 0

    with inside(app, member):
        promise("tidying", wrong="argument")
    before = counted("failed")
    with app.app_context(), pytest.raises(TypeError):
        perform.keep(tenant_id=member.town.tenant_id, promise_id=promised(app, member).id.hex)
    assert counted("failed") == before + 1


def test_what_waits_is_told_by_kind_and_age(app: Flask, store: "Redis", member: Member) -> None:
    with inside(app, member):
        for minutes in (0, 5, 5, 30, -60):
            promise("tidying", after=clock.now() - timedelta(minutes=minutes))
    read = platform(app)

    def waiting(age: str) -> float | None:
        return read.get_sample_value("ayumi_outbox_waiting", {"kind": "tidying", "age": age})

    assert [waiting(age) for age in ("1m", "10m", "1h", "1d", "older")] == [1, 2, 1, 0, 0]
    assert read.get_sample_value("ayumi_outbox_depth") == 4
    assert read.get_sample_value("ayumi_outbox_planned") == 1
    assert 1795 < (read.get_sample_value("ayumi_outbox_oldest_seconds") or 0) < 1860


@pytest.fixture
def marked(app: Flask) -> Populated:
    return populate(app, MARK)


def test_use_is_told_by_municipality_and_names_nobody(app: Flask, marked: Populated) -> None:
    tenant, said = str(marked.town.tenant_id), ""
    with answering(listen(platform(app), "127.0.0.1:0", None)) as port:
        _status, said = ask(port)
    seats = f'ayumi_municipality_seats{{tenant="{tenant}"}}'
    here = [member for member in marked.members.values() if member.party is Party.STAFF]
    assert f"{seats} {len(here)}.0" in said
    assert f'slug="{marked.town.slug}"' in said
    for secret in (MARK, *(member.email for member in marked.members.values())):
        assert secret not in said


def test_every_door_has_the_pool_that_is_meant_for_it(app: Flask) -> None:
    with app.app_context():
        pools = {door: engine.pool for door, engine in db.engines.items()}
    assert set(pools) >= {door.value for door in Door}
    assert {most(pool) for pool in pools.values()} == {16}


def test_connections_are_counted_while_they_are_used(app: Flask) -> None:
    engine = create_engine(os.environ["AYUMI_DATABASE_URL_STAFF"].replace("postgresql:", "postgresql+psycopg:"))
    watch("tried", engine)

    def in_use() -> float | None:
        return meters.REGISTRY.get_sample_value("ayumi_pool_in_use", {"door": "tried"})

    with engine.connect(), engine.connect():
        assert in_use() == 2
    assert in_use() == 0
    engine.dispose()


COUNTING = """
import sys, time
from pathlib import Path
from prometheus_client import Counter, Gauge
from ayumi.kernel import meters
meters.begin(sys.argv[1])
Counter("done", "x", ["how"], registry=meters.REGISTRY).labels("well").inc(3)
Gauge("held", "x", ["how"], multiprocess_mode="livesum", registry=meters.REGISTRY).labels("well").set(2)
print("counted", flush=True)
time.sleep(600)
"""


def test_what_a_process_held_is_forgotten_when_it_is_gone_and_its_counts_stay(tmp_path: Path) -> None:
    """Told by what the process holds locked, and by no number of it: containers do not see one another's."""

    def read(name: str) -> float | None:
        meters.forget_the_dead(str(tmp_path))
        shown = CollectorRegistry()
        MultiProcessCollector(shown, str(tmp_path))
        return shown.get_sample_value(name, {"how": "well"})

    words = [sys.executable, "-c", COUNTING, str(tmp_path)]
    path = os.environ | {"PYTHONPATH": str(ROOT / "platform")}
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=path) for _process in range(2)]
    try:
        assert [each.stdout.readline() for each in both if each.stdout] == ["counted\n"] * 2
        assert (read("done_total"), read("held")) == (6, 4)
        both[0].kill()
        both[0].wait()
        assert (read("done_total"), read("held")) == (6, 2)
    finally:
        for each in both:
            each.kill()
            each.communicate()
    assert (read("done_total"), read("held")) == (6, None)
    assert list(tmp_path.glob("*.alive")) == []


def test_with_its_own_secrets_alone_it_still_knows_whether_the_database_is_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for door in set(Door) - {Door.OPERATOR}:
        monkeypatch.delenv(f"AYUMI_DATABASE_URL_{door.upper()}")
    made = product()
    try:
        up = platform(made).get_sample_value("ayumi_service_up", {"service": "database"})
    finally:
        let_go(made)
    monkeypatch.undo()
    settings.cache_clear()
    assert up == 1


def test_it_is_told_since_when_all_journals_are_signed(app: Flask, member: Member) -> None:
    long_ago = clock.now() - timedelta(days=9000)  # before all other municipalities were signed, or came

    def signed(after: timedelta) -> float:
        with working(app, member.town):
            promise("signed_heads")
            waiting = update(Promise).where(Promise.done_at.is_(None))
            db.session.execute(waiting.values(done_at=long_ago + after))
        return platform(app).get_sample_value("ayumi_journal_signed_timestamp_seconds") or 0

    first, second = signed(timedelta(hours=2)), signed(timedelta(hours=1))
    assert first == second == pytest.approx((long_ago + timedelta(hours=2)).timestamp())
    assert signed(timedelta(days=9000)) > first


def test_without_a_database_the_rest_is_still_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception(MARK))

    monkeypatch.setattr("ayumi.hosting.figures.waiting", away)
    with answering(listen(platform(app), "127.0.0.1:0", None)) as port:
        status, said = ask(port)
    assert status == 200
    assert "ayumi_service_up" in said
    assert "ayumi_outbox_depth" not in said
    assert spoken.in_one_line(platform(app)).keys() == {"services_up", "workers"}


def test_where_nobody_gathers_them_they_are_a_line_of_the_log(app: Flask, store: "Redis", member: Member) -> None:
    with inside(app, member):
        for _number in range(2):
            promise("tidying", after=clock.now() - timedelta(minutes=5))
    with capture_logs() as lines:
        spoken.say(platform(app))
    (line,) = lines
    assert line.keys() == {"event", "log_level"} | spoken.FOLDED.keys()
    assert (line["event"], line["services_up"], line["workers"], line["outbox_depth"]) == ("figures", 1, 0, 2)
    assert 295 < line["outbox_oldest_seconds"] < 360
    assert (line["outbox_given_up"], line["schema_current"]) == (0, 1)
    assert line["journal_unsigned_seconds"] >= 0


def test_the_line_comes_again_and_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = threading.Semaphore(0)
    monkeypatch.setattr(spoken, "say", lambda _shown: said.release())
    ended = spoken.say_every(0.01, CollectorRegistry())
    try:
        assert all(said.acquire(timeout=20) for _time in range(3))
    finally:
        ended.set()

"""One request can be followed through its answer, the log and the work that it asked for; nobody can be."""

import json
import logging
import sys
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.config import settings
from ayumi.kernel import tracing
from ayumi.kernel.db import db
from ayumi.kernel.logs import Lines
from ayumi.kernel.outbox import Promise, promise
from ayumi.web import tracing as requests
from jobs import dispatcher, enqueue, worker
from jobs.kinds import KINDS
from tests.isolation.populated import populate
from tests.jobs.test_promises import promised
from tests.world import Member, a_member, a_town, inside, logged_in, working

MARK = "秘密太郎"
NAME = "0f8b2c4d6e8f0a1b2c3d4e5f6a7b8c9d"


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    known = replace(settings(), proxies="1")
    monkeypatch.setattr(requests, "settings", lambda: known)


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


def named(app: Flask, name: str | None = None) -> str:
    return app.test_client().get("/readyz", headers={"X-Request-ID": name} if name else {}).headers["X-Request-ID"]


def lines(said: str, what: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == what]


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("name", [NAME, NAME.upper(), "6b29fc40-ca47-1067-b31d-00dd010662da", "a" * 64])
def test_the_name_a_proxy_gives_a_request_is_kept(app: Flask, name: str) -> None:
    assert named(app, name) == name


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("name", ["a" * 15, "a" * 65, "yamada-taro-1970-01", f"{NAME} x", "-" * 20, f"{NAME}-", ""])
def test_what_is_no_such_name_is_replaced(app: Flask, name: str) -> None:
    given = named(app, name)
    assert given != name
    assert requests.WELL_FORMED.fullmatch(given)


def test_without_a_proxy_no_visitor_names_a_request(app: Flask) -> None:
    assert named(app, NAME) != NAME
    assert named(app) != named(app)


def test_a_line_of_the_log_names_request_municipality_and_route(
    app: Flask, member: Member, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = logged_in(app, member)
    answer = browser.get(f"/t/{member.town.slug}/menus/?words={MARK}")
    browser.open("/readyz", method="YAMADA")
    said = capfd.readouterr().out
    (line,) = [line for line in lines(said, "answered") if line["request_id"] == answer.headers["X-Request-ID"]]
    assert (line["municipality"], line["status"]) == (member.town.tenant_id, 200)
    assert line["route"] == "/t/<municipality>/menus/"
    assert MARK not in said
    assert "YAMADA" not in said


def test_nothing_of_a_request_is_left_for_the_next(app: Flask, member: Member) -> None:
    logged_in(app, member).get(f"/t/{member.town.slug}/menus/")
    assert tracing.request_id() is None
    assert tracing.municipality() is None


@pytest.mark.usefixtures("proxied")
def test_a_request_is_followed_into_the_work_it_asked_for(
    app: Flask, store: "Redis", capfd: pytest.CaptureFixture[str]
) -> None:
    town = populate(app, MARK)
    browser = logged_in(app, town.members["caseworker"])
    answer = browser.get(f"/t/{town.town.slug}/people/{town.ids['participant_id']}", headers={"X-Request-ID": NAME})
    assert answer.status_code == 200
    with working(app, town.town):
        kinds = set(db.session.scalars(select(Promise.kind).where(Promise.request_id == NAME)))
    assert kinds == {"reading"}
    with app.app_context():
        dispatcher.dispatch(store)
    capfd.readouterr()
    worker.run(app, burst=True)
    said = capfd.readouterr()
    (line,) = [line for line in lines(said.out, "kept") if line.get("request_id") == NAME]
    assert (line["job"], line["municipality"]) == ("reading", town.town.tenant_id)
    assert MARK not in said.out + said.err


def fail_aloud(*, menu_id: str) -> None:
    """A job for tests whose failure speaks of somebody."""
    raise ValueError(f"{MARK} {menu_id}")


def test_a_job_that_fails_says_nothing_of_what_it_was_about(
    app: Flask, store: "Redis", member: Member, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "fail_aloud", fail_aloud)
    with inside(app, member):
        promise("fail_aloud", menu_id=member.town.menu_id)
    with app.app_context():
        dispatcher.dispatch(store)
    worker.run(app, burst=True)
    said = "".join(capfd.readouterr())
    (line,) = lines(said, "put off")
    assert (line["kind"], line["job"], line["municipality"]) == ("ValueError", "fail_aloud", member.town.tenant_id)
    assert MARK not in said
    job = Job.fetch(enqueue.job_id(member.town.tenant_id, promised(app, member).id, 0), store, JSONSerializer)
    result = job.latest_result()
    assert result is not None
    assert "Failed: ValueError" in str(result.exc_string)
    assert MARK not in str(result.exc_string) + str(job.to_dict())


@pytest.mark.parametrize(
    ("level", "message", "arguments", "kept"),
    [
        (logging.INFO, "Listening at: %s", ("http://127.0.0.1",), "Listening at: http://127.0.0.1"),
        (logging.ERROR, "Error handling request %s", (f"/c/{MARK}",), "Error handling request %s"),
        (logging.ERROR, "Worker (pid:%s) was sent SIGKILL!", (7,), "Worker (pid:7) was sent SIGKILL!"),
        (logging.WARNING, f"Invalid request from ip=::1: {MARK}", (), "Invalid request from ip=::1"),
    ],
)
def test_libraries_are_heard_without_what_they_repeat(
    capsys: pytest.CaptureFixture[str], level: int, message: str, arguments: tuple[object, ...], kept: str
) -> None:
    try:
        raise ValueError(MARK)
    except ValueError:
        failure = sys.exc_info()
    Lines().handle(logging.LogRecord("library", level, "", 0, message, arguments, failure))
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["kind"], line["logger"]) == (kept, "ValueError", "library")
    assert MARK not in str(line)

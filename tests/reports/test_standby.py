"""Reports are counted on a real streaming standby: of what was promised, under the same policies, or not at all."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from ayumi.config import STANDBY
from ayumi.kernel import standby as module
from ayumi.kernel.db import PlacedSession, db, here
from ayumi.kernel.outbox import Promise, promise
from ayumi.kernel.standby import standby
from ayumi.kernel.tenancy import Door
from ayumi.municipalities.model import Programme
from ayumi.participants.model import Participant
from ayumi.reports import queries, rules
from ayumi.reports.labels import Step
from infra.embedded.postgres import Server, free_port
from infra.embedded.standby import Standby
from jobs import perform
from tests.overheard import overheard
from tests.product import let_go, product
from tests.reports.hand import MARCH
from tests.reports.march import Made, a_march
from tests.world import Town, a_town, inside, working

EVERYBODY = text("SELECT count(*) FROM participant")


@pytest.fixture(scope="module")
def following(straight: Flask, database: Server) -> Iterator[Standby]:
    """A standby that streams from the server of the tests."""
    started = Standby(database.home.parent / "standby", database)
    with started:
        yield started


@pytest.fixture(scope="module")
def app(following: Standby) -> Iterator[Flask]:
    """The product with a standby for its reports."""
    made = product(AYUMI_DATABASE_URL_REPORTS=following.url(Door.WORKER.role))
    yield made
    let_go(made)


@pytest.fixture(scope="module")
def march(app: Flask) -> Made:
    return a_march(app)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test waited for in vain is asked again."""
    monkeypatch.setattr(module, "_asked_in_vain", {})


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "settings", lambda: type("Short", (), {"reports_wait": "0.3"}))


def counted(statements: list[str]) -> int:
    """Return how many groups of figures were read from the standby: their values and the people behind them."""
    return sum("behind AS" in statement for statement in statements)


def compiled(app: Flask, town: Town) -> str:
    """Compile March from nothing and return the hash over all its figures."""
    with working(app, town):
        db.session.begin_nested()
        made = rules.compile(MARCH).report.content_hash
        db.session.rollback()
    return made


def test_a_report_is_counted_on_the_standby_and_is_the_same(app: Flask, straight: Flask, march: Made) -> None:
    with overheard(app, STANDBY) as asked:
        there = compiled(app, march.town)
    assert counted(asked) == 2 * len(rules.COUNTED)
    assert all("tenant_id = " in statement for statement in asked if "behind AS" in statement)
    assert there == compiled(straight, march.town)


def test_a_report_waits_until_the_standby_holds_what_was_promised(app: Flask, following: Standby) -> None:
    made = a_march(app)
    with ThreadPoolExecutor(1) as other, overheard(app, STANDBY) as asked:
        with following.held():
            with inside(app, made.head):
                promise("monthly_report", once="here", month=str(MARCH))
            running = other.submit(kept, app, made.town)
            while len(asked) < 5:
                time.sleep(0.05)
            assert not running.done()
            assert counted(asked) == 0
        running.result(30)
    assert counted(asked) == 2 * len(rules.COUNTED)
    with working(app, made.town):
        report = queries.current(MARCH)
        assert report is not None
        assert sum(figure.value for figure in queries.figures(report.id)[report.id]) > 0


def kept(app: Flask, town: Town) -> None:
    """Keep what was promised for a town, as a worker does."""
    with working(app, town):
        found = db.session.scalars(select(Promise.id).where(Promise.kind == "monthly_report")).one()
    with app.app_context():
        perform.keep(tenant_id=town.tenant_id, promise_id=found.hex)


def test_a_standby_that_lags_is_not_waited_for_longer_than_said(
    app: Flask, straight: Flask, following: Standby, march: Made, short: None
) -> None:
    with following.held(), overheard(app, STANDBY) as asked:
        there = compiled(app, march.town)
    assert counted(asked) == 0
    assert len(asked) > 1
    assert there == compiled(straight, march.town)


def test_one_that_was_waited_for_in_vain_is_not_asked_again_for_a_minute(
    app: Flask, straight: Flask, following: Standby, march: Made, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with following.held():
        compiled(app, march.town)
    with overheard(app, STANDBY) as asked:
        there = compiled(app, march.town)
    assert (asked, there) == ([], compiled(straight, march.town))
    monkeypatch.setattr(module, "LEFT_ALONE", 0.0)
    with overheard(app, STANDBY) as asked:
        assert compiled(app, march.town) == there
    assert counted(asked) == 2 * len(rules.COUNTED)


def test_a_standby_that_breaks_off_in_the_middle_is_left_alone(
    app: Flask, straight: Flask, following: Standby, march: Made
) -> None:
    told: list[Step] = []

    def tell(step: Step) -> None:
        told.append(step)
        if step is Step.EXPERIENCE:
            following.end_connections(Door.WORKER.role)

    with working(app, march.town), overheard(app, STANDBY) as asked:
        made = rules.compile(MARCH, tell=tell).report.content_hash
        db.session.rollback()
    assert 2 * len(rules.COUNTED) > counted(asked) > 2
    assert Step.FEES in told
    assert made == compiled(straight, march.town)


def test_without_its_standby_a_report_is_counted_all_the_same(app: Flask, straight: Flask, march: Made) -> None:
    nowhere = product(AYUMI_DATABASE_URL_REPORTS=f"postgresql://ayumi_worker:x@127.0.0.1:{free_port()}/ayumi")
    try:
        assert compiled(nowhere, march.town) == compiled(straight, march.town)
    finally:
        let_go(nowhere)


def test_what_is_no_standby_is_not_believed_to_follow(
    straight: Flask, database: Server, march: Made, short: None
) -> None:
    """One that has been promoted goes its own way."""
    promoted = product(AYUMI_DATABASE_URL_REPORTS=database.url(Door.WORKER.role))
    try:
        with overheard(promoted, STANDBY) as asked:
            assert compiled(promoted, march.town) == compiled(straight, march.town)
        assert counted(asked) == 0
    finally:
        let_go(promoted)


def test_the_standby_holds_the_same_walls(app: Flask, march: Made) -> None:
    neighbour = a_march(app, "隣")
    with working(app, march.town):
        with standby(wait=20) as source:
            [people] = source.read(select(Participant.id)) or [[]]
            [everybody] = source.read(select(func.count()).select_from(text("participant"))) or [[]]
        session = PlacedSession(db, info={"place": here(), "engine": STANDBY})
        with closing(session), pytest.raises(DBAPIError, match="read-only transaction"):
            session.execute(text("UPDATE participant SET note = ''"))
    assert {row[0] for row in people} == set(march.people.values())
    assert everybody == [(len(march.people),)]
    with app.app_context(), db.engines[STANDBY].connect() as nowhere:
        assert nowhere.scalar(EVERYBODY) == 0
    assert neighbour.people


def test_a_town_that_was_made_a_moment_ago_is_there(app: Flask) -> None:
    """Each position lies after all that was kept before it, though the tests' server keeps things without waiting."""
    for _time in range(5):
        town = a_town(app)
        with working(app, town), standby(wait=20) as source:
            assert source.read(select(Programme.tenant_id)) == [[(town.tenant_id,)]]

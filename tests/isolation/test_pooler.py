"""What the pooler gives to one municipality after another is one and the same connection: nothing stays on it."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from psycopg.rows import TupleRow
from sqlalchemy import Engine, func, select, text

from ayumi.config import Settings
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids
from ayumi.kernel.bulk import insert_many
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu
from ayumi.participants.model import Participant
from ayumi.reports import rules as reports
from ayumi.reports.model import Run
from infra.embedded.pgbouncer import Pooler
from tests.isolation.populated import Populated, populate
from tests.world import working

ROOT = Path(__file__).parents[2]
STRAIGHT = os.environ.get("AYUMI_TEST_POOLER") == "0"
ALONE = os.environ.get("AYUMI_TEST_POOLER", "1") == "1"
WORKER = Door.WORKER.role
BACKEND = text("SELECT pg_backend_pid()")
LEFT_BEHIND = """
    SELECT (SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql),
           (SELECT count(*) FROM pg_cursors WHERE name <> ''),
           (SELECT count(*) FROM pg_listening_channels()),
           (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
           (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND pg_table_is_visible(oid)),
           nullif(current_setting('ayumi.tenant_id', true), '')
"""
STAYING = re.compile(
    r"\bSET\s+(?!LOCAL\b)(SESSION\b|ROLE\b|ayumi\.)|set_config\([^)]*false|pg_(try_)?advisory_(lock|unlock)"
    r"|\b(UN)?LISTEN\s+\w|WITH HOLD|(?-i:\bPREPARE\s)|TEMP TABLE(?!.*ON COMMIT DROP)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def towns(pooled: Flask) -> tuple[Populated, Populated]:
    return populate(pooled, "上川瀬"), populate(pooled, "下川瀬")


@contextmanager
def as_somebody_else(pooler: Pooler, **options: int | None) -> Iterator["psycopg.Connection[TupleRow]"]:
    """Come through the pooler as the worker's role, without the product."""
    with closing(psycopg.connect(pooler.url(WORKER), autocommit=True, **options)) as connection:  # type: ignore[arg-type]
        yield connection


@pytest.mark.skipif(STRAIGHT, reason="asked to go the straight way")
def test_whatever_attacks_isolation_goes_through_the_pooler_by_every_door(app: Flask, pooler: Pooler) -> None:
    """The `app` of this folder is the one that all its tests attack."""
    with app.app_context():
        ports = {door: engine.url.port for door, engine in db.engines.items()}
    assert ports == {door.value: pooler.port for door in Door}


@pytest.mark.skipif(not ALONE, reason="asked for a larger pool, or for none")
def test_at_every_door_all_share_one_connection_to_the_database(app: Flask) -> None:
    with app.app_context():
        engines = dict(db.engines)
    asking = [door for door in engines for _time in range(3)]
    with ThreadPoolExecutor(len(asking)) as people:
        answers = list(zip(asking, people.map(lambda door: connection_of(engines[door]), asking), strict=True))
    assert len(set(answers)) == len(engines)


def connection_of(engine: Engine) -> int:
    """Return the server's connection that one is given, and keep it for a moment, so that others come meanwhile."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid(), pg_sleep(0.1)")).scalar_one())


def worker(town: Populated) -> Place:
    return Place(Door.WORKER, tenant_id=town.town.tenant_id)


def test_one_connection_serves_two_municipalities_and_each_finds_its_own(
    pooled: Flask, towns: tuple[Populated, Populated]
) -> None:
    connections, people = set(), list[UUID]()
    for town in (*towns, *towns):
        with pooled.app_context(), visiting(worker(town)) as session:
            connections.add(session.scalar(BACKEND))
            people.append(session.scalars(select(Participant.id)).one())
            assert session.scalar(text("SELECT count(*) FROM participant")) == 1
    assert len(connections) == 1
    assert people == [town.ids["participant_id"] for town in (*towns, *towns)]


def test_who_comes_after_them_without_a_place_finds_nothing(
    pooled: Flask, pooler: Pooler, towns: tuple[Populated, Populated]
) -> None:
    with pooled.app_context(), visiting(worker(towns[0])) as session:
        connection = session.scalar(BACKEND)
    with as_somebody_else(pooler) as there:
        assert there.execute("SELECT pg_backend_pid()").fetchone() == (connection,)
        assert there.execute("SELECT count(*) FROM participant").fetchone() == (0,)


def test_nothing_that_jobs_do_stays_on_the_connection(
    pooled: Flask, pooler: Pooler, towns: tuple[Populated, Populated]
) -> None:
    for town in towns:
        with working(pooled, town.town):
            reports.compile(Month.parse(town.month))
            insert_many(Run.__table__, [a_run(month) for month in range(1, 13)])  # type: ignore[arg-type]
    with as_somebody_else(pooler) as there:
        assert there.execute(LEFT_BEHIND).fetchone() == (0, 0, 0, 0, 0, None)


def a_run(month: int) -> dict[str, object]:
    counts = {"steps_done": 0, "steps_total": 6}
    return {"id": ids.new(), "month": date(2016, month, 1), "status": "failed", "asked_at": clock.now()} | counts


def test_the_same_statement_many_times_from_many_clients_needs_nothing_prepared(
    pooled: Flask, towns: tuple[Populated, Populated]
) -> None:
    """With what the driver prepares by itself the second client would ask for a statement that is not there."""
    query = select(func.count()).select_from(Menu)
    for number in range(24):
        with pooled.app_context(), visiting(worker(towns[number % 2])) as session:
            assert session.scalar(query)
        if number % 6 == 5:
            with pooled.app_context():
                db.engines[Door.WORKER.value].dispose()


def test_a_driver_that_prepares_breaks_behind_the_pooler(pooler: Pooler) -> None:
    """So the setting is needed: without it the same is an error."""
    prepares, pooled = {"prepare_threshold": 0}, Settings(database_pooler="transaction").driver("staff")
    assert pooled == {"prepare_threshold": None}
    with as_somebody_else(pooler, **prepares) as first, as_somebody_else(pooler, **prepares) as second:
        first.execute("SELECT %s::int", [1])
        with pytest.raises(psycopg.errors.DuplicatePreparedStatement):
            second.execute("SELECT %s::int", [1])
        first.execute("DEALLOCATE ALL")


def test_a_setting_nobody_knows_is_refused() -> None:
    with pytest.raises(RuntimeError, match="AYUMI_DATABASE_POOLER"):
        Settings(database_pooler="session").driver("staff")


def test_no_statement_of_the_product_leaves_something_on_its_connection() -> None:
    sources = [path for top in ("platform", "tenants", "portal", "jobs") for path in (ROOT / top).rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources
        if "migrations" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if STAYING.search(line)
    ]
    assert len(sources) > 300
    assert found == []
    for wrong in (
        "SET ayumi.tenant_id = 1",
        "SELECT pg_advisory_lock(1)",
        "LISTEN news",
        "CREATE TEMP TABLE x (y int)",
    ):
        assert STAYING.search(wrong), wrong

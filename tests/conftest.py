"""Real services for the tests: one PostgreSQL and one queue per test process, thrown away afterwards."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import update

from ayumi.kernel.reading import for_good
from ayumi.kernel.tenancy import Door, Place
from infra.embedded import pgbouncer, postgres, valkey
from tests.live import chromium

DOORS = tuple(door.value for door in Door)
# How many connections each role has in a pgbouncer through which everything goes; 0: nothing goes through one.
# Unset, the tests of isolation go through one (tests/isolation/conftest.py), where each role has a single connection.
POOLER = os.environ.get("AYUMI_TEST_POOLER")
EMPTY = "empty"  # a database that has all tables and nothing in them
ALL_ROUTES = {"isolation", "attacks"}  # folders whose files ask every route of the product

hypothesis.settings.register_profile("checks", deadline=None, derandomize=True)
hypothesis.settings.load_profile("checks")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All tests are read for good."""
    with for_good():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: (not is_long(item), not ALL_ROUTES & set(item.path.parts)))


def is_long(item: pytest.Item) -> bool:
    """Whether a single test takes its time."""
    return bool(item.get_closest_marker("browser") or item.get_closest_marker("slow"))


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """The one PostgreSQL of a test process."""
    with postgres.Server(tmp_path_factory.mktemp("services") / "postgres", durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def services(database: postgres.Server) -> Iterator[Path]:
    """Start the services and point the settings at them."""
    home = database.home.parent
    (home / "templates").mkdir()
    with valkey.Server(home / "valkey", durable=False) as queue:
        database.create_database("ayumi")
        for door in DOORS:
            os.environ[f"AYUMI_DATABASE_URL_{door.upper()}"] = database.url(f"ayumi_{door}", "ayumi")
        os.environ |= {
            "AYUMI_REDIS_URL": queue.url(),
            "AYUMI_FILES_URL": f"file://{home}/files",
            "AYUMI_MAIL_DIR": str(home / "mail"),
            "AYUMI_DEMO_LOGINS": str(home / "demo-logins.json"),
            "AYUMI_SECRET_KEY": "for tests only and long enough for them",
            "AYUMI_PASSWORD_COST": "low",
            "AYUMI_TEST_TEMPLATES": str(home / "templates"),
            "AYUMI_TRIES_OF_ADDRESS": "100000 per minute",
            "AYUMI_SIGNON_PRIVATE_HOSTS": "127.0.0.1",
        }
        yield home


@pytest.fixture(scope="session")
def straight(services: Path, database: postgres.Server) -> Iterator[Flask]:
    """The product without a pooler, its tables made by the migrations; a copy of them stays empty, to be copied."""
    from tests.product import let_go, product  # noqa: PLC0415

    made = product()
    with made.app_context():
        upgrade()
    let_go(made)
    database.create_database(EMPTY, template="ayumi")
    yield made
    let_go(made)


@pytest.fixture(scope="session")
def pooler(straight: Flask, database: postgres.Server) -> Iterator[pgbouncer.Pooler]:
    """A pgbouncer in front of the database, in transaction mode."""
    with pgbouncer.Pooler(database.home.parent / "pgbouncer", database, size=int(POOLER or 1)) as running:
        yield running


@pytest.fixture(scope="session")
def pooled(pooler: pgbouncer.Pooler) -> Iterator[Flask]:
    """The product behind the pooler."""
    from tests.product import behind, let_go, product  # noqa: PLC0415

    made = product(**behind(pooler))
    yield made
    let_go(made)


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest) -> Flask:
    """The whole product on the services."""
    made: Flask = request.getfixturevalue("pooled" if POOLER not in (None, "0") else "straight")
    return made


@pytest.fixture(scope="session")
def only_browser() -> Iterator[Browser]:
    """The one Chromium of a test process: there can be no second beside it."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def browser(only_browser: Browser) -> Iterator[Browser]:
    """The Chromium, in which all windows that a test has opened are closed after it."""
    earlier = only_browser.contexts
    yield only_browser
    for context in only_browser.contexts:
        if context not in earlier:
            context.close()


@pytest.fixture
def store(app: Flask) -> Iterator["Redis"]:
    """The queue, empty, with nothing promised or given up that other tests have left."""
    from ayumi.kernel import clock  # noqa: PLC0415
    from ayumi.kernel.db import visiting  # noqa: PLC0415
    from ayumi.kernel.outbox import Promise  # noqa: PLC0415
    from jobs import enqueue  # noqa: PLC0415

    connection = enqueue.connection()
    connection.flushall()
    with app.app_context(), visiting(Place(Door.DISPATCHER)) as session:
        left = Promise.done_at.is_(None) | Promise.gave_up_at.is_not(None)
        session.execute(update(Promise).where(left).values(done_at=clock.now(), gave_up_at=None))
    yield connection
    connection.close()

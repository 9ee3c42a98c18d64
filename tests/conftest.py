"""Real services for the tests: one PostgreSQL and one queue per test process, thrown away afterwards."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import update

from ayumi.kernel.tenancy import Door, Place
from infra.embedded import postgres, valkey
from tests.live import chromium

DOORS = tuple(door.value for door in Door)

hypothesis.settings.register_profile("checks", deadline=None, derandomize=True)
hypothesis.settings.load_profile("checks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("slow")))


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start the services and point the settings at them."""
    home = tmp_path_factory.mktemp("services")
    database, queue = (
        postgres.Server(home / "postgres", durable=False),
        valkey.Server(home / "valkey", durable=False),
    )
    with database, queue:
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
            "AYUMI_TRIES_OF_ADDRESS": "100000 per minute",
            "AYUMI_SIGNON_PRIVATE_HOSTS": "127.0.0.1",
        }
        yield home


@pytest.fixture(scope="session")
def app(services: Path) -> Iterator[Flask]:
    """The whole product on the services, its tables made by the migrations."""
    from ayumi.config import settings  # noqa: PLC0415
    from ayumi.kernel.db import db  # noqa: PLC0415
    from wsgi import make_app  # noqa: PLC0415

    settings.cache_clear()
    made = make_app()
    made.testing = True
    with made.app_context():
        upgrade()
        engines = db.engines
    yield made
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a test process: there can be no second beside it."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def store(app: Flask) -> Iterator["Redis"]:
    """The queue, empty, with nothing promised that other tests have left."""
    from ayumi.kernel import clock  # noqa: PLC0415
    from ayumi.kernel.db import visiting  # noqa: PLC0415
    from ayumi.kernel.outbox import Promise  # noqa: PLC0415
    from jobs import enqueue  # noqa: PLC0415

    connection = enqueue.connection()
    connection.flushall()
    with app.app_context(), visiting(Place(Door.DISPATCHER)) as session:
        session.execute(update(Promise).where(Promise.done_at.is_(None)).values(done_at=clock.now()))
    yield connection
    connection.close()

"""The bench's own PostgreSQL under var/bench/, one database for each scale, and the product on top of it."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from ayumi.config import settings
from ayumi.kernel.db import db
from ayumi.kernel.tenancy import Door
from infra.bench.generate.fill import bar, fill
from infra.embedded.postgres import ADMINISTRATOR, Server
from wsgi import make_app

HOME = Path("var/bench")
FILES = HOME / "files"
# What a database server of this size would be given; the same for product and floors.
TUNED = {"shared_buffers": "1GB", "max_wal_size": "4GB", "work_mem": "16MB", "effective_cache_size": "8GB"}


@contextmanager
def database(home: Path = HOME / "postgres", *, durable: bool = True) -> Iterator[Server]:
    """A running server with the settings of one that serves many."""
    with Server(home, durable=durable) as server:
        tuned = _tune(server)
        if tuned:
            server.stop()
            server.start()
        yield server


def _tune(server: Server) -> bool:
    with psycopg.connect(server.url(ADMINISTRATOR, "postgres"), autocommit=True) as connection:
        found: dict[str, str] = dict(
            connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall()
        )
        wrong = {name: value for name, value in TUNED.items() if found[name] != value}
        for name, value in wrong.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    return bool(wrong)


def name_of(scale: float) -> str:
    """The database of a scale."""
    return f"bench_{scale:g}".replace(".", "_")


def ready(server: Server, scale: float) -> str:
    """Return the name of the database of this scale; migrate and fill it where that has not been done."""
    name = name_of(scale)
    if not server.has_database(name):
        begun = time.perf_counter()
        half = f"{name}_half"  # so that what was cut short is never taken for whole
        server.drop_database(half)
        server.create_database(half)
        migrated(server, half)
        with psycopg.connect(server.url(ADMINISTRATOR, half)) as connection:
            fill(connection, scale, bar(name))
        tell(f"vacuuming {name}")
        settle(server, half)
        with psycopg.connect(server.url(ADMINISTRATOR, "postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        tell(f"{name} is there after {time.perf_counter() - begun:.0f} s")
    return name


def tell(text: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"  {text}\n")


def settle(server: Server, name: str) -> None:
    """Leave the database as one that has been in use: counted, vacuumed, written out."""
    with psycopg.connect(server.url(ADMINISTRATOR, name), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def migrated(server: Server, name: str) -> None:
    """Make the tables."""
    with product(server, name) as app, app.app_context():
        upgrade()


@contextmanager
def product(server: Server, name: str) -> Iterator[Flask]:
    """The whole product on one database."""
    for door in Door:
        os.environ[f"AYUMI_DATABASE_URL_{door.value.upper()}"] = server.url(door.role, name)
    os.environ |= {
        "AYUMI_SECRET_KEY": "for measuring only, and long enough for it",
        "AYUMI_FILES_URL": f"file://{FILES.absolute()}",
        "AYUMI_MAIL_DIR": str((HOME / "mail").absolute()),
        "AYUMI_PASSWORD_COST": "low",
    }
    settings.cache_clear()
    app = make_app()
    gc.collect()
    gc.freeze()  # as the web's and the worker's processes do before their first piece of work
    with app.app_context():
        engines = list(db.engines.values())
    try:
        yield app
    finally:
        for engine in engines:
            engine.dispose()

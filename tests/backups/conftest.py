"""Backups of the tests' own server, encrypted for a key of the test."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from ayumi.config import settings
from infra.backups import sealing
from infra.embedded import postgres


@pytest.fixture(scope="module")
def shelf(services: Path, app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty shelf, the settings pointed at it."""
    home = tmp_path_factory.mktemp("backups")
    server = postgres.Server(services / "postgres", durable=False)
    password = secrets.token_urlsafe(16)
    with psycopg.connect(server.url(postgres.ADMINISTRATOR, "postgres"), autocommit=True) as administrator:
        administrator.execute((postgres.SQL_FOLDER / "backup.sql").read_bytes())
        administrator.execute(f"ALTER ROLE backup_of_ayumi PASSWORD '{password}'")
    said = {
        "AYUMI_BACKUP_URL": f"file://{home}/shelf",
        "AYUMI_BACKUP_DATABASE_URL": f"postgresql://backup_of_ayumi:{password}@127.0.0.1:{server.port}/ayumi",
        "AYUMI_BACKUP_RECIPIENTS": sealing.make_key(home / "key"),
        "AYUMI_BACKUP_IDENTITY": str(home / "key"),
    }
    os.environ |= said
    settings.cache_clear()
    yield home / "shelf"
    for name in said:
        del os.environ[name]
    settings.cache_clear()

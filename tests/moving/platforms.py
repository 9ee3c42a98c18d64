"""A second, empty platform beside the one of the tests: its own database and its own files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from ayumi.config import settings
from ayumi.kernel import ids
from ayumi.kernel.db import db
from ayumi.kernel.tenancy import Door
from infra.embedded import postgres
from wsgi import make_app


class Platform:
    """Another installation: whatever runs inside ``there()`` runs on it."""

    def __init__(self, services: Path) -> None:
        self.server = postgres.Server(services / "postgres", durable=False)
        self.name = f"other_{ids.new().hex[-8:]}"
        self.server.create_database(self.name)
        self.files = services / self.name
        self.said = {
            f"AYUMI_DATABASE_URL_{door.value.upper()}": self.server.url(door.role, self.name) for door in Door
        } | {"AYUMI_FILES_URL": f"file://{self.files}"}
        with self.there():
            self.app = make_app()
            self.app.testing = True
            with self.app.app_context():
                upgrade()

    @contextmanager
    def there(self) -> Iterator[None]:
        """Be on the other platform for a while."""
        before = {name: os.environ.get(name) for name in self.said}
        os.environ |= self.said
        settings.cache_clear()
        try:
            yield
        finally:
            os.environ |= {name: value for name, value in before.items() if value is not None}
            settings.cache_clear()

    def close(self) -> None:
        """Leave nothing behind."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        self.server.drop_database(self.name)


@contextmanager
def a_platform(services: Path) -> Iterator[Platform]:
    """An empty platform, gone afterwards."""
    made = Platform(services)
    try:
        yield made
    finally:
        made.close()


def files_of(app: Flask, root: Path, tenant_id: int) -> dict[str, bytes]:
    """Return every file of a municipality by its key."""
    folder = root / "t" / str(tenant_id)
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}

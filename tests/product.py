"""The whole product, made with other settings than the process has, and let go of."""

import pytest
from flask import Flask

from ayumi.config import settings
from ayumi.kernel.db import db
from ayumi.kernel.tenancy import Door
from infra.embedded.pgbouncer import Pooler
from tests.templates import keep_templates
from wsgi import make_app


def product(**said: str) -> Flask:
    """Return the product with these environment variables beside those that are set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in said.items():
            patch.setenv(name, value)
        settings.cache_clear()
        made = make_app()
    settings.cache_clear()
    made.testing = True
    keep_templates(made)
    return made


def behind(pooler: Pooler) -> dict[str, str]:
    """Return the settings of a product whose doors all lead through a pooler."""
    doors = {f"AYUMI_DATABASE_URL_{door.upper()}": pooler.url(door.role) for door in Door}
    return doors | {"AYUMI_DATABASE_POOLER": "transaction"}


def let_go(made: Flask) -> None:
    """Close the connections of a product."""
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


__all__ = ["behind", "let_go", "product"]

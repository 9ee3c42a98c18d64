"""Whether everything this process needs is up, and whether it takes visitors."""

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis
from sqlalchemy import text

from ayumi.config import settings
from ayumi.kernel import clusters
from ayumi.kernel.db import db, visiting
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import stopping
from ayumi.web.permissions import open_to_all

log = structlog.get_logger(__name__)

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """Say ok or down for database, queue and files; 503 when one is down."""
    found = states()
    return jsonify(found), 200 if set(found.values()) == {"ok"} else 503


@pages.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """Say whether to send visitors here: not any more once this server has been asked to stop.

    Asks no service. While the database is away every server is as ready as the others, and says calmly what is wrong.
    """
    if stopping.asked():
        return jsonify(state="stopping"), 503
    return jsonify(state="ready")


def states() -> dict[str, str]:
    """Return name -> ok or down of everything this process needs."""
    checks = {"database": _database, "queue": _queue, "files": _files}
    return {name: _state(check) for name, check in checks.items()}


def _state(check: object) -> str:
    try:
        return "ok" if check() else "down"  # type: ignore[operator]
    except Exception as error:
        log.warning("service down", kind=type(error).__name__)
        return "down"


def _database() -> bool:
    """Ask through the door this process has: the web's, or that of whoever shows figures."""
    door = next(each for each in (Door.ACCOUNTS, Door.OPERATOR) if clusters.bind(Place(each)) in db.engines)
    with visiting(Place(door)) as session:
        return session.execute(text("SELECT 1")).scalar() == 1 and bool(db.engines)


def _queue() -> bool:
    return bool(Redis.from_url(settings().redis_url).ping())


def _files() -> bool:
    return store().ready()

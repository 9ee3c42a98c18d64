"""How the platform itself is: services, queue, workers, tables, version."""

from importlib.metadata import PackageNotFoundError, version

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from redis import Redis
from redis.exceptions import RedisError

from ayumi.config import settings
from ayumi.hosting import queries
from ayumi.hosting.labels import JOBS
from ayumi.kernel.db import db
from ayumi.web import health
from ayumi.web.permissions import needs

pages = Blueprint("health", __name__, url_prefix="/health")

WAITING, WORKERS = "rq:queue:ayumi", "rq:workers"


@pages.get("/")
@needs("operator")
def index() -> ResponseReturnValue:
    """Show the platform's health."""
    waiting, workers = queue()
    session = db.session()
    return render_template(
        "ayumi/operating/health/show.html",
        services=health.states(),
        waiting=waiting,
        workers=workers,
        jobs=queries.open_jobs(session),
        job_names=JOBS,
        schema=queries.schema_version(session),
        newest=newest_schema(),
        release=release(),
    )


def queue() -> tuple[int | None, int | None]:
    """Return how many jobs stand in line and how many workers there are; None while the queue is away."""
    try:
        store = Redis.from_url(settings().redis_url, socket_connect_timeout=2, socket_timeout=2)
        return int(store.llen(WAITING)), int(store.scard(WORKERS))
    except RedisError:
        return None, None


def newest_schema() -> str:
    """Return the revision that this release of the product expects."""
    folder = current_app.extensions["migrate"].directory
    return str(ScriptDirectory(folder).get_current_head())


def release() -> str:
    """Return the release of the product."""
    try:
        return version("ayumi")
    except PackageNotFoundError:
        return ""

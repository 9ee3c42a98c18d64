"""What is counted of requests, and how full the pools of database connections are."""

from typing import Any

from flask import Flask
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import Engine, Pool, event

from ayumi.kernel import meters, tracing
from ayumi.kernel.db import db

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "ayumi_requests", "Requests answered", ["route", "method", "status"], registry=meters.REGISTRY
)  # fmt: skip
DURATION = Histogram(
    "ayumi_request_seconds", "How long answers took", ["route", "method"], buckets=SECONDS, registry=meters.REGISTRY
)
USE = Counter(
    "ayumi_municipality_requests", "Requests answered within a municipality", ["tenant"], registry=meters.REGISTRY
)
IN_USE = Gauge(
    "ayumi_pool_in_use", "Database connections in use by the web", ["door"],
    multiprocess_mode="livesum", registry=meters.REGISTRY,
)  # fmt: skip
LIMIT = Gauge(
    "ayumi_pool_limit", "Database connections the web may use", ["door"],
    multiprocess_mode="livesum", registry=meters.REGISTRY,
)  # fmt: skip


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(route, method, status).inc()
    DURATION.labels(route, method).observe(seconds)
    tenant_id = tracing.municipality()
    if tenant_id is not None:
        USE.labels(tenant_id).inc()


def watch_pools(app: Flask) -> None:
    """Count connections as they are taken and given back, in this process from now on."""
    with app.app_context():
        for door, engine in db.engines.items():
            watch(str(door), engine)


def watch(door: str, engine: Engine) -> None:
    """Watch the pool behind one door."""
    in_use, pool = IN_USE.labels(door), engine.pool

    def taken(*_: Any) -> None:
        in_use.inc()

    def given_back(*_: Any) -> None:
        in_use.dec()

    event.listen(pool, "checkout", taken)
    event.listen(pool, "checkin", given_back)
    LIMIT.labels(door).set(most(pool))


def most(pool: Pool) -> int:
    """Return how many connections a pool hands out at most."""
    size, overflow = getattr(pool, "size", None), getattr(pool, "_max_overflow", 0)
    return int(size()) + int(overflow) if size else 0

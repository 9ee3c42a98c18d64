"""What the platform knows of itself, in Prometheus' words: services, line, outbox, use by municipality.

Asked through the operator's door, which can read no name of anybody.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog
from flask import Flask
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ayumi.hosting import figures, queries
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.operating.health.views import newest_schema, queue
from ayumi.web import health

SELDOM = 300.0  # seconds for which what is dear to ask and slow to change is remembered

log = structlog.get_logger(__name__)


class Platform(Collector):
    """Asked anew at every scrape; what is dear to ask, every few minutes."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._remembered: list[Metric] = []
        self._asked_at = -SELDOM

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: there may be no database yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Return all figures; without a database, those that need none."""
        with self._app.app_context():
            yield from services()
            try:
                yield from self._from_database()
            except SQLAlchemyError as error:
                log.warning("no figures", kind=type(error).__name__)

    def _from_database(self) -> list[Metric]:
        with visiting(Place(Door.OPERATOR)) as session:
            if time.monotonic() - self._asked_at >= SELDOM:
                self._remembered = [*given_up(session), *use(session), *schema(session), *journals(session)]
                self._asked_at = time.monotonic()
            return [*outbox(session), *self._remembered]


def services() -> Iterator[Metric]:
    """What the platform stands on."""
    up = Gauge("ayumi_service_up", "Whether a service answers", labels=["service"])
    for name, state in health.states().items():
        up.add_metric([name], state == "ok")
    yield up
    waiting, workers = queue()
    if waiting is not None and workers is not None:
        yield Gauge("ayumi_queue_waiting", "Jobs in the line of the workers", value=waiting)
        yield Gauge("ayumi_workers", "Workers that have registered", value=workers)


def outbox(session: Session) -> Iterator[Metric]:
    """What was promised and is due: how much, of which kind, since when."""
    rows, now = figures.waiting(session), clock.now()
    due = Gauge("ayumi_outbox_waiting", "Jobs that are due, by how long they wait", labels=["kind", "age"])
    for row in rows:
        for age in figures.AGES:
            due.add_metric([row.kind, age], getattr(row, age))
    since = [(now - row.oldest).total_seconds() for row in rows]
    yield due
    yield Gauge("ayumi_outbox_oldest_seconds", "How long the oldest due job waits", value=max(since, default=0))
    yield Gauge("ayumi_outbox_depth", "All jobs that are due", value=sum(sum(row[2:]) for row in rows))
    yield Gauge("ayumi_outbox_planned", "Jobs promised for later", value=figures.planned(session))


def given_up(session: Session) -> Iterator[Metric]:
    """What nobody will try again by itself."""
    lost = Gauge("ayumi_outbox_given_up", "Jobs given up in the last 30 days", labels=["kind"])
    for row in figures.given_up(session):
        lost.add_metric([row.kind], row.number)
    yield lost


USE: tuple[tuple[str, str, Callable[[Any], float]], ...] = (
    ("ayumi_municipality_seats", "People of the municipality who may log in", lambda row: row.seats),
    ("ayumi_municipality_files", "Files kept", lambda row: row.files),
    ("ayumi_municipality_bytes", "Size of the files kept", lambda row: float(row.bytes)),
    ("ayumi_municipality_suspended", "Whether it is suspended", lambda row: row.is_suspended),
)


def use(session: Session) -> Iterator[Metric]:
    """How much each municipality uses. ``tenant`` is its number, as in the log; ``info`` says which one that is."""
    rows = figures.municipalities(session)
    info = Gauge("ayumi_municipality_info", "Which municipality a number is", labels=["tenant", "code", "slug"])
    for row in rows:
        info.add_metric([str(row.id), row.code or "", row.slug], 1)
    yield info
    for name, said, value in USE:
        gauge = Gauge(name, said, labels=["tenant"])
        for row in rows:
            gauge.add_metric([str(row.id)], value(row))
        yield gauge


def schema(session: Session) -> Iterator[Metric]:
    """Whether the database is as this release expects it."""
    is_current = queries.schema_version(session) == newest_schema()
    yield Gauge("ayumi_schema_current", "Whether the schema is this release's", value=is_current)


def journals(session: Session) -> Iterator[Metric]:
    """Since when all journals are signed."""
    since = figures.signed_since(session)
    if since is not None:
        said = "When the journal was last signed that has waited longest"
        yield Gauge("ayumi_journal_signed_timestamp_seconds", said, value=since.timestamp())

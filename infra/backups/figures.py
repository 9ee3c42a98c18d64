"""What the shelf says of backups, for Prometheus: when the newest was taken, and the newest that was found sound."""

import time
from collections.abc import Iterable, Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from ayumi.config import settings
from infra.backups import shelf

SELDOM = 300.0  # seconds for which an answer is remembered: a bucket is asked over the network
SAID = {
    shelf.MANIFEST: (
        "ayumi_backup_taken_timestamp_seconds",
        "When the newest whole backup was taken; 0: there is none",
    ),
    shelf.VERIFIED: (
        "ayumi_backup_verified_timestamp_seconds",
        "When the newest backup was taken that was found sound; 0: there is none",
    ),
}

log = structlog.get_logger(__name__)


class Backups(Collector):
    """Silent where the hosting takes no backups of its own (AYUMI_BACKUP_RECIPIENTS), and while the shelf is away."""

    def __init__(self) -> None:
        self._remembered: list[Metric] = []
        self._asked_at = -SELDOM

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: there may be no shelf yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Return the figures, a few minutes old at most."""
        if time.monotonic() - self._asked_at >= SELDOM:
            self._remembered = list(figures()) if settings().backup_recipients else []
            self._asked_at = time.monotonic()
        yield from self._remembered


def figures() -> Iterator[Metric]:
    """Ask the shelf."""
    try:
        found = shelf.newest()
    except Exception as error:  # whatever a store answers with, all other figures are told
        log.warning("no figures of backups", kind=type(error).__name__)
        return
    for part, (name, said) in SAID.items():
        when = found.get(part)
        yield Gauge(name, said, value=when.timestamp() if when else 0)

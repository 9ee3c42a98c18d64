"""Figures as lines of the log, for where nobody gathers them: alarms are made of lines there (infra/terraform)."""

import threading
from collections.abc import Callable, Iterable, Iterator

import structlog
from prometheus_client import CollectorRegistry

from ayumi.kernel import clock

log = structlog.get_logger(__name__)

FOLDED: dict[str, tuple[str, Callable[[Iterable[float]], float]]] = {
    "services_up": ("ayumi_service_up", min),
    "workers": ("ayumi_workers", sum),
    "outbox_depth": ("ayumi_outbox_depth", sum),
    "outbox_oldest_seconds": ("ayumi_outbox_oldest_seconds", max),
    "outbox_given_up": ("ayumi_outbox_given_up", sum),
    "schema_current": ("ayumi_schema_current", min),
    "journal_unsigned_seconds": (
        "ayumi_journal_signed_timestamp_seconds",
        lambda values: clock.now().timestamp() - min(values),
    ),
}


def in_one_line(shown: CollectorRegistry) -> dict[str, float]:
    """Return what alarms ask for: each figure of the platform as one number. What nobody knows now is left out."""
    found = {family.name: [sample.value for sample in family.samples] for family in shown.collect()}
    return dict(_folded(found))


def _folded(found: dict[str, list[float]]) -> Iterator[tuple[str, float]]:
    for name, (figure, fold) in FOLDED.items():
        if figure in found and (found[figure] or fold is sum):  # no job given up is none, not unknown
            yield name, round(fold(found[figure]), 1)


def say_every(seconds: float, shown: CollectorRegistry) -> threading.Event:
    """Write the line every so many seconds, beside whatever this process does. Return what ends it when it is set."""
    ended = threading.Event()

    def speak() -> None:
        while True:
            say(shown)
            if ended.wait(seconds):
                return

    threading.Thread(target=speak, name="figures", daemon=True).start()
    return ended


def say(shown: CollectorRegistry) -> None:
    """Write the line once. Silence wakes somebody; one that could not be written must not be the last."""
    try:
        log.info("figures", **in_one_line(shown))
    except Exception as error:
        log.warning("no figures", kind=type(error).__name__)

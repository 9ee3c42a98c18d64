"""The process that shows figures to Prometheus."""

import signal
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from ayumi.config import Settings, settings
from ayumi.kernel import meters
from ayumi.operating.metrics.figures import Platform
from ayumi.operating.metrics.listener import NotLikeThis, listen
from ayumi.operating.metrics.spoken import say_every


@click.command()
@click.option("--log", "seconds", type=click.FloatRange(min=1), help="write what alarms need into the log, so often")
@with_appcontext
def metrics(seconds: float | None) -> None:
    """Show figures to Prometheus at AYUMI_METRICS_BIND, until stopped."""
    given = settings()
    shown = registry(given)
    try:
        server = listen(shown, given.metrics_bind, given.metrics_token)
    except (NotLikeThis, OSError) as error:
        raise click.ClickException(str(error)) from error
    if seconds:
        say_every(seconds, shown)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server:
        server.serve_forever()


def registry(given: Settings) -> CollectorRegistry:
    """Return what is shown: the counts of this host's processes, and what the platform knows of itself."""
    shown = CollectorRegistry()
    shown.register(Platform(current_app._get_current_object()))  # type: ignore[attr-defined]
    for each in current_app.extensions.get(meters.FURTHER, ()):
        shown.register(each)
    if given.metrics_dir:
        MultiProcessCollector(shown, given.metrics_dir)  # type: ignore[no-untyped-call]
    return shown

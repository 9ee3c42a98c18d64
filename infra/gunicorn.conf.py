"""How the web process is served. Addresses can carry a person's link, so there is no access log.

Asked to stop (SIGTERM), it goes on serving for AYUMI_DRAIN_SECONDS while /readyz says 503, then takes no more and ends
what is under way within ``graceful_timeout``. Asked again, it does not wait for the first part.
"""

import gc
import os
import signal
from pathlib import Path
from typing import Any

from ayumi.config import settings
from ayumi.kernel import logs, meters
from ayumi.web import stopping
from ayumi.web.meters import watch_pools

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
preload_app = True  # read once, then shared; nothing connects anywhere before the first request
workers = 2
threads = 4
timeout = 60
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True
logconfig_dict = logs.CONFIGURED


def on_starting(server: Any) -> None:
    """Whatever an earlier server held when it was killed, it holds no more."""
    meters.forget_the_dead(settings().metrics_dir)


def when_ready(server: Any) -> None:
    """Put the time in which balancers turn away before the stop."""

    def stop(*_: object) -> None:
        again = stopping.asked()
        stopping.ask()
        seconds = float(settings().drain_seconds)
        if seconds and not again:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        else:
            end()

    def end(*_: object) -> None:
        server.signal(signal.SIGTERM, None)

    gc.freeze()  # what was read before the processes were forked is theirs together, and stays
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, end)


def post_worker_init(worker: Any) -> None:
    """Count database connections in each process that serves."""
    watch_pools(worker.wsgi)


def child_exit(server: Any, worker: Any) -> None:
    """Whatever a process held when it ended, it holds no more."""
    meters.forget_the_dead(settings().metrics_dir)

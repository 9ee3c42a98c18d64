"""Takes promises from the line and keeps them, each in a process of its own.

Asked to stop, it takes no more and ends the one under way, also when everybody in its group was asked: a service
manager or a container tells all processes, and the one that works has to hear nothing of it.
"""

import gc
import signal
from typing import Any

from flask import Flask
from rq import Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from ayumi.config import settings
from ayumi.kernel import meters
from ayumi.kernel.db import db
from jobs import enqueue


class Failed(Exception):
    """A job has failed. Names the kind of failure: what it was about goes into no log and stays in no queue."""


class QuietJob(Job):
    """A job whose failure the queue hears of, and nothing more: it keeps what it hears."""

    def perform(self) -> Any:
        """Do the job."""
        try:
            return super().perform()
        except BaseException as error:
            raise Failed(type(error).__name__) from None


class AyumiWorker(Worker):
    """A worker whose jobs run inside the application, on database connections of their own."""

    app: Flask

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        """Run one job after the fork: connections of the parent must not be shared with it."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
            return super().perform_job(*args, **kwargs)

    def setup_work_horse_signals(self) -> None:
        """Let the process that works end its job; too long a job is killed by the worker, not asked."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def run(app: Flask, *, burst: bool = False) -> None:
    """Work until told to stop; a job under way is finished first."""
    meters.forget_the_dead(settings().metrics_dir)
    meters.count_as_one()
    store = enqueue.connection()
    worker = AyumiWorker(
        [enqueue.queue(store)],
        connection=store,
        serializer=JSONSerializer,
        job_class=QuietJob,
        log_job_description=False,
        maintenance_interval=30,
        worker_ttl=60,
    )
    worker.app = app
    gc.collect()
    gc.freeze()  # what was read by now stays: no job has to look through it, and none copies it by looking
    worker.work(burst=burst, logging_level="WARNING")

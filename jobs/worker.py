"""Takes promises from the line and keeps them, in processes forked for it.

Such a process begins with nothing read: connections, the texts of statements, fonts. So it goes on with the next in
line for a while, and then ends, and whatever it holds with it. Asked to stop, it takes no more and ends the one under
way, also when everybody in its group was asked: a service manager or a container tells all processes, and the one that
works has to hear of it from its worker alone.
"""

import gc
import os
import signal
import time
from contextlib import suppress
from typing import Any, Final

from flask import Flask
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from ayumi.config import settings
from ayumi.kernel import meters
from ayumi.kernel.db import db
from ayumi.papers import pdf
from jobs import enqueue

GOES_ON: Final = 60.0  # seconds; for so much longer than its time a worker lets the process that works live


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
    takes_more = True

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run jobs after the fork: connections of the parent must not be shared with them."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
        until = time.monotonic() + GOES_ON
        went_well = self._perform_one(job, queue, execution)
        while self.takes_more and time.monotonic() < until and (found := self._next_in_line()):
            self._perform_one(*found, self.prepare_execution(found[0]))
        return went_well

    def _perform_one(self, job: Job, queue: Queue, execution: Execution) -> bool:
        with self.app.app_context():
            return super().perform_job(job, queue, execution)

    def _next_in_line(self) -> tuple[Job, Queue] | None:
        """Take the next job, if there is one, and the worker is still there that would miss this process."""
        if os.getppid() != self.pid:
            return None
        with suppress(RedisError):
            found = self.queue_class.dequeue_any(
                self.queues, None, self.connection, self.job_class, self.serializer, self.death_penalty_class
            )
            if found is not None:
                found[0].redis_server_version = self.get_redis_server_version()  # type: ignore[no-untyped-call]
            return found
        return None

    def take_no_more(self, *_signal: Any) -> None:
        """End after the job under way."""
        self.takes_more = False

    def handle_warm_shutdown_request(self) -> None:
        """Tell the process that works, if there is one."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGUSR1)

    def setup_work_horse_signals(self) -> None:
        """Let the process that works end its job; too long a job is killed by the worker, not asked."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def read_ahead() -> None:
    """Read what every process that works would have to read for itself."""
    configure_mappers()
    with suppress(FileNotFoundError):  # where there are no fonts, nothing is printed
        pdf.read_fonts(settings().page_packages)


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
    signal.signal(signal.SIGUSR1, worker.take_no_more)  # inherited by the processes that work
    read_ahead()
    gc.collect()
    gc.freeze()  # what was read by now stays: no job has to look through it, and none copies it by looking
    worker.work(burst=burst, logging_level="WARNING")

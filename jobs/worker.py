"""Takes promises from the line and keeps them, each in a process of its own."""

from typing import Any

from flask import Flask
from rq import Worker
from rq.serializers import JSONSerializer

from ayumi.kernel.db import db
from jobs import enqueue


class AyumiWorker(Worker):
    """A worker whose jobs run inside the application, on database connections of their own."""

    app: Flask

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        """Run one job after the fork: connections of the parent must not be shared with it."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
            return super().perform_job(*args, **kwargs)


def run(app: Flask, *, burst: bool = False) -> None:
    """Work until told to stop; a job under way is finished first."""
    store = enqueue.connection()
    worker = AyumiWorker(
        [enqueue.queue(store)],
        connection=store,
        serializer=JSONSerializer,
        log_job_description=False,
        maintenance_interval=30,
        worker_ttl=60,
    )
    worker.app = app
    worker.work(burst=burst, logging_level="WARNING")

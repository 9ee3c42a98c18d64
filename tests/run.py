"""Runs the product for a test: ``python -m tests.run`` starts web, dispatcher and worker, each in its own process.

All of them are forks of one that has read everything before, as those behind the pages are in production.
"""

import multiprocessing
import signal
import sys

from gunicorn.app.wsgiapp import WSGIApplication

import wsgi
from jobs import dispatcher, worker
from tests.templates import keep_templates


def serve() -> None:
    """Answer requests as in production."""
    sys.argv = ["gunicorn", "--config", "infra/gunicorn.conf.py", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def main() -> None:
    """Start them and wait until they have ended: whoever stops them tells the whole group."""
    app, fork = wsgi.app, multiprocessing.get_context("fork")  # made now, and connected to nothing yet
    keep_templates(app)
    started = [
        fork.Process(target=serve),
        fork.Process(target=dispatcher.run, args=[app]),
        fork.Process(target=worker.run, args=[app]),
    ]
    for each in started:
        each.start()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for each in started:
        each.join()


if __name__ == "__main__":
    main()

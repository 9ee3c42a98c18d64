"""Starts one of the product's processes for a test: ``python -m tests.run worker``."""

import sys

from jobs import dispatcher, timetable, worker
from wsgi import make_app

if __name__ == "__main__":
    {"dispatcher": dispatcher, "worker": worker, "timetable": timetable}[sys.argv[1]].run(make_app())

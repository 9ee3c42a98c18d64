"""Starts processes of the product on demand, quickly: everything has been read before, and a process is a fork of it.

A line on the standard input, `web 8001` or `worker 0`, starts one; its process id is the answer. The timetable is
in seconds here, and promises only for the municipality of AYUMI_TEST_TOWN, with its menu AYUMI_TEST_MENU.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from unittest.mock import patch

from sqlalchemy.orm import configure_mappers

import wsgi
from ayumi.municipalities import queries as municipalities
from jobs import timetable
from tests.jobs import killable
from tests.run import serve


@dataclass(frozen=True, slots=True)
class EachSecond(timetable.Entry):
    """A line of the timetable that is due every second."""

    def last(self, now: datetime) -> datetime:
        """The newest moment that is not in the future."""
        return now.replace(microsecond=0)


def strike(moment: datetime) -> dict[str, str]:
    """Leave a mark that names the moment."""
    return {"menu_id": os.environ["AYUMI_TEST_MENU"], "number": f"at-{moment:%H%M%S}"}


def keep_time() -> None:
    """Serve the timetable of the test."""
    town, lines = int(os.environ["AYUMI_TEST_TOWN"]), (EachSecond("mark", None, 0, arguments=strike),)
    with (
        patch.object(timetable, "PAUSE", 1),
        patch.object(timetable, "TIMETABLE", lines),
        patch.object(municipalities, "in_service", lambda _session: [town]),
    ):
        timetable.run(wsgi.app)


PROCESSES: dict[str, Callable[[], None]] = {
    "web": serve,
    "dispatcher": lambda: killable.main("dispatcher"),
    "worker": lambda: killable.main("worker"),
    "timetable": keep_time,
}


def fork(what: str, port: str) -> int:
    """Start one process, in a group of its own so that its children die with it."""
    pid = os.fork()
    if pid:
        with suppress(PermissionError, ProcessLookupError):  # here too, so that it can be killed as soon as it is known
            os.setpgid(pid, pid)
        return pid
    os.setpgid(0, 0)
    os.close(0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what it logs must not stand among the numbers
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["PORT"] = port
    try:
        PROCESSES[what]()
    finally:
        os._exit(1)


def main() -> None:
    """Start what is asked for until nobody asks any more; whoever has been killed is buried at once."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if not wsgi.app:  # made now, and connected to nothing yet
        raise SystemExit(1)
    configure_mappers()
    for line in sys.stdin:
        sys.stdout.write(f"{fork(*line.split())}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

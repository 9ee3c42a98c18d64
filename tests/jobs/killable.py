"""Runs a dispatcher or worker as a process of its own, with a job that leaves one mark each time it is done."""

import sys
import time
from datetime import timedelta
from uuid import UUID

from ayumi.kernel import journal
from ayumi.kernel.db import one
from ayumi.menus.model import Menu
from jobs import dispatcher, worker
from jobs.kinds import KINDS
from wsgi import make_app


def mark(*, menu_id: str, number: int) -> None:
    """Take a moment in the middle, so that there is a middle to be killed in."""
    menu = one(Menu, UUID(menu_id))
    journal.note(menu, f"marked-{number}")
    time.sleep(0.05)
    journal.note(menu, f"ended-{number}")


def take_long(*, menu_id: str, number: int) -> None:
    """Be asked to stop in the middle."""
    journal.note(one(Menu, UUID(menu_id)), f"begun-{number}")
    time.sleep(1.5)


def main(what: str) -> None:
    """Run until killed."""
    KINDS.update(mark=mark, take_long=take_long)
    app = make_app()
    if what == "dispatcher":
        dispatcher.run(app, lease=timedelta(seconds=1))
    else:
        worker.run(app)


if __name__ == "__main__":
    main(sys.argv[1])

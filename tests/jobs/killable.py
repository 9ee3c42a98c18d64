"""Runs a dispatcher or worker as a process of its own, with a job that leaves one mark each time it is done."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from sqlalchemy.orm import configure_mappers

import wsgi
from ayumi.kernel import journal
from ayumi.kernel.db import db, one
from ayumi.menus.model import Menu
from jobs import dispatcher, worker
from jobs.kinds import KINDS


def mark(*, menu_id: str, number: int | str) -> None:
    """Take a moment in the middle, so that there is a middle to be killed in."""
    menu = one(Menu, UUID(menu_id))
    journal.note(menu, f"marked-{number}")
    db.session.flush()
    with in_the_middle_of(number):
        time.sleep(0.05)
    journal.note(menu, f"ended-{number}")


@contextmanager
def in_the_middle_of(number: int | str) -> Iterator[None]:
    """Say to whoever looks for somebody to kill which process is in the middle of what."""
    said = Path(os.environ["AYUMI_TEST_MIDDLE"], str(os.getpid()))
    said.write_text(str(number), encoding="utf-8")
    try:
        yield
    finally:
        said.unlink()


def take_long(*, menu_id: str, number: int) -> None:
    """Be asked to stop in the middle."""
    journal.note(one(Menu, UUID(menu_id)), f"begun-{number}")
    time.sleep(1.5)


def main(what: str) -> None:
    """Run until killed. Nothing is printed here, so no fonts are read ahead."""
    KINDS.update(mark=mark, take_long=take_long)
    if what == "dispatcher":
        dispatcher.run(wsgi.app, lease=timedelta(seconds=1))
    else:
        with patch.object(worker, "read_ahead", configure_mappers):
            worker.run(wsgi.app)


if __name__ == "__main__":
    main(sys.argv[1])

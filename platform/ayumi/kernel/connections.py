"""Connections that are gone are noticed before somebody asks through them, mostly without a word to the server.

A server that ends a connection says so, and what it said waits to be read: there is nothing else to read where nobody
has asked. Only a connection that nobody has used for long may have been dropped silently on its way, so it is asked.
"""

from select import POLLIN, poll
from time import monotonic
from typing import Any

from psycopg import Connection
from psycopg.pq import ExecStatus
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import Pool

QUIET = 30.0  # seconds; firewalls forget connections after minutes at the earliest
USED = "used_at"


def look_before_use() -> None:
    """Look at every pooled connection of this process before it is used."""
    event.listen(Pool, "checkin", _remember)
    event.listen(Pool, "checkout", _look)


def _remember(_connection: Connection[Any] | None, record: Any) -> None:
    record.info[USED] = monotonic()


def _look(connection: Connection[Any], record: Any, _proxy: Any) -> None:
    """Have the pool made anew when this connection is gone: its server has most likely ended them all."""
    rested = monotonic() - record.info.get(USED, monotonic())
    if (rested > QUIET or _has_something_to_say(connection)) and not _answers(connection):
        raise InvalidatePoolError


def _has_something_to_say(connection: Connection[Any]) -> bool:
    if connection.closed:
        return True
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return bool(waiting.poll(0))


def _answers(connection: Connection[Any]) -> bool:
    """Say nothing to the server, and see whether it has heard it."""
    return not connection.closed and connection.pgconn.exec_(b"").status == ExecStatus.EMPTY_QUERY

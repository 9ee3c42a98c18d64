"""Connections: noticed when they are gone, mostly without a word to the server, and begun with one word for two.

A server that ends a connection says so, and what it said waits to be read: there is nothing else to read where nobody
has asked. Only a connection that nobody has used for long may have been dropped silently on its way, so it is asked.
"""

from select import POLLIN, poll
from time import monotonic
from typing import Any

import sqlalchemy
from psycopg import Connection, OperationalError
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


def begin(connection: sqlalchemy.Connection, sentence: str) -> None:
    """Begin a transaction by saying where we are, in one message.

    Where the transaction is to be of another kind, or the server does not answer as it should, the sentence goes the
    way of all others: that begins the transaction by itself, and says what is wrong.
    """
    driver: Any = connection.connection.driver_connection
    if driver.isolation_level is not None or not _begun(driver, sentence):
        connection.exec_driver_sql(sentence)


def _begun(connection: Connection[Any], sentence: str) -> bool:
    try:
        return connection.pgconn.exec_(f"BEGIN;{sentence}".encode()).status == ExecStatus.COMMAND_OK
    except OperationalError:
        return False

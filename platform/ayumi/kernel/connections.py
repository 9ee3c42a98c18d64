"""Connections: noticed when they are gone, mostly without a word to the server, and begun with one word instead of two.

A server that ends a connection says so, and what it said waits to be read: there is nothing else to read where nobody
has asked. Only a connection that nobody has used for long may have been dropped silently on its way, so it is asked.
"""

from collections.abc import Sequence
from functools import cached_property
from select import POLLIN, poll
from time import monotonic
from typing import Any

import sqlalchemy
from psycopg import Column, Connection, Cursor, OperationalError
from psycopg.pq import ExecStatus
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import Pool

QUIET = 30.0  # seconds; firewalls forget connections after minutes at the earliest
USED = "used_at"


def look_before_use() -> None:
    """Look at every pooled connection of this process before it is used."""
    event.listen(Pool, "connect", _describe_when_asked)
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


class Columns(Sequence[Column]):
    """The columns of a result, found out when somebody looks: SQLAlchemy does so once for each statement it keeps."""

    def __init__(self, cursor: Cursor[Any], number: int) -> None:
        self._cursor, self._number = cursor, number

    @cached_property
    def _found(self) -> list[Column]:
        return [Column(self._cursor, at) for at in range(self._number)]

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, at: Any) -> Any:
        return self._found[at]


class Brief(Cursor[Any]):
    """A cursor that describes its columns to those who look."""

    @property
    def description(self) -> Any:
        """Columns of the present result; None where it has none."""
        number = self.pgresult.nfields if self.pgresult else 0
        return Columns(self, number) if number else super().description


def _describe_when_asked(connection: Connection[Any], _record: Any) -> None:
    connection.cursor_factory = Brief

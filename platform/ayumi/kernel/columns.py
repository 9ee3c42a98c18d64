"""The columns of a result are described to those who look.

SQLAlchemy looks once for each statement that it keeps, but has the driver describe them each time: some microseconds
for each column.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from psycopg import Column, Connection, Cursor
from sqlalchemy import event
from sqlalchemy.pool import Pool


def describe_when_asked() -> None:
    """Have every pooled connection of this process do so."""
    event.listen(Pool, "connect", _with_brief_cursors)


def _with_brief_cursors(connection: Connection[Any], _record: Any) -> None:
    connection.cursor_factory = Brief


class Columns(Sequence[Column]):
    """The columns of a result, found out when somebody looks."""

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

"""Rows into tables by COPY: gathered for each table, sent when there are enough of them."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

ENOUGH = 4_000_000  # characters gathered before a table is sent
NULL = r"\N"


class Pour:
    """Where rows go in: as text lines of COPY, in the order of the columns that a table was opened with."""

    def __init__(self, connection: psycopg.Connection[Any], columns: dict[str, Sequence[str]]) -> None:
        self.connection, self.columns = connection, columns
        self.lines: dict[str, list[str]] = {table: [] for table in columns}
        self.sizes = dict.fromkeys(columns, 0)
        self.counts = dict.fromkeys(columns, 0)

    def line(self, table: str, text: str) -> None:
        """Add a row that is spelled already: values with tabs between them."""
        self.lines[table].append(text)
        self.sizes[table] += len(text)
        if self.sizes[table] > ENOUGH:
            self.send(table)

    def row(self, table: str, *values: object) -> None:
        """Add a row of values."""
        self.line(table, "\t".join(NULL if value is None else _spelled(value) for value in values))

    def send(self, table: str) -> None:
        """Send what has been gathered for a table."""
        lines = self.lines[table]
        if not lines:
            return
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns[table]))
        order = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self.connection.cursor() as cursor, cursor.copy(order) as copy:
            copy.write("\n".join(lines) + "\n")
        self.counts[table] += len(lines)
        self.lines[table], self.sizes[table] = [], 0

    def finish(self) -> None:
        """Send everything that is left."""
        for table in self.columns:
            self.send(table)


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)

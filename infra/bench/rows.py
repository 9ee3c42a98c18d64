"""Rows before and after: what doing something has left, and how it is undone so that it can be done again."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

# Made anew each time, and so never the same on both sides.
MADE = frozenset(
    ("id", "salt", "digest", "hash", "seq", "record_version_id", "subject_id", "dedupe_key", "arguments", "report_id")
    + ("line_id", "request_id", "figure_id", "xlsx_file_id", "pdf_file_id")
)


class Rows:
    """Tables that something writes into, seen by an administrator. ``undo``: statements that take it back."""

    def __init__(self, connection: psycopg.Connection[Any], undo: Sequence[tuple[str, Sequence[object]]]) -> None:
        self.connection, self.statements = connection, undo

    def undo(self) -> None:
        """Take back what was done. Triggers and keys are not asked: history is undone here, which nobody else may."""
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for statement, values in self.statements:
                self.connection.execute(statement, values or None)

    def left(self, *asked: tuple[str, str]) -> dict[str, list[tuple[Any, ...]]]:
        """Return what stands in tables where a condition holds, without what is made anew each time."""
        return {table: self._rows(table, condition) for table, condition in asked}

    def _rows(self, table: str, condition: str) -> list[tuple[Any, ...]]:
        found = self.connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        names = sql.SQL(", ").join(sql.Identifier(row[0]) for row in found if row[0] not in MADE)
        query = sql.SQL("SELECT {} FROM {} WHERE ").format(names, sql.Identifier(table)) + sql.SQL(condition)
        return sorted(self.connection.execute(query).fetchall(), key=repr)

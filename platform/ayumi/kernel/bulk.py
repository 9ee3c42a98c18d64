"""Many rows at once: COPY into a temporary table, then one INSERT or UPDATE from there.

COPY straight into a table is refused under row-level security, and row by row takes many times as long. A database that
is spread over several machines takes nothing over from a temporary table, which lies on one of them: there it is row by
row, sent all at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import JSON, Table, insert, text

from ayumi.kernel import ids
from ayumi.kernel.db import db, tenant
from ayumi.kernel.spread import is_spread

Rows = Sequence[Mapping[str, Any]]
Columns = Mapping[str, Sequence[Any]]


def insert_many(table: Table, rows: Rows, **common: Any) -> None:
    """Insert rows of the present municipality; all have the same columns, and ``common`` besides."""
    if rows:
        insert_columns(table, _columns(rows), **common)


def insert_columns(table: Table, columns: Columns, **common: Any) -> None:
    """Insert rows of the present municipality, given column by column; all have what is ``common`` besides."""
    if not any(columns.values()):
        return
    said = {"tenant_id": tenant()} | common
    if is_spread():
        rows = zip(*columns.values(), strict=True)
        db.session.execute(insert(table), [{**said, **dict(zip(columns, row, strict=True))} for row in rows])
        return
    said |= {name: _plain(column[0]) for name, column in columns.items() if _is_the_same(column)}
    own = {name: column for name, column in columns.items() if name not in said}
    poured, taken = _pour(table, own), ", ".join([*(f":{name}" for name in said), *own])
    db.session.execute(
        text(f"INSERT INTO {table.name} ({', '.join([*said, *own])}) SELECT {taken} FROM {poured}"), said
    )


def update_many(table: Table, rows: Rows) -> None:
    """Give rows of the present municipality, found by ``id``, new values; counts up ``edition``."""
    if not rows:
        return
    columns = _columns(rows)
    poured = _pour(table, columns)
    values = ", ".join(f"{name} = poured.{name}" for name in columns if name != "id")
    statement = (
        f"UPDATE {table.name} SET {values}, edition = {table.name}.edition + 1 FROM {poured} AS poured"
        f" WHERE {table.name}.tenant_id = :t AND {table.name}.id = poured.id"
    )
    db.session.execute(text(statement), {"t": tenant()})


def _columns(rows: Rows) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _is_the_same(column: Sequence[Any]) -> bool:
    """Whether all rows have the same there, so that it is said once."""
    first = column[0]
    return len(column) > 1 and all(value == first for value in column)


def _pour(table: Table, columns: Columns) -> str:
    """Put rows into a temporary table that is gone at the end of the transaction; return its name."""
    unknown = set(columns) - set(table.columns.keys())
    if unknown:
        raise KeyError(f"{table.name} has no {sorted(unknown)}")
    name, names = f"poured_{ids.new().hex}", ", ".join(columns)
    connection = db.session.connection()
    connection.execute(
        text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {names} FROM {table.name} WITH NO DATA")
    )
    order = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(order) as copy:
        for row in zip(*(_told(table, name, column) for name, column in columns.items()), strict=True):
            copy.write_row(row)
    return name


def _told(table: Table, name: str, column: Sequence[Any]) -> Sequence[Any]:
    """The values of a column, as they are handed to the database."""
    return [_plain(value) for value in column] if isinstance(table.columns[name].type, JSON) else column


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value

"""Many rows at once: COPY into a temporary table, then one INSERT or UPDATE from there.

COPY straight into a table is refused under row-level security, and row by row takes many times as long. A database that
is spread over several machines takes nothing over from a temporary table, which lies on one of them: there it is row by
row, sent all at once.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import JSON, Table, insert, text

from ayumi.kernel import ids
from ayumi.kernel.db import db, tenant
from ayumi.kernel.spread import is_spread

Rows = Sequence[Mapping[str, Any]]


def insert_many(table: Table, rows: Rows, **common: Any) -> None:
    """Insert rows of the present municipality; all have the same columns, and ``common`` besides."""
    if not rows:
        return
    said = {"tenant_id": tenant()} | common
    if is_spread():
        db.session.execute(insert(table), [{**said, **row} for row in rows])
        return
    columns = list(rows[0])
    poured, taken = _pour(table, columns, rows), ", ".join([*(f":{name}" for name in said), *columns])
    db.session.execute(
        text(f"INSERT INTO {table.name} ({', '.join([*said, *columns])}) SELECT {taken} FROM {poured}"), said
    )


def update_many(table: Table, rows: Rows) -> None:
    """Give rows of the present municipality, found by ``id``, new values; counts up ``edition``."""
    if not rows:
        return
    columns = list(rows[0])
    poured = _pour(table, columns, rows)
    values = ", ".join(f"{name} = poured.{name}" for name in columns if name != "id")
    statement = (
        f"UPDATE {table.name} SET {values}, edition = {table.name}.edition + 1 FROM {poured} AS poured"
        f" WHERE {table.name}.tenant_id = :t AND {table.name}.id = poured.id"
    )
    db.session.execute(text(statement), {"t": tenant()})


def _pour(table: Table, columns: Sequence[str], rows: Rows) -> str:
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
    told = _telling(table, columns)
    with driver.cursor() as cursor, cursor.copy(order) as copy:
        for row in rows:
            copy.write_row(told(row))
    return name


def _telling(table: Table, columns: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Return what takes the values out of a row, as they are handed to the database."""
    if len(columns) > 1 and not any(isinstance(table.columns[column].type, JSON) for column in columns):
        return itemgetter(*columns)
    return lambda row: [_plain(row[column]) for column in columns]


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value

"""Packed rows on their way into their table: poured out beside it first, then taken over all at once.

Where municipalities are spread over several machines nothing is taken over from what lies on one of them: there the
same rows are spelled out, some hundreds in a statement.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from zipfile import ZipFile

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from ayumi.kernel.spread import is_spread
from ayumi.moving import contents
from ayumi.moving.contents import CONTRACTORS, PEOPLE_WHO_LOG_IN

LINES: Final = 2000
ROWS: Final = 500


@contextmanager
def poured(session: Session, opened: ZipFile, table: Table) -> Iterator[None]:
    """Hold a table's packed rows in the temporary table ``poured``."""
    name, names = table.name, ", ".join(_names(table))
    session.execute(text(f'CREATE TEMP TABLE poured ON COMMIT DROP AS SELECT {names} FROM "{name}" WITH NO DATA'))
    for rows in batches(opened, f"tables/{name}.jsonl"):
        into = f'INSERT INTO poured SELECT {names} FROM jsonb_populate_recordset(NULL::"{name}", cast(:rows AS jsonb))'
        session.execute(text(into), {"rows": rows})
    for shared in (PEOPLE_WHO_LOG_IN, CONTRACTORS):
        for column in contents.referring(table, shared):
            session.execute(text(f'UPDATE poured SET "{column}" = m.new FROM moved m WHERE m.old = "{column}"'))
    yield
    session.execute(text("DROP TABLE poured"))


def take_over(session: Session, table: Table, *, over: bool | None = None) -> int:
    """Put what is poured into its table and return how many rows went in.

    ``over``: whether rows that are there already become those that are poured, or stay; unsaid, there are none.
    """
    into = f'INSERT INTO "{table.name}" ({", ".join(_names(table))})'
    where_there = "" if over is None else _where_there(table, over)
    if not is_spread(session):
        taken: Any = session.execute(text(f"{into} SELECT * FROM poured{where_there}"))
        return int(taken.rowcount)
    return sum(
        session.connection().exec_driver_sql(f"{into} VALUES {', '.join(rows)}{where_there}").rowcount
        for rows in _spelled_out(session, table)
    )


def _names(table: Table) -> list[str]:
    return [f'"{column.name}"' for column in contents.columns(table)]


def key_of(table: Table) -> list[str]:
    """Return the columns of a table's key."""
    return [f'"{column.name}"' for column in table.primary_key]


def _where_there(table: Table, over: bool) -> str:
    key = key_of(table)
    changed = ", ".join(f"{name} = excluded.{name}" for name in _names(table) if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {changed}' if over and changed else 'NOTHING'}"


def _spelled_out(session: Session, table: Table) -> Iterator[Sequence[str]]:
    """Yield what is poured as the database itself spells it, each row after those of its table that it refers to."""
    names = _names(table)
    own = [key.column_keys[-1] for key in table.foreign_key_constraints if key.referred_table is table]
    order = [f'"{each}" IS NOT NULL' for each in own] + key_of(table)
    spelled = f"'(' || concat_ws(', ', {', '.join(f'quote_nullable({name})' for name in names)}) || ')'"
    said = text(f"SELECT {spelled} FROM poured ORDER BY {', '.join(order)}")
    return some((row.replace("%", "%%") for row in session.execute(said).scalars()), ROWS)


def batches(opened: ZipFile, name: str) -> Iterator[str]:
    """Yield the lines of a part, some thousands at a time, as one JSON list."""
    with opened.open(name) as part:
        for lines in some((line.decode().rstrip("\n") for line in part), LINES):
            yield f"[{','.join(lines)}]"


def some(each: Iterable[str], at_once: int) -> Iterator[list[str]]:
    """Yield so many at once."""
    held: list[str] = []
    for one in each:
        held.append(one)
        if len(held) == at_once:
            yield held
            held = []
    if held:
        yield held

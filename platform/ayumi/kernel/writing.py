"""Rows written plainly, each by one kept statement: the mapper's unit of work takes three times as long for a few rows.

For ways that many people go. What is written is what the mapper would write, and an object stands in the session
afterwards as if the mapper had. Within a savepoint the mapper does it: only it knows what to forget with a savepoint.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, inspect
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session, make_transient, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from ayumi.kernel import ids
from ayumi.kernel.db import OfTenant, Row, add, db, stamp, tenant

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]
WHICH = {"its_tenant": "tenant_id", "its_id": "id"}  # which row is meant: parameter -> column
ITS_EDITION = "its_edition"  # in which edition it was read


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement in the words of the database's driver. ``turned``: what makes values of some parameters its own."""

    words: str
    turned: Mapping[str, Callable[[Any], Any]]

    def tell(self, session: Session, said: Mapping[str, Any]) -> CursorResult[Any]:
        """Say it with these values."""
        own = {name: turn(said[name]) for name, turn in self.turned.items()}
        return session.connection().exec_driver_sql(self.words, {**said, **own})


def insert_row(row: Row) -> Row:
    """Send a new row at once, like ``db.add``."""
    if db.session().in_nested_transaction():
        return add(row)
    stamp(row, tenant())
    row.id = row.id or ids.new()
    kind: Any = type(row)
    said = _usual(kind) | _columns_of(row)
    db.session.flush()
    write_rows(db.session(), kind, [{name: value for name, value in said.items() if value is not None}])
    _be_there(row, said)
    return row


def insert_rows(kind: type[OfTenant], rows: Sequence[Mapping[str, Any]], **common: Any) -> None:
    """Send new rows of one kind at once, without objects; all say the same columns, and ``common`` besides."""
    if rows:
        db.session.flush()
        named = [{**row, "id": ids.new()} for row in rows]
        write_rows(db.session(), kind, named, tenant_id=tenant(), **common)


def write_rows(session: Session, kind: Any, rows: Sequence[Mapping[str, Any]], **common: Any) -> None:
    """Insert rows that say the same columns, all of them: as many as somebody writes by hand.

    The statement is kept for each number of rows.
    """
    said = {f"{name}_{at}": row[name] for at, row in enumerate(rows) for name in rows[0]}
    _inserting(kind, tuple(rows[0]), tuple(common), len(rows)).tell(session, common | said)


def send(*rows: OfTenant) -> None:
    """Send what has been changed in these rows at once, in one statement; the edition of each counts on.

    Raises StaleDataError, as the mapper does, when a row is not there any more in the edition in which it was read.
    """
    if db.session.new or db.session().in_nested_transaction():
        db.session.flush()  # a new row may be one that these refer to
    changed = [(row, said) for row in rows if (said := _changed(row))]
    if not changed:
        return
    told: dict[str, Any] = {}
    for at, (row, said) in enumerate(changed):
        told |= {f"{name}_{at}": value for name, value in (said | _meant(row)).items()}
    shape = tuple((_kind(row), tuple(said)) for row, said in changed)
    for (row, said), found in zip(changed, _changing(shape).tell(db.session(), told).one(), strict=True):
        if not found:
            raise StaleDataError(f"{type(row).__name__} {row.id} has been changed or deleted in the meantime")
        make_transient(row)
        _be_there(row, said)


def _changed(row: OfTenant) -> dict[str, Any]:
    """What a row has to be told: nothing when it is as it was read."""
    kind, before = _kind(row), inspect(row).committed_state
    said = {name: now for name, now in _columns_of(row).items() if name in before and before[name] != now}
    counted = _edition(kind) if said else None
    return said | {counted: getattr(row, counted) + 1} if counted else said


def _kind(row: OfTenant) -> Any:
    return type(row)


def _meant(row: OfTenant) -> dict[str, Any]:
    """Which row is meant, and in which edition it was read."""
    return {name: getattr(row, column) for name, column in _which(_kind(row)).items()}


# Objects of rows ---


def standing_for(kind: type[Row], said: Mapping[str, Any]) -> Row:
    """Return the object that stands in the session for a row that has just been read, with all of its columns."""
    known = db.session().identity_map.get(identity_key(kind, (said["tenant_id"], said["id"])))
    if known is None:
        known = kind()
        _be_there(known, said)
        return known
    for name, value in said.items():
        set_committed_value(known, name, value)
    return known


def _be_there(row: OfTenant, said: Mapping[str, Any]) -> None:
    """Let an object that is in no session stand in this one, as a row that says this."""
    inspect(row).dict.update(said)
    make_transient_to_detached(row)
    db.session.add(row)


def _columns_of(row: OfTenant) -> dict[str, Any]:
    """What an object says of its columns."""
    known = inspect(type(row)).columns
    return {name: value for name, value in row.__dict__.items() if name in known}


# Kept ---


@cache
def _usual(kind: Any) -> dict[str, Any]:
    """What stands in the columns of a row of which nothing was said; the database fills in the others."""
    columns = inspect(kind).columns.items()
    plain = {name: each for name, each in columns if each.default is None and each.server_default is None}
    chosen = {name: each.default for name, each in columns if each.default is not None and each.default.is_scalar}
    return dict.fromkeys(plain) | {name: default.arg for name, default in chosen.items()}


@cache
def _edition(kind: Any) -> str | None:
    """Name of the column that counts how often a row was changed."""
    column = inspect(kind).version_id_col
    return None if column is None else str(column.key)


@cache
def _which(kind: Any) -> Mapping[str, str]:
    """What says which row is meant, in which edition: parameter -> column."""
    counted = _edition(kind)
    return {**WHICH, **({ITS_EDITION: counted} if counted else {})}


@cache
def _inserting(kind: Any, own: tuple[str, ...], common: tuple[str, ...], number: int) -> Sentence:
    rows = [[*common, *(f"{name}_{at}" for name in own)] for at in range(number)]
    values = ", ".join(f"({', '.join(map(_told, row))})" for row in rows)
    columns = (*common, *own)
    words = f"INSERT INTO {inspect(kind).local_table} ({', '.join(columns)}) VALUES {values}"
    return Sentence(words, _turned(kind, (pair for row in rows for pair in zip(row, columns, strict=True))))


@cache
def _changing(rows: tuple[tuple[Any, tuple[str, ...]], ...]) -> Sentence:
    """Return one statement that changes these columns of a row each, and says of each whether it was there."""
    turned: dict[str, Callable[[Any], Any]] = {}
    parts = []
    for at, (kind, names) in enumerate(rows):
        values = ", ".join(f"{name} = {_told(f'{name}_{at}')}" for name in names)
        meant = " AND ".join(f"{column} = {_told(f'{name}_{at}')}" for name, column in _which(kind).items())
        parts.append(f"row_{at} AS (UPDATE {inspect(kind).local_table} SET {values} WHERE {meant} RETURNING 1)")
        turned |= _turned(kind, ((f"{name}_{at}", name) for name in names))
    found = ", ".join(f"(SELECT count(*) FROM row_{at})" for at in range(len(rows)))
    return Sentence(f"WITH {', '.join(parts)} SELECT {found}", turned)


def _told(name: str) -> str:
    """How the driver writes a parameter."""
    return f"%({name})s"


def _turned(kind: Any, said: Iterable[tuple[str, str]]) -> dict[str, Callable[[Any], Any]]:
    """Return parameter -> what turns its value into one the driver knows, for those of (parameter, column) it takes."""
    types = {name: column.type.dialect_impl(DIALECT) for name, column in inspect(kind).columns.items()}
    found = {name: types[column].bind_processor(DIALECT) for name, column in said}
    return {name: turn for name, turn in found.items() if turn is not None}

"""Rows written plainly, each by one kept statement: the mapper's unit of work takes three times as long for a few rows.

For ways that many people go. What is written is what the mapper would write, and an object stands in the session
afterwards as if the mapper had. Within a savepoint the mapper does it: only it knows what to forget with a savepoint.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TextClause, Update, bindparam, inspect, text, update
from sqlalchemy.orm import make_transient, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from ayumi.kernel import ids
from ayumi.kernel.asking import HERE, tell
from ayumi.kernel.db import OfTenant, Row, add, db, stamp, tenant

ITS_ID, ITS_EDITION = "its_id", "its_edition"  # no columns: which row is meant, and in which edition it was read


def insert_row(row: Row) -> Row:
    """Send a new row at once, like ``db.add``."""
    if db.session().in_nested_transaction():
        return add(row)
    stamp(row, tenant())
    row.id = row.id or ids.new()
    kind: Any = type(row)
    said = _usual(kind) | _columns_of(row)
    tell(*inserting(kind, [{name: value for name, value in said.items() if value is not None}]))
    _be_there(row, said)
    return row


def standing_for(kind: type[Row], said: Mapping[str, Any]) -> Row:
    """Return the object that stands in the session for a row that has just been read or written: all of its columns."""
    known = db.session().identity_map.get(identity_key(kind, (said["tenant_id"], said["id"])))
    if known is None:
        known = kind()
        _be_there(known, said)
        return known
    for name, value in said.items():
        set_committed_value(known, name, value)
    return known


def insert_rows(kind: Any, rows: Sequence[Mapping[str, Any]], **common: Any) -> None:
    """Send new rows of one kind at once, without objects; all say the same columns, and ``common`` besides."""
    if rows:
        named = [{**row, "id": ids.new()} for row in rows]
        tell(*inserting(kind, named, tenant_id=tenant(), **common))


def inserting(kind: Any, rows: Sequence[Mapping[str, Any]], **common: Any) -> tuple[TextClause, dict[str, Any]]:
    """Return one statement that inserts rows of one kind, and what it is told.

    For as many as somebody writes by hand: the statement is kept for each number of rows.
    """
    statement = _inserting(kind, tuple(rows[0]), tuple(common), len(rows))
    return statement, common | {f"{name}_{at}": row[name] for at, row in enumerate(rows) for name in rows[0]}


def send(row: OfTenant) -> None:
    """Send what has been changed in a row at once, if anything has; its edition counts on.

    Raises StaleDataError, as the mapper does, when the row is not there any more in the edition in which it was read.
    """
    if db.session.new or db.session().in_nested_transaction():
        db.session.flush()  # a new row may be one that this refers to
    before: Mapping[str, Any] = inspect(row).committed_state
    said = {name: now for name, now in _columns_of(row).items() if name in before and before[name] != now}
    if said:
        _change(row, said)


def _change(row: OfTenant, said: dict[str, Any]) -> None:
    which: dict[str, Any] = {HERE.key: tenant(), ITS_ID: row.id}
    kind: Any = type(row)
    edition = inspect(kind).version_id_col
    if edition is not None:
        which[ITS_EDITION] = getattr(row, edition.key)
        said[edition.key] = which[ITS_EDITION] + 1
    done = db.session.connection().execute(_changing(kind, tuple(said)), said | which)
    if not done.rowcount:
        raise StaleDataError(f"{kind.__name__} {row.id} has been changed or deleted in the meantime")
    make_transient(row)
    _be_there(row, said)


def _be_there(row: OfTenant, said: Mapping[str, Any]) -> None:
    """Let an object that is in no session stand in this one, as a row that says this."""
    inspect(row).dict.update(said)
    make_transient_to_detached(row)
    db.session.add(row)


def _columns_of(row: OfTenant) -> dict[str, Any]:
    """What an object says of its columns."""
    known = inspect(type(row)).columns
    return {name: value for name, value in row.__dict__.items() if name in known}


@cache
def _usual(kind: Any) -> dict[str, Any]:
    """What stands in the columns of a row of which nothing was said; the database fills in the others."""
    columns = inspect(kind).columns.items()
    plain = {name: each for name, each in columns if each.default is None and each.server_default is None}
    chosen = {name: each.default for name, each in columns if each.default is not None and each.default.is_scalar}
    return dict.fromkeys(plain) | {name: default.arg for name, default in chosen.items()}


@cache
def _inserting(kind: Any, own: tuple[str, ...], shared: tuple[str, ...], number: int) -> TextClause:
    columns = inspect(kind).columns
    names = [*shared, *own]
    written = [[*shared, *(f"{name}_{at}" for name in own)] for at in range(number)]
    values = ", ".join(f"({', '.join(f':{each}' for each in row)})" for row in written)
    typed = {each: columns[name].type for row in written for name, each in zip(names, row, strict=True)}
    sentence = text(f"INSERT INTO {inspect(kind).local_table} ({', '.join(names)}) VALUES {values}")
    return sentence.bindparams(*(bindparam(each, type_=type_) for each, type_ in typed.items()))


@cache
def _changing(kind: Any, names: tuple[str, ...]) -> Update:
    table = inspect(kind).local_table
    found = update(table).where(table.c.tenant_id == HERE, table.c.id == bindparam(ITS_ID))
    edition = inspect(kind).version_id_col
    if edition is not None:
        found = found.where(edition == bindparam(ITS_EDITION))
    return found.values({name: bindparam(name) for name in names})

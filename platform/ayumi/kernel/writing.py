"""Rows written plainly, by one kept statement: the mapper's unit of work takes three times as long for a few rows.

For ways that many people go. What is written is what the mapper would write, and an object stands in the session
afterwards as if the mapper had. Within a savepoint the mapper does it: only it knows what to forget with a savepoint.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session, make_transient, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from ayumi.kernel import ids
from ayumi.kernel.db import OfTenant, Row, db, stamp, tenant
from ayumi.kernel.sentences import (
    changing_one,
    edition_of,
    inserting_few,
    inserting_many,
    inserting_one,
    together,
    which_of,
)
from ayumi.kernel.spread import is_spread

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """New rows of one kind, without objects; all name the same columns, and ``common`` besides."""

    kind: Any
    rows: Sequence[Said]
    common: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What happens to one row or to many of one kind. ``shape``: what the words depend on."""

    shape: tuple[Any, ...]
    told: Said
    number: int = 1
    row: OfTenant | None = None
    said: Said = field(default_factory=dict)


def at_once() -> bool:
    """Whether all that is sent together goes in one statement.

    Not within a savepoint, and not where tables are spread over several machines: there the parts of a statement are
    statements, and keys are looked at after each of them.
    """
    session = db.session()
    return not session.in_nested_transaction() and not is_spread(session.connection())


def insert(row: Row) -> Row:
    """Send a new row at once, like ``db.add``."""
    send(row)
    return row


def send(*rows: OfTenant, besides: Many | None = None) -> None:
    """Send new rows and what has been changed in others; the edition of each changed one counts on.

    ``besides``: rows that belong to a new one. They go before it where all goes at once, so that it can be closed as
    it is written: nothing is added to what is closed. Whatever else has been changed is sent before.
    Raises StaleDataError, as the mapper does, when a row is not there any more in the edition in which it was read.
    """
    session = db.session()
    new = [row for row in rows if inspect(row).transient]
    belonging = _of_here(besides) if besides is not None and besides.rows else None
    if session.in_nested_transaction():
        session.add_all(new)
        session.flush()
    elif session.new or session.deleted or any(each not in rows for each in session.dirty):
        session.flush()
    own = [_new(row) for row in new if row not in session]
    changed = [part for row in rows if row in session and (part := _changed(row)) is not None]
    if at_once():
        _say(session, [*([_many(belonging)] if belonging else []), *own, *changed])
        return
    _say(session, own)
    if belonging:
        write_rows(session, belonging.kind, belonging.rows, **belonging.common)
    _say(session, changed)


def _say(session: Session, parts: Sequence[Part]) -> None:
    """Write these in one statement, and let the objects of rows stand for what is there now."""
    if not parts:
        return
    told = {f"{name}_{at}": value for at, part in enumerate(parts) for name, value in part.told.items()}
    answer = together(tuple(part.shape for part in parts)).tell(session, told)
    found = answer.one() if answer.returns_rows else [answer.rowcount]
    for part, number in zip(parts[-len(found) :], found, strict=True):
        if number != part.number:
            raise StaleDataError(f"{part.shape[1].__name__} has been changed or deleted in the meantime")
    for part in parts:
        if part.row is not None:
            make_transient(part.row)
            _be_there(part.row, part.said)


def write_rows(session: Session, kind: Any, rows: Sequence[Said], **common: Any) -> None:
    """Insert rows that say the same columns, all of them: as many as somebody writes by hand.

    The statement is kept for each number of rows.
    """
    said = {f"{name}_{at}": row[name] for at, row in enumerate(rows) for name in rows[0]}
    inserting_few(kind, tuple(rows[0]), tuple(common), len(rows)).tell(session, common | said)


# What happens to rows ---


def _new(row: OfTenant) -> Part:
    stamp(row, tenant())
    row.id = row.id or ids.new()
    kind: Any = type(row)
    said = _usual(kind) | _columns_of(row)
    told = {name: value for name, value in said.items() if value is not None}
    return Part((inserting_one, kind, tuple(told)), told, row=row, said=said)


def _of_here(new: Many) -> Many:
    """The same as rows of this municipality, each with its identifier."""
    return Many(new.kind, [{"id": ids.new(), **row} for row in new.rows], {"tenant_id": tenant(), **new.common})


def _many(new: Many) -> Part:
    rows = json.dumps(new.rows, ensure_ascii=False, default=_spelled)
    shape = inserting_many, new.kind, tuple(new.rows[0]), tuple(new.common)
    return Part(shape, {**new.common, "rows": rows}, number=len(new.rows))


def _changed(row: OfTenant) -> Part | None:
    """What a row has to be told: nothing when it is as it was read."""
    kind, before = _kind(row), inspect(row).committed_state
    said = {name: now for name, now in _columns_of(row).items() if name in before and before[name] != now}
    if not said:
        return None
    counted = edition_of(kind)
    if counted:
        said[counted] = getattr(row, counted) + 1
    meant = {name: getattr(row, column) for name, column in which_of(kind).items()}
    return Part((changing_one, kind, tuple(said)), said | meant, row=row, said=said)


def _kind(row: OfTenant) -> Any:
    return type(row)


def _spelled(value: object) -> str:
    """How what JSON does not know is written in it."""
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


# Objects of rows ---


def standing_for(kind: type[Row], said: Said) -> Row:
    """Return the object that stands in the session for a row that has just been read, with all of its columns."""
    known = db.session().identity_map.get(identity_key(kind, (said["tenant_id"], said["id"])))
    if known is None:
        known = kind()
        _be_there(known, said)
        return known
    for name, value in said.items():
        set_committed_value(known, name, value)
    return known


def _be_there(row: OfTenant, said: Said) -> None:
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

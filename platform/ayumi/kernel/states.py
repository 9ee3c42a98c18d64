"""A thing with a life: one stored status, changed only along its transition table, each change in the journal."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Update, Uuid, any_, bindparam, inspect, update
from sqlalchemy.dialects.postgresql import ARRAY

from ayumi.kernel import journal
from ayumi.kernel.asking import HERE, ask
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.errors import Conflict, Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _


class IllegalMove(Conflict):
    """The thing is in a state from which this does not lead on."""

    message = _("This has changed in the meantime: it is now in another state. Please look at it again.")


@dataclass(frozen=True, slots=True)
class Move:
    """One legal change of status and the doors through which it may be made."""

    source: StrEnum
    target: StrEnum
    doors: frozenset[Door]


class Transitions:
    """All legal moves of one kind of thing."""

    def __init__(self, *moves: Move) -> None:
        self.moves = {(each.source, each.target): each for each in moves}

    def find(self, source: StrEnum, target: StrEnum) -> Move:
        """Return the move, or raise IllegalMove."""
        try:
            return self.moves[(source, target)]
        except KeyError:
            raise IllegalMove from None


def move(source: StrEnum, target: StrEnum, *doors: Door) -> Move:
    """Write one line of a transition table."""
    return Move(source, target, frozenset(doors))


def change(thing: Any, target: StrEnum, *, table: Transitions, action: str, why: str | None = None) -> None:
    """Move ``thing.status`` to ``target`` and write it down.

    Raises IllegalMove when the table has no such line and Refused when it is not for this door.
    """
    source = thing.status
    if here().door not in table.find(source, target).doors:
        raise Refused
    thing.status = target
    journal.note(thing, action, before=source.value, after=target.value, why=why)


def change_all(kind: Any, things: Rows, target: StrEnum, *, table: Transitions, action: str, **values: Any) -> None:
    """Move several things of one kind, all in the same status, in one statement; ``values`` are set with it.

    ``things``: their ids and status, with the firm and employer they belong to where those may be read.
    """
    if not things:
        return
    source = things[0].status
    if here().door not in table.find(source, target).doors:
        raise Refused
    these = [each.id for each in things]
    besides = {f"to_{name}": value for name, value in values.items()}
    moved = ask(_moving(kind, tuple(values)), these=these, before=source, after=target, **besides)
    if moved.rowcount != len(things):
        raise IllegalMove
    _forget(kind, these)
    change = {"status_before": source.value, "status_after": target.value}
    journal.note_many(kind.__tablename__, action, [change | journal.about(each) for each in things])


@cache
def _moving(kind: Any, names: tuple[str, ...]) -> Update:
    """Put the statement together once: past the mapper, so it names the municipality itself."""
    table = inspect(kind).local_table
    these = any_(bindparam("these", type_=ARRAY(Uuid)))
    values = {"status": bindparam("after"), "edition": table.c.edition + 1} | {k: bindparam(f"to_{k}") for k in names}
    mine = (table.c.tenant_id == HERE, table.c.id == these, table.c.status == bindparam("before"))
    return update(table).where(*mine).values(values)


def _forget(kind: Any, ids: Collection[UUID]) -> None:
    """Have what the session remembers of these things read again."""
    for each in [each for each in db.session if isinstance(each, kind) and each.id in ids]:
        db.session.expire(each)


def reachable(source: StrEnum, table: Transitions) -> Iterable[StrEnum]:
    """Return the statuses one step away."""
    return [target for (start, target) in table.moves if start == source]

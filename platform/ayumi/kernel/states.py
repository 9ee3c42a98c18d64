"""A thing with a life: one stored status, changed only along its transition table, each change in the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from ayumi.kernel import journal
from ayumi.kernel.db import Rows, db, here, tenant
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
    mine = (kind.tenant_id == tenant(), kind.id.in_([each.id for each in things]), kind.status == source)
    changed = update(kind).where(*mine).values(status=target, edition=kind.edition + 1, **values)
    found = db.session.execute(changed.returning(kind.id), execution_options={"synchronize_session": "fetch"})
    if len(found.all()) != len(things):
        raise IllegalMove
    said = {"status_before": source.value, "status_after": target.value}
    journal.note_many(kind.__tablename__, action, [said | journal.about(each) for each in things])


def reachable(source: StrEnum, table: Transitions) -> Iterable[StrEnum]:
    """Return the statuses one step away."""
    return [target for (start, target) in table.moves if start == source]

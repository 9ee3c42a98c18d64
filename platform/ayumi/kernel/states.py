"""A thing with a life: one stored status, changed only along its transition table, each change in the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ayumi.kernel import journal
from ayumi.kernel.db import here
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


def reachable(source: StrEnum, table: Transitions) -> Iterable[StrEnum]:
    """Return the statuses one step away."""
    return [target for (start, target) in table.moves if start == source]

"""What of a person is for whose eyes: groups of fields, and reading and writing within the groups one may see.

Which roles see a group is said in ``web/permissions.py``; the place one is in carries the answer. What is not to be
seen is not asked of the database; saving leaves it as it is. A firm reads of health only what the person agreed to.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import undefer

from ayumi.kernel import clock
from ayumi.kernel.db import db, here
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door
from ayumi.participants import model
from ayumi.participants.model import Barrier, Participant


class Group(StrEnum):
    """Fields that the same people may see."""

    NAME = "people.name"
    CONTACT = "people.contact"
    HEALTH = "people.health"
    FAMILY = "people.family"
    HISTORY = "people.history"
    HEALTH_NOTES = "records.health"


COLUMNS: Final[Mapping[str, Group]] = {
    "phone": Group.CONTACT,
    "household_number": Group.FAMILY,
    "note": Group.HISTORY,
}
WORDS: Final[Mapping[Barrier, Group]] = (
    dict.fromkeys(model.HEALTH, Group.HEALTH)
    | dict.fromkeys(model.FAMILY, Group.FAMILY)
    | dict.fromkeys(model.HISTORY, Group.HISTORY)
)
PLACES: Final[Mapping[str, int]] = {word.value: place for place, word in enumerate(Barrier)}
# What a consent covers tells something itself: that there is a doctor to ask.
SCOPES: Final[Mapping[str, Group]] = {"medical": Group.HEALTH, "health": Group.HEALTH}
# Fields of the weekly record and of a placement that speak of health.
NOTES: Final = ("absence_reason", "condition", "profile_considerations")

WITH_ALL = frozenset({Door.WORKER, Door.OWNER, Door.KEEPER})


def sees(group: str) -> bool:
    """Tell whether whoever is here may see a group. Jobs see everything, to compile and to keep it."""
    return here().door in WITH_ALL or group in here().sees


def columns() -> list[str]:
    """Return the held back columns of a person that may be read here."""
    return [name for name, group in COLUMNS.items() if sees(group)]


def options() -> list[Any]:
    """Return what a query for whole people loads besides the open columns."""
    return [undefer(getattr(Participant, name)) for name in columns()]


def words(held: Collection[str] | None = None) -> list[Barrier]:
    """Return the barriers that may be read, ticked and unticked here, or by whoever holds these groups."""
    return [word for word in Barrier if word not in WORDS or _holds(WORDS[word], held)]


def _holds(group: Group, held: Collection[str] | None) -> bool:
    return sees(group) if held is None else group in held


def barriers() -> Any:
    """SQL for a person's barriers as far as whoever is here may read them."""
    if here().door is Door.FIRM:
        held, rest = Participant.barriers_for_firm, _without(Participant.barriers_for_firm, model.HEALTH)
        agreed = or_(Participant.health_until.is_(None), Participant.health_until >= clock.today())
        return case((agreed, held), else_=rest) if sees(Group.HEALTH) else rest
    return _without(Participant.barriers, [word for word in Barrier if word not in words()])


def barriers_of(participant_id: UUID) -> list[Barrier]:
    """Return what stands in somebody's way, as far as it may be read here.

    Say ``participants.queries.one`` before: this looks at nobody's restriction.
    """
    found = db.session.scalar(select(barriers()).where(Participant.id == participant_id))
    if found is None:
        raise NotFound
    return [Barrier(word) for word in found]


def known(participant: Participant, names: Iterable[str]) -> dict[str, Any]:
    """Return these fields of somebody as far as they may be seen here."""
    kept = {name: getattr(participant, name) for name in names if name != "barriers" and name not in hidden()}
    return kept | ({"barriers": barriers_of(participant.id)} if "barriers" in names else {})


def hidden(held: Collection[str] | None = None) -> set[str]:
    """Return the columns of a person that may not be seen here, or by whoever holds these groups."""
    return {name for name, group in COLUMNS.items() if not _holds(group, held)}


def merged(participant: Participant, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be saved of what was given: nothing hidden, and barriers with those that are hidden."""
    saved = {name: value for name, value in given.items() if name not in hidden()}
    db.session.refresh(participant, [name for name in (*COLUMNS, "barriers") if name in saved])
    if "barriers" in saved:
        saved["barriers"] = together(participant.barriers, saved["barriers"], words())
    return saved


def together(before: Sequence[str], given: Sequence[str], seen: Collection[Barrier]) -> list[str]:
    """Return barriers as they are stored: what was ticked, and what could not be seen as it was; each once."""
    kept = {Barrier(word) for word in before} - set(seen)
    return in_order([*kept, *(word for word in given if Barrier(word) in seen)])


def in_order(given: Iterable[str]) -> list[str]:
    """Return barriers each once, in one order."""
    return sorted({Barrier(each).value for each in given}, key=PLACES.__getitem__)


def told(changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the journal says was changed of a person, as far as whoever is here may see it."""
    shown = {name: pair for name, pair in (changes or {}).items() if name not in hidden()}
    if "barriers" in shown:
        shown["barriers"] = [_seen(side, {each.value for each in words()}) for side in shown["barriers"]]
    if "scopes" in shown:
        shown["scopes"] = [_seen(side, None) for side in shown["scopes"]]
    return {name: pair for name, pair in shown.items() if name not in ("barriers", "scopes") or pair[0] != pair[1]}


def _seen(side: Sequence[str] | None, offered: set[str] | None) -> list[str]:
    return [each for each in side or () if (each in offered if offered is not None else sees_scope(each))]


def sees_scope(scope: str) -> bool:
    """Tell whether it may be seen here that a consent covers this."""
    return scope not in SCOPES or sees(SCOPES[scope])


def scopes(column: Any) -> Any:
    """SQL for what a consent covers, as far as it may be seen here."""
    return _without(column, [scope for scope in SCOPES if not sees_scope(scope)])


def _without(array: Any, out: Iterable[str]) -> Any:
    for word in out:
        array = func.array_remove(array, str(word), type_=array.type)
    return array

"""What a week says, apart from where it is kept: to compare, to check, to copy."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time
from operator import attrgetter
from typing import Any
from uuid import UUID

from ayumi.kernel.words import _
from ayumi.records.model import Attendance, Condition

ABSENT = (Attendance.ABSENT, Attendance.ABSENT_NOTIFIED)
CAME_ABOUT = (Attendance.ATTENDED, Attendance.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """One menu on one day. Without ``attendance`` it is a plan."""

    held_on: date
    position: int = 0
    menu_id: UUID | None = None
    placement_id: UUID | None = None
    place: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    minutes: int | None = None
    attendance: Attendance | None = None
    absence_reason: str | None = None
    condition: Condition | None = None
    observation: str | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was written."""
        return bool(WRITTEN(self) == NOTHING)

    @property
    def key(self) -> tuple[date, int]:
        """Where it stands in its week."""
        return self.held_on, self.position

    def settled(self) -> "DayEntry":
        """The same with its minutes counted, and without what does not belong to how the day went."""
        if self.attendance in ABSENT:
            return replace(self, starts_at=None, ends_at=None, minutes=None, condition=None)
        if self.attendance is Attendance.NOT_PLANNED:
            return replace(self, placement_id=None, starts_at=None, ends_at=None, minutes=None, condition=None)
        counted = span(self.starts_at, self.ends_at) if self.starts_at and self.ends_at else self.minutes
        if counted == self.minutes and self.absence_reason is None:
            return self
        return replace(self, minutes=counted, absence_reason=None)

    def as_plan(self, on: date) -> "DayEntry":
        """What was done, as the plan of another day."""
        return replace(self, held_on=on, attendance=None, absence_reason=None, condition=None, observation=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said of the whole week."""

    summary: str | None = None
    request_to_caseworker: str | None = None
    has_concern: bool = False
    concern_what: str | None = None
    concern_since: str | None = None
    concern_known_to: str | None = None

    def without_concern(self) -> "Words":
        """What is told of the week apart from a concern."""
        return Words(summary=self.summary, request_to_caseworker=self.request_to_caseworker)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a version says."""

    words: Words = Words()
    days: tuple[DayEntry, ...] = ()

    def on(self, day: date) -> list[DayEntry]:
        """The entries of one day, in their order."""
        return [entry for entry in self.days if entry.held_on == day]

    def first_on(self, day: date) -> DayEntry:
        """The first entry of one day; an empty one when nothing was written."""
        return next(iter(self.on(day)), DayEntry(held_on=day))

    def with_first(self, entry: DayEntry) -> "Content":
        """The same week with another first entry on its day; an empty one makes way for the next."""
        others = [each for each in self.days if each.key != self.first_on(entry.held_on).key]
        return replace(self, days=(*others, entry)).tidy()

    def tidy(self) -> "Content":
        """The same without empty entries, in the order of the days, counted from 0 on each day."""
        written = sorted((entry.settled() for entry in self.days if not entry.is_empty), key=lambda each: each.key)
        places: dict[date, int] = {}
        for index, entry in enumerate(written):
            place = places[entry.held_on] = places.get(entry.held_on, -1) + 1
            if entry.position != place:
                written[index] = replace(entry, position=place)
        return replace(self, days=tuple(written))


PARTS = {kind: tuple(each.name for each in fields(kind)) for kind in (DayEntry, Words)}
VALUES = {kind: attrgetter(*names) for kind, names in PARTS.items()}
WRITTEN = attrgetter(*(name for name in PARTS[DayEntry] if name not in ("held_on", "position")))
NOTHING = (None,) * (len(PARTS[DayEntry]) - 2)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads differently in two versions; without a day it is said of the whole week."""

    day: date | None
    position: int
    name: str
    before: Any
    after: Any


def span(starts_at: time, ends_at: time) -> int:
    """Minutes from one time of a day to a later one."""
    begin, end = ((each.hour * 60 + each.minute) * 60 + each.second for each in (starts_at, ends_at))
    return (end - begin) // 60


def said_by(thing: DayEntry | Words) -> dict[str, Any]:
    """Return its parts by name. (``asdict`` copies each of them, which takes long for a page of cells.)"""
    kind = type(thing)
    return dict(zip(PARTS[kind], VALUES[kind](thing), strict=True))


def fingerprint(thing: DayEntry | Words) -> str:
    """A short mark that changes whenever what is said changes."""
    said = tuple([str(value) if value else "" for value in VALUES[type(thing)](thing)])
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def differences(before: Content, after: Content) -> list[Difference]:
    """Everything that reads differently, the week's words first, then day by day."""
    found = [Difference(None, 0, *each) for each in _differing(before.words, after.words)]
    old, new = ({entry.key: entry for entry in content.days} for content in (before, after))
    for key in sorted(old.keys() | new.keys()):
        nothing = DayEntry(held_on=key[0], position=key[1])
        pair = _differing(old.get(key, nothing), new.get(key, nothing))
        found += [Difference(*key, *each) for each in pair if each[0] not in ("held_on", "position")]
    return found


def _differing(before: Words | DayEntry, after: Words | DayEntry) -> Iterator[tuple[str, Any, Any]]:
    for each in fields(before):
        pair = getattr(before, each.name), getattr(after, each.name)
        if (pair[0] or None) != (pair[1] or None):
            yield each.name, *pair


# What is missing before a week can be handed in --------------------------------------------------------------


def problems(content: Content, today: date) -> dict[str, str]:
    """What has to be put right before this can be submitted: field -> sentence.

    A field of a day is called by its day and place: ``2026-11-24.0.menu_id``.
    """
    found = dict(_of_words(content.words))
    for entry in content.days:
        for name, sentence in _of_day(entry, today):
            found.setdefault(field_name(entry, name), sentence)
    return found


def field_name(entry: DayEntry, name: str) -> str:
    """What a field of a day is called."""
    return f"{entry.held_on}.{entry.position}.{name}"


def _of_words(words: Words) -> Iterator[tuple[str, str]]:
    if not words.summary:
        yield "summary", _("Please write in a sentence or two how the week went.")
    if words.has_concern and not words.concern_what:
        yield "concern_what", _("Please say what worries you.")


def _of_day(entry: DayEntry, today: date) -> Iterator[tuple[str, str]]:
    if entry.attendance is None:
        yield "attendance", _("Please choose how this day went.")
    elif entry.held_on > today and entry.attendance in CAME_ABOUT:
        yield "attendance", _("This day is still to come.")
    elif entry.attendance in ABSENT and not entry.absence_reason:
        yield "absence_reason", _("Please write the reason.")
    elif entry.attendance is Attendance.ATTENDED:
        yield from _of_attended_day(entry)


def _of_attended_day(entry: DayEntry) -> Iterator[tuple[str, str]]:
    if entry.menu_id is None:
        yield "menu_id", _("Please choose what was done.")
    if entry.placement_id and (entry.starts_at is None or entry.ends_at is None):
        yield "starts_at", _("A day of work experience needs its start and end.")
    elif entry.minutes is None:
        yield "starts_at", _("Please enter start and end, or the minutes.")


MOST_FIRST = (Attendance.ATTENDED, Attendance.ABSENT, Attendance.ABSENT_NOTIFIED, Attendance.NOT_PLANNED)


def attendance_of(entries: Sequence[DayEntry]) -> Attendance | None:
    """What a day counts as: attended if any of it was, then absent, then not planned."""
    return counts_as({entry.attendance for entry in entries})


def counts_as(said: Collection[Attendance | None]) -> Attendance | None:
    """The same of what has been said of its menus."""
    return next((each for each in MOST_FIRST if each in said), None)

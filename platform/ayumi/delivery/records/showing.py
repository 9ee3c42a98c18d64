"""A week to read: its words, its seven days, and what has changed since the version before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.delivery.records import choices
from ayumi.delivery.records.choices import Choices
from ayumi.delivery.records.marks import day_head
from ayumi.records import versions
from ayumi.records.content import Content, DayEntry, Difference, attendance_of, differences
from ayumi.records.drafts import DAYS_A_WEEK
from ayumi.records.labels import ATTENDANCES, CONDITIONS, FIELDS
from ayumi.records.model import Attendance, Condition, RecordVersion

# Told by other lines already, or of no interest to a reader.
SILENT = {"minutes", "has_concern"}
WORTH_COMPARING = 12
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what reads differently."""

    where: str
    label: str
    before: str
    after: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The two texts as one: what is the same, what is gone, what is new."""
        return compared(self.before, self.after)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One of the seven days."""

    on: date
    entries: list[DayEntry]
    attendance: Attendance | None
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A version to read, and its difference from the one before."""

    version: RecordVersion
    before: RecordVersion | None
    content: Content
    days: list[ShownDay]
    choices: Choices
    changes: list[Change]
    changed_words: frozenset[str]
    names: dict[UUID, str]

    def name(self, membership_id: UUID | None) -> str:
        """Who somebody is here."""
        return self.names.get(membership_id, "") if membership_id else ""


def show(record: Any, every: Sequence[RecordVersion], version: RecordVersion) -> ShownWeek:
    """Return one of the versions of a week, beside the one submitted before it."""
    earlier = [each for each in every if each.version < version.version]
    before = earlier[-1] if earlier else None
    said = versions.contents([each for each in (before, version) if each])
    found = differences(said[before.id], said[version.id]) if before else []
    offered = choices.of_people([record.participant_id], record.week_start)
    return ShownWeek(
        version=version,
        before=before,
        content=said[version.id],
        days=_days(record.week_start, said[version.id], {each.day for each in found}),
        choices=offered,
        changes=changes(found, offered),
        changed_words=frozenset(each.name for each in found if each.day is None),
        names=accounts.names_of(people(every)),
    )


def people(every: Sequence[RecordVersion]) -> set[UUID]:
    """Who wrote and who decided."""
    return {id for each in every for id in (each.written_by, each.decided_by) if id}


def _days(monday: date, content: Content, changed: set[date | None]) -> list[ShownDay]:
    days = [monday + timedelta(days=each) for each in range(DAYS_A_WEEK)]
    return [ShownDay(on, content.on(on), attendance_of(content.on(on)), on in changed) for on in days]


def changes(found: Sequence[Difference], offered: Choices) -> list[Change]:
    """Say differences in words."""
    return [
        Change(
            where=day_head(each.day) if each.day else "",
            label=gettext(FIELDS[each.name]),
            before=said(each.name, each.before, offered),
            after=said(each.name, each.after, offered),
        )
        for each in found
        if each.name not in SILENT
    ]


def said(name: str, value: Any, offered: Choices) -> str:
    """Return a value of a day or a week as a reader reads it."""
    if isinstance(value, Attendance):
        return str(gettext(ATTENDANCES[value]))
    if isinstance(value, Condition):
        return str(gettext(CONDITIONS[value]))
    if isinstance(value, time):
        return f"{value:%-H:%M}"
    if isinstance(value, UUID):
        return offered.menu(value) if name == "menu_id" else offered.placement(value)
    return "" if value is None else str(value)


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """Return (same | gone | new, text): longer texts piece by piece, others as a whole."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if min(len(before), len(after)) < WORTH_COMPARING or matcher.ratio() < ALIKE:
        return [(kind, text) for kind, text in (("gone", before), ("new", after)) if text]
    parts: list[tuple[str, str]] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            parts.append(("same", before[first:last]))
        else:
            parts += [(each, text) for each, text in (("gone", before[first:last]), ("new", after[start:end])) if text]
    return parts

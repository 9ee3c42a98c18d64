"""Rows and cells of everyone's week. Each knows what it was read as, and of what it was sent only a part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zlib import crc32

from flask import request
from flask_babel import gettext

from ayumi.delivery.records.marks import day_head
from ayumi.delivery.records.week_form import Entry, PrefixedForm, sent_parts
from ayumi.kernel import clock
from ayumi.records.content import Content, DayEntry, Words, fingerprint, problems, said_by
from ayumi.records.labels import FIELDS
from ayumi.records.model import RecordStatus
from ayumi.records.schemas import DayInput, WordsInput
from ayumi.web.forms import Field, shown

EDITION, COPY = "edition", "copy"
FRONT = ("menu_id", "attendance")  # what a cell shows; the rest of a day is written in its panel
CAME_IN = (RecordStatus.SUBMITTED, RecordStatus.ACCEPTED)
COPIED = (*FRONT, "starts_at", "ends_at", "minutes", "place")
A_DAY = timedelta(days=1)
DAY, WORDS = DayInput(), WordsInput()  # a page holds hundreds of forms of these


class PartialForm(PrefixedForm):
    """A form of which the page may hold a part only: what was not sent is as stored."""

    sent: frozenset[str] = frozenset()

    def _read(self) -> dict[str, Any]:
        said = sent_parts().get(self.prefix, {})
        self.sent = frozenset(name for name in self.schema.fields if name in said)
        return {name: said[name] if name in self.sent else shown(self.initial[name]) for name in self.schema.fields}

    def data(self) -> dict[str, Any] | None:
        """Return the loaded input, with what is stored in the place of what was not sent."""
        data = super().data()
        if data is None:
            return None
        return data | {name: self.initial[name] for name in data if name not in self.sent}

    def _offered(self, name: str, chosen: Any) -> bool:
        return name not in self.sent or super()._offered(name, chosen)

    def as_read(self) -> None:
        """Show what is stored: nobody has touched what was sent."""
        self.typed = None


@dataclass(slots=True)
class Cell:
    """One person's day. Its form is made when it is asked for: most cells of a page are only shown."""

    on: date
    stored: DayEntry
    prefix: str
    choices: Mapping[str, Any]
    last_week: DayEntry | None = None
    others: int = 0
    theirs: DayEntry | None = None
    made: PartialForm | None = None

    @property
    def form(self) -> PartialForm:
        """Its fields."""
        if self.made is None:
            self.made = PartialForm(DAY, said_by(self.stored), prefix=self.prefix, choices=self.choices)
        return self.made

    @property
    def entry(self) -> Entry:
        """What was typed in it."""
        return Entry(self.form, self.stored)

    @property
    def bad_fields(self) -> list[Field]:
        """What needs another look."""
        return [field for field in self.made if field.errors] if self.made and self.made.errors else []

    @property
    def holds_typed(self) -> bool:
        """Whether it shows something else than what is stored."""
        return self.made is not None and bool(self.made.typed is not None or self.made.errors or self.theirs)

    @property
    def edition(self) -> str:
        """The mark of what stands there now: of all of it, and of what the page shows."""
        return edition_of_nothing(self.on) if self.stored.is_empty else edition(self.stored)

    @property
    def read_as(self) -> str:
        """The mark of all that stood there when it was read."""
        return sent_edition(self.form).partition("-")[0]

    @property
    def with_panel(self) -> bool:
        """Whether more of it was sent than the page shows: its panel had been opened."""
        return not self.form.sent <= set(FRONT)

    def is_as_read(self, typed: DayEntry) -> bool:
        """Tell whether this is what was read, or what is stored."""
        shown_then = sent_edition(self.form).partition("-")[2]
        if not self.with_panel and shown_then == front_mark(typed):
            return True
        return fingerprint(typed.settled()) in (self.read_as, fingerprint(self.stored))

    def let_go(self, before: DayEntry) -> dict[str, Any]:
        """What this save took away although it was not on the page: kept there until the page is left.

        Somebody who chooses "absent" by mistake and then "attended" gets the times back.
        """
        unseen = (name for name in self.form.schema.fields if name not in self.form.sent)
        gone = {name: getattr(before, name) for name in unseen if not getattr(self.stored, name)}
        return {f"{self.form.prefix}{name}": shown(value) for name, value in gone.items() if value}


@dataclass(slots=True)
class Row:
    """One person's week."""

    record: Any
    content: Content
    cells: list[Cell]
    words: PartialForm
    is_open: bool
    theirs: Words | None = None

    @property
    def id(self) -> UUID:
        """Whose week."""
        id: UUID = self.record.record_id
        return id

    @property
    def name(self) -> str:
        """Written name of the person."""
        return f"{self.record.family_name} {self.record.given_name}"

    @property
    def edition(self) -> str:
        """The mark of the words as they stand now."""
        return fingerprint(self.content.words.without_concern())

    @property
    def again(self) -> str:
        """Whether, and how, it is written a second time."""
        if self.record.status is RecordStatus.RETURNED:
            return "returned"
        return "corrected" if self.record.begun and self.record.status in CAME_IN else ""

    @property
    def holds_typed(self) -> bool:
        """Whether its words show something else than what is stored."""
        return bool(self.words.sent) and bool(self.words.typed is not None or self.words.errors)

    def missing(self) -> str:
        """What has still to be said, in words."""
        return missing(self.content)

    def typed(self, cell: Cell) -> DayEntry | None:
        """Return what was typed in a cell, with what a key has copied into it; None when something does not fit."""
        typed, source = cell.entry.typed(), self._source(cell)
        if typed is None or source is None:
            return typed
        return replace(typed, **{name: getattr(source, name) for name in COPIED})

    def _source(self, cell: Cell) -> DayEntry | None:
        asked = copying(cell.form)
        if asked == "day" and cell.on > self.record.week_start:
            return self.content.first_on(cell.on - A_DAY)
        return cell.last_week if asked == "week" else None

    def changed(self, cell: Cell) -> DayEntry | None:
        """Return what was typed if it differs from what was read; what nobody touched shows what is stored."""
        typed = self.typed(cell)
        if typed is None or copying(cell.form) or not cell.is_as_read(typed):
            return typed
        cell.form.as_read()
        return None

    def changed_words(self) -> dict[str, Any] | None:
        """Return the words that were typed if they are other ones than were read."""
        data = self.words.data()
        if data is None:
            return None
        if fingerprint(Words(**data)) in (sent_edition(self.words), self.edition):
            self.words.as_read()
            return None
        return data


def edition(entry: DayEntry) -> str:
    """The mark of a day: of all of it, and of what the page shows."""
    return f"{fingerprint(entry)}-{front_mark(entry)}"


@lru_cache(maxsize=64)
def edition_of_nothing(on: date) -> str:
    """The same of a day of which nothing is written, as of most days of a page."""
    return edition(DayEntry(held_on=on))


def front_mark(entry: DayEntry) -> str:
    """A short mark of what a cell shows, so that what nobody touched is known without the rest of the day."""
    return f"{crc32(f'{entry.menu_id}{entry.attendance}'.encode()):08x}"


def sent_edition(form: PrefixedForm) -> str:
    """The mark of what a part was read as."""
    return request.form.get(f"{form.prefix}{EDITION}", "")


def copying(form: PrefixedForm) -> str:
    """From where a key copies into a cell: from the day before, or the same day of the week before."""
    return request.form.get(f"{form.prefix}{COPY}", "")


def values(form: PartialForm, stored: DayEntry, words: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """What is stored, by the names of controls; with the words for what a list may not offer yet."""
    return {f"{form.prefix}{name}": (shown(getattr(stored, name)), words.get(name, "")) for name in form.schema.fields}


def missing(content: Content) -> str:
    """What has still to be said before a week can be handed in, in words."""
    if content == Content():
        return str(gettext("Nothing written yet"))
    wanted = [_short(name) for name in problems(content, clock.today())]
    if not wanted:
        return str(gettext("Complete"))
    return str(gettext("Still missing: %(what)s", what="、".join(wanted)))


def _short(name: str) -> str:
    on, _dot, rest = name.partition(".")
    label: str = gettext(FIELDS[rest.rpartition(".")[2] if rest else name])
    return f"{day_head(date.fromisoformat(on))} {label}" if rest else label

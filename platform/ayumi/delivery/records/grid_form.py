"""The form of everyone's week: one cell a person and day, words for each row. Each cell knows what it was read as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext

from ayumi.delivery.records import lists
from ayumi.delivery.records.choices import Choices, used_menus
from ayumi.delivery.records.marks import day_head, kind, letter, title
from ayumi.delivery.records.week_form import Entry, PrefixedForm
from ayumi.kernel import clock
from ayumi.records import drafts
from ayumi.records.content import Content, DayEntry, Words, fingerprint, problems, said_by
from ayumi.records.drafts import DAYS_A_WEEK, EditedMeanwhile
from ayumi.records.labels import FIELDS
from ayumi.records.model import Attendance, RecordStatus
from ayumi.records.queries import TO_WRITE
from ayumi.records.schemas import DayInput, WordsInput
from ayumi.web.forms import Field, shown

EDITION = "edition"
DAY, WORDS = DayInput(), WordsInput()  # a page holds hundreds of forms of these


@dataclass(slots=True)
class Cell:
    """One person's day."""

    on: date
    entry: Entry
    stored: DayEntry
    last_week: DayEntry | None
    others: int = 0
    theirs: DayEntry | None = None

    @property
    def edition(self) -> str:
        """The mark of what stands there now."""
        return fingerprint(self.stored)

    def changed(self) -> DayEntry | None:
        """Return what was typed if it differs from what was read; what nobody touched shows what is stored."""
        typed = self.entry.typed()
        if typed is None:
            return None
        if fingerprint(typed.settled()) in (sent_edition(self.entry.form), self.edition):
            self.entry.form.typed = None
            return None
        return typed


@dataclass(slots=True)
class Row:
    """One person's week."""

    record: Any
    content: Content
    cells: list[Cell]
    words: PrefixedForm
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

    def missing(self) -> str:
        """What has still to be said, in words."""
        return missing(self.content)

    def changed_words(self) -> dict[str, Any] | None:
        """Return the words that were typed if they are other ones than were read."""
        data = self.words.data()
        if data is None:
            return None
        if fingerprint(Words(**data)) in (sent_edition(self.words), self.edition):
            self.words.typed = None
            return None
        return data


def sent_edition(form: PrefixedForm) -> str:
    """The mark of what a part was read as."""
    return request.form.get(f"{form.prefix}{EDITION}", "")


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


class GridForm:
    """Everything that is typed about everyone's week."""

    def __init__(self, monday: date, rows: Sequence[Any], offered: Choices, *, may_write: bool) -> None:
        self.monday, self.offered = monday, offered
        self.days = [monday + timedelta(days=each) for each in range(DAYS_A_WEEK)]
        people = [row.participant_id for row in rows]
        said = lists.contents_of_weeks(people, [monday, monday - lists.WEEK])
        self.rows = [self._row(row, said, may_write) for row in rows]

    def _row(self, record: Any, said: dict[tuple[UUID, date], Content], may_write: bool) -> Row:
        content = said.get((record.participant_id, self.monday), Content())
        last_week = said.get((record.participant_id, self.monday - lists.WEEK), Content())
        is_open = may_write and record.status is not RecordStatus.SKIPPED
        is_open = is_open and (record.status in TO_WRITE or record.begun)
        prefix = f"{record.record_id}.words."
        words = PrefixedForm(WORDS, said_by(content.words), prefix=prefix, choices={})
        choices = {
            "menu_id": self.offered.menu_pairs(used_menus(content, last_week)),
            "placement_id": [("", "—"), *self.offered.placement_pairs(record.participant_id)],
        }
        cells = [self._cell(record, on, content, last_week, choices) for on in self.days]
        return Row(record, content, cells, words, is_open)

    def _cell(self, record: Any, on: date, content: Content, last_week: Content, choices: dict[str, Any]) -> Cell:
        stored, entries = content.first_on(on), content.on(on)
        before = last_week.on(on - lists.WEEK)
        form = PrefixedForm(
            DAY,
            said_by(stored),
            prefix=f"{record.record_id}.{on}.",
            choices=choices,
        )
        return Cell(on, Entry(form, stored), stored, before[0] if before else None, max(len(entries) - 1, 0))

    def save(self) -> bool:
        """Save every cell and every row's words that were changed; tell whether all of it went well."""
        good = True
        for row in self.open_rows():
            for cell in row.cells:
                good = self._save_cell(row, cell) and good
            good = self._save_words(row) and good
        return good

    def _save_cell(self, row: Row, cell: Cell) -> bool:
        typed = cell.changed()
        if typed is None:
            return not cell.entry.form.errors
        try:
            drafts.save_day(row.id, before=sent_edition(cell.entry.form), entry=typed)
        except EditedMeanwhile as told:
            cell.theirs = told.theirs
            return False
        row.content = row.content.with_first(typed.settled())
        return True

    def _save_words(self, row: Row) -> bool:
        data = row.changed_words()
        if data is None:
            return not row.words.errors
        try:
            drafts.save_words(row.id, before=sent_edition(row.words), **data)
        except EditedMeanwhile as told:
            row.theirs = told.theirs
            return False
        row.content = replace(row.content, words=replace(row.content.words, **data))
        return True

    def open_rows(self) -> Iterator[Row]:
        """Rows that can be written and that the page held."""
        return (row for row in self.rows if row.is_open and row.words.was_sent())

    @property
    def has_conflicts(self) -> bool:
        """Whether somebody else has saved something that was typed here too."""
        return any(row.theirs or any(cell.theirs for cell in row.cells) for row in self.rows)

    def complete(self, which: str) -> tuple[list[Row], list[Row]]:
        """Return the rows asked for that are complete, and those that are not."""
        asked = [row for row in self.open_rows() if which in ("all", str(row.id))]
        written = [row for row in asked if which != "all" or row.content != Content()]
        whole = [row for row in written if row.content != Content() and not problems(row.content, clock.today())]
        return whole, [row for row in written if row not in whole]


# What the cells' macros ask for ---------------------------------------------------------------------------------


def last_parts(entry: DayEntry | None) -> dict[str, str]:
    """What the key p copies from a week before, by the parts of a cell."""
    if entry is None:
        return {}
    parts = {
        "menu": entry.menu_id,
        "attendance": entry.attendance,
        "starts": entry.starts_at,
        "ends": entry.ends_at,
        "minutes": entry.minutes,
        "place": entry.place,
    }
    return {name: str(shown(value)) for name, value in parts.items()}


def with_part(found: Field, part: str, label: str = "") -> Field:
    """The field as a part of its cell, so that scripts can copy it."""
    unit = {"unit": gettext("min")} if part == "minutes" else {}
    return replace(found, label=label or found.label, options={**found.options, **unit, "attrs": named_part(part)})


def named_part(part: str, label: str = "") -> dict[str, str]:
    """The attributes of a control in a cell: which part it is and, without a label of its own, what it is called."""
    return {"data-part": part} | ({"aria-label": label} if label else {})


def as_select(found: Field) -> Field:
    """The field as a list to open, for narrow places."""
    return replace(found, type="select", choices=[("", "—"), *found.choices])


def attendance_choices() -> list[tuple[str, str, str]]:
    """Value, letter with word, kind."""
    words = [(each.value, f"{letter(each)} {title(each)}", kind(each)) for each in Attendance]
    return [("", "—", ""), *words]


def macros() -> dict[str, Any]:
    """What the templates of the grid may say besides."""
    return {
        "last_parts": last_parts,
        "with_part": with_part,
        "named_part": named_part,
        "as_select": as_select,
        "attendance_choices": attendance_choices,
    }

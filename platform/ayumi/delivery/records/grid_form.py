"""The form of everyone's week: one cell a person and day, words for each row, saved as far as they were changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request

from ayumi.delivery.records import lists
from ayumi.delivery.records.choices import Choices, Pair, used_menus
from ayumi.delivery.records.grid_cells import WORDS, Cell, PartialForm, Row, sent_edition
from ayumi.kernel import clock
from ayumi.records import drafts
from ayumi.records.content import Content, DayEntry, problems, said_by
from ayumi.records.drafts import DAYS_A_WEEK, EditedMeanwhile
from ayumi.records.model import RecordStatus
from ayumi.records.queries import TO_WRITE


class GridForm:
    """Everything that is typed about everyone's week. ``is_shown``: not what panels and keys need besides."""

    def __init__(
        self, monday: date, rows: Sequence[Any], offered: Choices, *, may_write: bool, is_shown: bool = False
    ) -> None:
        self.monday, self.offered = monday, offered
        self.days = [monday + timedelta(days=each) for each in range(DAYS_A_WEEK)]
        people, mondays = [row.participant_id for row in rows], [monday, monday - lists.WEEK]
        said = lists.contents_of_weeks(people, mondays[:1] if is_shown else mondays)
        self.menus: dict[frozenset[UUID], list[Pair]] = {}
        self.rows = [self._row(row, said, may_write) for row in rows]

    def _row(self, record: Any, said: dict[tuple[UUID, date], Content], may_write: bool) -> Row:
        content = said.get((record.participant_id, self.monday), Content())
        last_week = said.get((record.participant_id, self.monday - lists.WEEK), Content())
        is_open = may_write and record.status is not RecordStatus.SKIPPED
        is_open = is_open and (record.status in TO_WRITE or record.begun)
        words = PartialForm(WORDS, said_by(content.words), prefix=f"{record.record_id}.words.", choices={})
        choices = {
            "menu_id": self._menus(used_menus(content, last_week)),
            "placement_id": [("", "—"), *self.offered.placement_pairs(record.participant_id)],
        }
        written, before = by_day(content), by_day(last_week)
        cells = [self._cell(record.record_id, on, written.get(on, []), before, choices) for on in self.days]
        return Row(record, content, cells, words, is_open)

    def _cell(
        self, id: UUID, on: date, entries: list[DayEntry], before: dict[date, list[DayEntry]], choices: dict[str, Any]
    ) -> Cell:
        last_week = before.get(on - lists.WEEK, [None])[0]
        stored = entries[0] if entries else DayEntry(held_on=on)
        return Cell(on, stored, f"{id}.{on}.", choices, last_week, max(len(entries) - 1, 0))

    def _menus(self, used: list[UUID | None]) -> list[Pair]:
        """What is offered, and what is in use already: one list for all who can choose the same."""
        besides = frozenset(id for id in used if id) - frozenset(self.offered.offered)
        if besides not in self.menus:
            self.menus[besides] = self.offered.menu_pairs(used)
        return self.menus[besides]

    def save(self) -> bool:
        """Save every cell and every row's words that were changed; tell whether all of it went well."""
        good = True
        for row in self.open_rows():
            for cell in row.cells:
                good = self._save_cell(row, cell) and good
            good = self._save_words(row) and good
        return good

    def _save_cell(self, row: Row, cell: Cell) -> bool:
        typed = row.changed(cell)
        if typed is None:
            return not cell.form.errors
        try:
            drafts.save_day(row.id, before=cell.read_as, entry=typed)
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
        sent = {name.partition(".")[0] for name in request.form}
        return (row for row in self.rows if row.is_open and str(row.id) in sent)

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


def by_day(content: Content) -> dict[date, list[DayEntry]]:
    """Return what is written of each day."""
    found: dict[date, list[DayEntry]] = {}
    for entry in content.days:
        found.setdefault(entry.held_on, []).append(entry)
    return found

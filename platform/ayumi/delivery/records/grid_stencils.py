"""The cells of everyone's week as copies of stencils: one for all people who can choose the same."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from markupsafe import Markup

from ayumi.delivery.records.grid_form import DAY, WORDS, Cell, Row
from ayumi.delivery.records.marks import day_head, hours
from ayumi.delivery.records.week_form import PrefixedForm
from ayumi.web.forms import shown
from ayumi.web.stencil import Stencil, mark

# Written into addresses too, so these marks look like what they stand for.
ROW = UUID("f00dfeed-cafe-4bad-8bad-fadedfacade5")
DAY_OF_ROW = date(1, 1, 1)
HEAD, EDITION, HOURS, NOTE, NAME = map(mark, ("head", "edition", "hours", "note", "name"))
SELECTS = ("menu_id", "attendance", "condition", "placement_id")
TEXTS = tuple(name for name in DAY.fields if name not in SELECTS)
ABOUT_CELL = (str(ROW), str(DAY_OF_ROW), HEAD, EDITION, HOURS, NOTE)
ABOUT_ROW = (str(ROW), NAME, EDITION)
Macro = Callable[..., str]


class Stencils:
    """The stencils of one page. ``note``: what opens the panel of a cell."""

    def __init__(self, note: str) -> None:
        self.note, self.of_cells, self.of_words = note, dict[Any, Stencil](), dict[Any, Stencil]()

    def cell(self, macro: Macro, row: Row, cell: Cell) -> Markup | str:
        """Return a cell: a copy, where nobody has typed anything and nothing is wrong with it."""
        form, head = cell.entry.form, f"{row.name} {day_head(cell.on)}"
        note = f"•{self.note}" if cell.stored.observation or cell.stored.absence_reason else self.note
        if form.typed is not None or form.errors or cell.theirs or cell.others:
            own = {"edition": cell.edition, "hours": hours(cell.stored.minutes), "note": note}
            return macro(row.id, cell.on, head, form, theirs=cell.theirs, others=cell.others, **own)
        stencil = self._of_cell(macro, form)
        words: dict[str, object] = {
            str(ROW): str(row.id),
            str(DAY_OF_ROW): str(cell.on),
            HEAD: head,
            EDITION: cell.edition,
            HOURS: hours(cell.stored.minutes),
            NOTE: note,
        }
        words |= {mark(name): shown(form.initial[name]) for name in TEXTS}
        words |= {mark(name): stencil.choose(mark(name), str(shown(form.initial[name]))) for name in SELECTS}
        return stencil.fill(words)

    def _of_cell(self, macro: Macro, form: PrefixedForm) -> Stencil:
        key = tuple(tuple(form.choices[name]) for name in ("menu_id", "placement_id"))
        if key not in self.of_cells:
            prefix = f"{ROW}.{DAY_OF_ROW}."
            marked = PrefixedForm(DAY, {name: mark(name) for name in DAY.fields}, prefix=prefix, choices=form.choices)
            written = macro(ROW, DAY_OF_ROW, HEAD, marked, edition=EDITION, hours=HOURS, note=NOTE)
            marks = (*ABOUT_CELL, *map(mark, TEXTS))
            selects = {f"{prefix}{name}": mark(name) for name in SELECTS}
            self.of_cells[key] = Stencil(str(written), marks, selects)
        return self.of_cells[key]

    def words(self, macro: Macro, row: Row) -> Markup | str:
        """Return the words of a row, the same way."""
        if row.words.typed is not None or row.words.errors:
            return macro(row.id, row.name, row.words, row.edition)
        if None not in self.of_words:
            marked = PrefixedForm(
                WORDS, {name: mark(name) for name in WORDS.fields}, prefix=f"{ROW}.words.", choices={}
            )
            marks = (*ABOUT_ROW, *map(mark, WORDS.fields))
            self.of_words[None] = Stencil(str(macro(ROW, NAME, marked, EDITION)), marks, {})
        words = {mark(name): shown(row.words.initial[name]) for name in WORDS.fields}
        return self.of_words[None].fill({str(ROW): str(row.id), NAME: row.name, EDITION: row.edition} | words)

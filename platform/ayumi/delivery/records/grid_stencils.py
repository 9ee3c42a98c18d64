"""The cells of everyone's week as copies of a few stencils, remembered from page to page; and the lists in them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from flask import g
from markupsafe import Markup

from ayumi.delivery.records.grid_cells import DAY, FRONT, Cell, PartialForm, Row
from ayumi.delivery.records.marks import attendance_choices, day_head, hours, is_rest_day
from ayumi.records.content import DayEntry
from ayumi.web.formats import is_english
from ayumi.web.forms import shown
from ayumi.web.remembered import remember
from ayumi.web.stencil import Stencil, mark

# Written into addresses too, so these marks look like what they stand for.
ROW = UUID("f00dfeed-cafe-4bad-8bad-fadedfacade5")
DAY_OF_ROW = date(1, 1, 1)
ROW_MARK, DAY_MARK = str(ROW), str(DAY_OF_ROW)
HEAD, EDITION, HOURS, NOTE, NAME, MISSING, CELLS = map(
    mark, ("head", "edition", "hours", "note", "name", "missing", "cells")
)
LISTS = {name: mark(name) for name in FRONT}
ABOUT_CELL = (ROW_MARK, DAY_MARK, HEAD, EDITION, HOURS, NOTE)
ABOUT_ROW = (ROW_MARK, NAME, MISSING, CELLS)
ANY, EMPTY = ("", ""), ("", "—")
MOST = 512  # stencils of some kilobytes each, for each municipality and language
Macro = Callable[..., Markup]

known: dict[tuple[Any, ...], Stencil] = {}


class Stencils:
    """What the rows and cells of one page are copied from. ``note``: what opens the panel of a cell."""

    def __init__(self, note: str) -> None:
        self.note = note
        self.lists: dict[tuple[str, int, Any], Markup] = {}
        self.kinds: dict[tuple[Any, ...], Stencil] = {}
        self.day = cache(lambda on: (day_head(on), is_rest_day(on), on.isoformat()))  # asked of every row again
        self.hours = cache(hours)

    def row(self, macro: Macro, of_cell: Macro, options: Macro, row: Row) -> Markup:
        """Return a row with its cells: a copy, where nobody has typed its words."""
        id, name, missing = str(row.id), row.name, row.missing()
        cells = Markup("").join([self.cell(of_cell, options, id, name, cell) for cell in row.cells])
        if row.holds_typed:
            return macro(row.id, name, row.again, missing, cells, row)
        stencil = self._stencil("row", row.again, make=lambda: _row_stencil(macro, row.again))
        return stencil.fill({ROW_MARK: id, NAME: name, MISSING: missing, CELLS: cells})

    def cell(self, macro: Macro, options: Macro, id: str, name: str, cell: Cell) -> Markup:
        """Return a cell: a copy, where nobody has typed anything and nothing is wrong with it."""
        stored, (day, rest, on) = cell.stored, self.day(cell.on)
        head, time, note = f"{name} {day}", self.hours(stored.minutes), note_mark(stored, self.note)
        if cell.holds_typed:
            return macro(id, cell.on, cell.form, rest, head, cell.edition, time, note, cell)
        words: dict[str, object] = {
            ROW_MARK: id,
            DAY_MARK: on,
            HEAD: head,
            EDITION: cell.edition,
            HOURS: time,
            NOTE: note,
            LISTS["menu_id"]: self._list(options, "menu_id", stored.menu_id, cell.choices),
            LISTS["attendance"]: self._list(options, "attendance", stored.attendance, cell.choices),
        }
        return self._stencil("cell", rest, make=lambda: _cell_stencil(macro, rest)).fill(words)

    def _stencil(self, *kind: Any, make: Callable[[], Stencil]) -> Stencil:
        if kind not in self.kinds:
            self.kinds[kind] = _known(kind, make)
        return self.kinds[kind]

    def _list(self, options: Macro, name: str, value: Any, choices: Mapping[str, Any]) -> Markup:
        """Return what can be chosen, with what is chosen; people who can choose the same share it."""
        key = (name, id(choices.get(name)), value)
        if key not in self.lists:
            self.lists[key] = remember(options, choices_of(choices, name), str(shown(value)))
        return self.lists[key]


def note_mark(stored: DayEntry, note: str) -> str:
    """What opens a panel, with a mark where something is written in it."""
    return f"•{note}" if stored.observation or stored.absence_reason else note


def choices_of(choices: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    """Return everything a list of a cell offers, as its component is given it."""
    return (EMPTY, *choices[name]) if name in choices else tuple(attendance_choices())


def _row_stencil(macro: Macro, again: str) -> Stencil:
    """Return the stencil of a kind of row: written for the first time, sent back, or corrected."""
    return Stencil(str(macro(ROW, NAME, again, MISSING, CELLS)), ABOUT_ROW, {})


def _cell_stencil(macro: Macro, rest: bool) -> Stencil:
    """Return the stencil of a kind of cell: on a day of rest or of work."""
    prefix = f"{ROW}.{DAY_OF_ROW}."
    form = PartialForm(DAY, LISTS, prefix=prefix, choices={"menu_id": [ANY]})
    form.typed = None
    written = macro(ROW, DAY_OF_ROW, form, rest, HEAD, EDITION, HOURS, NOTE)
    return Stencil(str(written), ABOUT_CELL, {f"{prefix}{name}": LISTS[name] for name in FRONT})


def _known(kind: tuple[Any, ...], make: Callable[[], Stencil]) -> Stencil:
    """Addresses in a stencil lead to one place, its words are of one language: nothing else goes into it."""
    key = (g.face, g.slug, is_english(), *kind)
    if key not in known:
        if len(known) >= MOST:
            known.clear()
        known[key] = make()
    return known[key]

"""The cells of everyone's week as copies of a few stencils, remembered from page to page; and the lists in them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ayumi.delivery.records.grid_form import DAY, WORDS, Cell, Row, as_select, attendance_choices, last_parts
from ayumi.delivery.records.marks import day_head, hours, is_rest_day
from ayumi.delivery.records.week_form import PrefixedForm
from ayumi.web.formats import is_english
from ayumi.web.forms import shown
from ayumi.web.remembered import remember
from ayumi.web.stencil import Stencil, mark

# Written into addresses too, so these marks look like what they stand for.
ROW = UUID("f00dfeed-cafe-4bad-8bad-fadedfacade5")
DAY_OF_ROW = date(1, 1, 1)
HEAD, EDITION, HOURS, NOTE, NAME, LAST = map(mark, ("head", "edition", "hours", "note", "name", "last"))
SELECTS = ("menu_id", "attendance", "condition", "placement_id")
TEXTS = tuple(name for name in DAY.fields if name not in SELECTS)
MARKS = {name: mark(name) for name in (*DAY.fields, *WORDS.fields)}
BLANK = dict.fromkeys((MARKS[name] for name in TEXTS), "")
ABOUT_CELL = (str(ROW), str(DAY_OF_ROW), HEAD, EDITION, HOURS, NOTE, LAST)
ABOUT_ROW = (str(ROW), NAME, EDITION)
ANY, EMPTY = ("", ""), ("", "—")
MOST = 512  # stencils of some kilobytes each, for each municipality and language
Macro = Callable[..., Markup]

known: dict[tuple[Any, ...], Stencil] = {}


class Stencils:
    """What the cells of one page are copied from. ``note``: what opens the panel of a cell."""

    def __init__(self, note: str) -> None:
        self.note = note
        self.lists: dict[tuple[str, int, Any], Markup] = {}
        self.kinds: dict[tuple[bool, ...], Stencil] = {}

    def cell(self, macro: Macro, options: Macro, row: Row, cell: Cell) -> Markup | str:
        """Return a cell: a copy, where nobody has typed anything and nothing is wrong with it."""
        form, rest, last = cell.entry.form, is_rest_day(cell.on), last_parts(cell.last_week)
        own: dict[str, Any] = {
            "head": f"{row.name} {day_head(cell.on)}",
            "edition": cell.edition,
            "hours": hours(cell.stored.minutes),
            "note": f"•{self.note}" if cell.stored.observation or cell.stored.absence_reason else self.note,
        }
        if form.typed is not None or form.errors or cell.theirs or cell.others:
            more = {"theirs": cell.theirs, "others": cell.others}
            return macro(row.id, cell.on, form, rest=rest, last=last, **own, **more)
        words: dict[str, object] = {str(ROW): str(row.id), str(DAY_OF_ROW): str(cell.on), LAST: as_json(last)}
        words |= {HEAD: own["head"], EDITION: own["edition"], HOURS: own["hours"], NOTE: own["note"]}
        words |= BLANK if cell.stored.is_empty else {MARKS[name]: shown(form.initial[name]) for name in TEXTS}
        words |= {MARKS[name]: self._list(options, form, name) for name in SELECTS}
        return self._stencil(macro, rest, bool(last), len(form.choices["placement_id"]) > 1).fill(words)

    def _stencil(self, macro: Macro, *kind: bool) -> Stencil:
        if kind not in self.kinds:
            self.kinds[kind] = _of_cell(macro, *kind)
        return self.kinds[kind]

    def _list(self, options: Macro, form: PrefixedForm, name: str) -> Markup:
        """Return what can be chosen, with what is chosen; people who can choose the same share it."""
        value = form.initial[name]
        key = (name, id(form.choices.get(name)), value)
        if key not in self.lists:
            self.lists[key] = remember(options, choices_of(form, name), str(shown(value)))
        return self.lists[key]

    def words(self, macro: Macro, row: Row) -> Markup | str:
        """Return the words of a row, the same way."""
        if row.words.typed is not None or row.words.errors:
            return macro(row.id, row.name, row.words, row.edition)
        words = {MARKS[name]: shown(row.words.initial[name]) for name in WORDS.fields}
        return _of_words(macro).fill({str(ROW): str(row.id), NAME: row.name, EDITION: row.edition} | words)


def choices_of(form: PrefixedForm, name: str) -> tuple[tuple[str, ...], ...]:
    """Return everything a list of a cell offers, as its component is given it."""
    if name == "menu_id":
        return EMPTY, *form.choices[name]
    if name == "placement_id":
        return tuple(form.choices[name])
    return tuple(attendance_choices() if name == "attendance" else as_select(form[name]).choices)


def as_json(last: dict[str, str]) -> str:
    """What the key p copies, as Jinja's ``tojson`` writes it."""
    return str(htmlsafe_json_dumps(last, sort_keys=True)) if last else ""


def _of_cell(macro: Macro, *kind: bool) -> Stencil:
    """Return the stencil of a kind of cell: on a day of rest, with a week before, of somebody with placements."""
    return _known(("cell", *kind), lambda: _cell_stencil(macro, *kind))


def _cell_stencil(macro: Macro, rest: bool, again: bool, has_placements: bool) -> Stencil:
    prefix = f"{ROW}.{DAY_OF_ROW}."
    choices = {"menu_id": [ANY], "placement_id": [ANY, ANY] if has_placements else [ANY]}
    form = PrefixedForm(DAY, {name: MARKS[name] for name in DAY.fields}, prefix=prefix, choices=choices)
    form.typed = None
    last = LAST if again else ""
    written = macro(ROW, DAY_OF_ROW, form, rest=rest, last=last, head=HEAD, edition=EDITION, hours=HOURS, note=NOTE)
    return Stencil(
        str(written),
        (*ABOUT_CELL, *(MARKS[name] for name in TEXTS)),
        {f"{prefix}{name}": MARKS[name] for name in SELECTS},
    )


def _of_words(macro: Macro) -> Stencil:
    return _known(("words",), lambda: _words_stencil(macro))


def _words_stencil(macro: Macro) -> Stencil:
    form = PrefixedForm(WORDS, {name: MARKS[name] for name in WORDS.fields}, prefix=f"{ROW}.words.", choices={})
    form.typed = None
    return Stencil(str(macro(ROW, NAME, form, EDITION)), (*ABOUT_ROW, *(MARKS[name] for name in WORDS.fields)), {})


def _known(kind: tuple[Any, ...], make: Callable[[], Stencil]) -> Stencil:
    """Addresses in a stencil lead to one place, its words are of one language: nothing else goes into it."""
    key = (g.face, g.slug, is_english(), *kind)
    if key not in known:
        if len(known) >= MOST:
            known.clear()
        known[key] = make()
    return known[key]

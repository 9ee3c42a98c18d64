"""What scripts ask of everyone's week: the panel of a cell, of a row's words, and to save each by itself."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, pgettext

from ayumi.delivery.records import choices, marks
from ayumi.delivery.records.grid_cells import Cell, Row, copying, sent_edition, values
from ayumi.delivery.records.grid_form import GridForm
from ayumi.delivery.records.grid_stencils import note_mark
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.participants import queries as participants
from ayumi.records import drafts, holding, queries
from ayumi.records.drafts import EditedMeanwhile, NotOpen
from ayumi.records.holding import NotOurs
from ayumi.web.formats import time_of_day
from ayumi.web.forms import Field
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("panels", __name__, url_prefix="/<uuid:record_id>")
PANEL = "ayumi/delivery/records/_panel.html"


@pages.get("/<on>")
@needs("records.write")
def cell(record_id: UUID, on: str) -> ResponseReturnValue:
    """Hand out the panel of a cell, and how the cell stands now."""
    form, row, found = find(record_id, on)
    look_at(row)
    return jsonify(html=render_template(PANEL, row=row, cell=found), values=stored(form, found), **state(row, found))


@pages.get("/words")
@needs("records.write")
def words(record_id: UUID) -> ResponseReturnValue:
    """Hand out the panel of a row's words."""
    _form, row, _cell = find(record_id, None)
    look_at(row)
    return jsonify(html=render_template(PANEL, row=row), show={f"state-{row.id}": row.missing()})


def look_at(row: Row) -> None:
    """See that the week can be written here, and remember whose it is."""
    if not holding.is_ours(row.record):
        raise NotOurs
    if not row.is_open:
        raise NotOpen
    participants.looked_at(row.record.participant_id)


@pages.post("/<on>")
@needs("records.write")
def save_cell(record_id: UUID, on: str) -> ResponseReturnValue:
    """Save one cell while typing, or copy another day into it."""
    form, row, found = find(record_id, on)
    typed, before = row.typed(found), found.stored
    if typed is None:
        return jsonify(errors=found.form.errors), 422
    try:
        drafts.save_day(record_id, before=found.read_as, entry=typed)
    except EditedMeanwhile:
        return conflict(row, f"write-{on}")
    row.content = row.content.with_first(typed.settled())
    found.stored = row.content.first_on(found.on)
    more = {"values": stored(form, found)} if copying(found.form) else {"kept": found.let_go(before)}
    return jsonify(time=time_of_day(clock.now()), **more, **state(row, found))


@pages.post("/words")
@needs("records.write")
def save_words(record_id: UUID) -> ResponseReturnValue:
    """Save a row's words while typing."""
    _form, row, _cell = find(record_id, None)
    data = row.words.data()
    if data is None:
        return jsonify(errors=row.words.errors), 422
    try:
        drafts.save_words(record_id, before=sent_edition(row.words), **data)
    except EditedMeanwhile:
        return conflict(row, "words-head")
    row.content = holding.hold(record_id).content
    show = {f"state-{row.id}": row.missing()}
    return jsonify(time=time_of_day(clock.now()), edition=row.edition, show=show)


def find(record_id: UUID, on: str | None) -> tuple[GridForm, Row, Cell]:
    """Return one person's row and the cell of a day."""
    record = queries.with_draft(record_id)
    offered = choices.of_people([record.participant_id], record.week_start)
    form = GridForm(record.week_start, [record], offered, may_write=True)
    row = form.rows[0]
    cells = [each for each in row.cells if on is None or str(each.on) == on]
    if not cells:
        raise NotFound
    return form, row, cells[0]


def conflict(row: Row, anchor: str) -> ResponseReturnValue:
    """Tell a script that somebody else was first, and where to see what they wrote."""
    return jsonify(url=to("records.week", record_id=row.id, _anchor=anchor)), 409


def stored(form: GridForm, found: Cell) -> dict[str, tuple[Any, str]]:
    """What is stored of a day, for its controls."""
    day, offered = found.stored, form.offered
    said = {"menu_id": offered.menu(day.menu_id), "placement_id": offered.placement(day.placement_id)}
    return values(found.form, day, said)


def state(row: Row, found: Cell) -> dict[str, Any]:
    """How a cell stands: its edition, and what the page says of it and of its row."""
    id = f"{row.id}.{found.on}"
    show = {
        f"hours-{id}": marks.hours(found.stored.minutes),
        f"note-{id}": note_mark(found.stored, opener()),
        f"state-{row.id}": row.missing(),
    }
    return {"edition": found.edition, "show": show}


def opener() -> str:
    """What opens the panel of a cell."""
    return str(pgettext("grid", "Note"))


# What the panels' macros ask for -----------------------------------------------------------------------------


def as_select(found: Field) -> Field:
    """The field as a list to open, for narrow places."""
    return replace(found, type="select", choices=[("", "—"), *found.choices])


def in_minutes(found: Field) -> Field:
    """The field beside start and end: who knows only how long it took writes that."""
    return replace(found, label=gettext("or minutes"), options={**found.options, "unit": gettext("min")})


def macros() -> dict[str, Any]:
    """What the templates of panels may say besides."""
    return {"as_select": as_select, "in_minutes": in_minutes}

"""Everyone's week on one page: people down, days across, saved cell by cell."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext, pgettext

from ayumi.delivery.records import choices, lists, marks
from ayumi.delivery.records.grid_form import Cell, GridForm, Row, macros, sent_edition
from ayumi.delivery.records.grid_stencils import Stencils
from ayumi.delivery.records.handing_in import hand_in
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.records import drafts, queries, versions
from ayumi.records.drafts import EditedMeanwhile
from ayumi.web.formats import time_of_day
from ayumi.web.frame import may
from ayumi.web.links import addresses, to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("grid", __name__, url_prefix="/weeks")
pages.context_processor(macros)


def read_monday(text: str) -> date:
    """Return the Monday an address names; there is no other week."""
    try:
        monday = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if monday.weekday() != 0:
        raise NotFound
    return monday


def page_number() -> int:
    """Which page was asked for."""
    return max(request.args.get("page", 1, type=int), 1)


def load(monday: date) -> tuple[GridForm, dict[str, Any]]:
    """Return the form of a week and what the list around it says."""
    listed = lists.of_week(monday, visit().membership_id, page_number())
    offered = choices.of_people([row.participant_id for row in listed["rows"]], monday)
    return GridForm(monday, listed["rows"], offered, may_write=may("records.write")), listed


@pages.get("/<monday>")
@needs("records.read")
def week(monday: str) -> ResponseReturnValue:
    """Show everyone's week."""
    return show(*load(read_monday(monday)))


def show(form: GridForm, listed: dict[str, Any]) -> str:
    """The page of everyone's week."""
    return render_template(
        "ayumi/delivery/records/grid.html",
        form=form,
        week_url=addresses("records.week", "record_id"),
        stencils=Stencils(pgettext("grid", "Note")),
        monday=form.monday,
        today=clock.today(),
        this_week=week_start(clock.today()),
        before=form.monday - lists.WEEK,
        after=form.monday + lists.WEEK,
        page=page_number(),
        per_page=lists.ROWS_OF_GRID,
        total=listed["total"],
        whose="all" if listed["everyone"] else "mine",
        everyone=listed["everyone"],
    )


@pages.post("/<monday>")
@needs("records.write")
def save(monday: str) -> ResponseReturnValue:
    """Save everything that was changed on the page, then hand in the rows that were asked for."""
    form, listed = load(read_monday(monday))
    if not form.save():
        return show(form, listed), 409 if form.has_conflicts else 422
    whole, lacking = form.complete(request.form.get("submit", ""))
    for row in whole:
        hand_in(row.id)
    say(whole, lacking)
    who = "all" if listed["everyone"] else "mine"
    return redirect(to("records.grid.week", monday=monday, who=who, page=page_number()), 303)


def say(whole: list[Row], lacking: list[Row]) -> None:
    """Tell what was done."""
    if whole:
        said = ngettext("%(num)s week has been handed in.", "%(num)s weeks have been handed in.", len(whole))
        flash(said, "good")
    for row in lacking:
        flash(gettext("Not handed in: %(name)s. %(missing)s", name=row.name, missing=row.missing()), "warn")
    if not whole and not lacking:
        flash(gettext("Draft saved."), "good")


@pages.post("/<uuid:record_id>/<on>")
@needs("records.write")
def save_cell(record_id: UUID, on: str) -> ResponseReturnValue:
    """Save one cell while typing."""
    row, cell = find(record_id, on)
    typed = cell.entry.typed()
    if typed is None:
        return jsonify(errors=cell.entry.form.errors), 422
    try:
        drafts.save_day(record_id, before=sent_edition(cell.entry.form), entry=typed)
    except EditedMeanwhile:
        return conflict(row, on)
    row.content = row.content.with_first(typed.settled())
    stored = row.content.first_on(cell.on)
    cell.stored = stored
    return saved(row, cell.edition, {f"hours-{record_id}.{on}": marks.hours(stored.minutes)})


@pages.post("/<uuid:record_id>/words")
@needs("records.write")
def save_words(record_id: UUID) -> ResponseReturnValue:
    """Save a row's words while typing."""
    row, _cell = find(record_id, None)
    data = row.words.data()
    if data is None:
        return jsonify(errors=row.words.errors), 422
    try:
        drafts.save_words(record_id, before=sent_edition(row.words), **data)
    except EditedMeanwhile:
        return conflict(row, "words")
    row.content = drafts.content_among(versions.every(record_id))
    return saved(row, row.edition, {})


def find(record_id: UUID, on: str | None) -> tuple[Row, Cell]:
    """Return one person's row and the cell of a day."""
    record = queries.with_draft(record_id)
    offered = choices.of_people([record.participant_id], record.week_start)
    form = GridForm(record.week_start, [record], offered, may_write=True)
    row = form.rows[0]
    cells = [cell for cell in row.cells if on is None or str(cell.on) == on]
    if not cells:
        raise NotFound
    return row, cells[0]


def conflict(row: Row, where: str) -> ResponseReturnValue:
    """Tell a script that somebody else was first, and where to see what they wrote."""
    return jsonify(url=to("records.week", record_id=row.id, _anchor=f"day-{where}")), 409


def saved(row: Row, edition: str, texts: dict[str, str]) -> ResponseReturnValue:
    """Tell a script that all is well, and what the page says now."""
    show_ = texts | {f"state-{row.id}": row.missing()}
    return jsonify(time=time_of_day(clock.now()), edition=edition, show=show_)

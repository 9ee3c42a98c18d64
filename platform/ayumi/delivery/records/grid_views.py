"""Everyone's week on one page: people down, days across, saved as one form where no script runs."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ayumi.delivery.records import choices, lists, panel_views
from ayumi.delivery.records.grid_cells import Row
from ayumi.delivery.records.grid_form import GridForm
from ayumi.delivery.records.grid_stencils import Stencils
from ayumi.delivery.records.handing_in import hand_in
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.web.frame import may
from ayumi.web.links import addresses, to
from ayumi.web.paging import page_number
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("grid", __name__, url_prefix="/weeks")
pages.context_processor(panel_views.macros)
pages.register_blueprint(panel_views.pages)


def read_monday(text: str) -> date:
    """Return the Monday an address names; there is no other week."""
    try:
        monday = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if monday.weekday() != 0:
        raise NotFound
    return monday


def load(monday: date) -> tuple[GridForm, dict[str, Any]]:
    """Return the form of a week and what the list around it says."""
    listed = lists.of_week(monday, visit().membership_id, page_number())
    rows, is_shown = listed["rows"], request.method == "GET"
    people = [row.participant_id for row in rows]
    offered = choices.of_menus() if is_shown else choices.of_people(people, monday)
    return GridForm(monday, rows, offered, may_write=may("records.write"), is_shown=is_shown), listed


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
        stencils=Stencils(panel_views.opener()),
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

"""Weekly records of those who write them: what is due, one person's week, its versions."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.records import choices, grid_views, lists, marks, showing
from ayumi.delivery.records.handing_in import write_and_hand_in
from ayumi.delivery.records.showing import Change, ShownWeek
from ayumi.delivery.records.week_form import WeekForm
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.errors import NotFound
from ayumi.records import drafts, holding, queries, rules, versions
from ayumi.records.content import Content, differences, problems
from ayumi.records.drafts import EditedMeanwhile
from ayumi.records.model import RecordStatus, RecordVersion
from ayumi.records.schemas import ReasonInput
from ayumi.web.formats import time_of_day
from ayumi.web.forms import Form
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("records", __name__, url_prefix="/records")
pages.context_processor(marks.words)
pages.register_blueprint(grid_views.pages)

Page = tuple[str, int]


@pages.get("/")
@needs("records.read")
def index() -> ResponseReturnValue:
    """Show what is due, missing, sent back or begun, by person and week."""
    return render_template("ayumi/delivery/records/list.html", **lists.of_writers(visit().membership_id))


@pages.get("/<uuid:record_id>")
@needs("records.read")
def week(record_id: UUID) -> ResponseReturnValue:
    """Show one person's week: to write while it is open, else to read."""
    row = queries.week(record_id)
    every = versions.every(record_id)
    if not is_open(row, every):
        return read_page(row, every)
    content = drafts.content_among(every)
    form = form_of(row, content)
    if "check" in request.args:
        form.show(problems(content, clock.today()))
    return week_page(row, every, form)


def is_open(row: Any, every: Any) -> bool:
    """Whether whoever is here may write this week now."""
    writable = row.status in queries.TO_WRITE or any(each.submitted_at is None for each in every)
    return may("records.write") and holding.is_ours(row) and writable and row.status is not RecordStatus.SKIPPED


def form_of(row: Any, content: Content) -> WeekForm:
    """Return the form of a week, with the week before beside it."""
    offered = choices.of_people([row.participant_id], row.week_start)
    before = partial(lists.content_of_week_before, row.participant_id, row.week_start)
    return WeekForm(row.week_start, content, before, offered, offered.placement_pairs(row.participant_id))


def week_page(row: Any, every: Any, form: WeekForm, *, edition: int = 0, **more: Any) -> str:
    """The page on which a week is written."""
    return render_template(
        "ayumi/delivery/records/week.html",
        row=row,
        form=form,
        edition=edition or row.edition,
        draft=next((each for each in every if each.submitted_at is None), None),
        sent_back=next((each for each in every if each.is_current and each.returned_comment), None),
        offered=form.offered,
        last_words=form.last_week.words,
        today=clock.today(),
        neighbours_of=lists.weeks_beside(row.participant_id, row.week_start),
        skip_form=Form(ReasonInput()),
        **more,
    )


def read_page(row: Any, every: Any, **more: Any) -> str:
    """The page on which a week is read by those who write."""
    current = next((each for each in submitted(every) if each.is_current), None)
    shown: ShownWeek | None = showing.show(row, submitted(every), current) if current else None
    return render_template(
        "ayumi/delivery/records/read.html",
        row=row,
        shown=shown,
        may_write=may("records.write") and holding.is_ours(row),
        concerns=queries.open_concerns_of(row.record_id, also_seen=True),
        neighbours_of=lists.weeks_beside(row.participant_id, row.week_start),
        **({"reason_form": Form(ReasonInput())} | more),
    )


def submitted(every: Any) -> list[RecordVersion]:
    """The versions that were handed in."""
    return [each for each in every if each.submitted_at is not None]


@pages.post("/<uuid:record_id>")
@needs("records.write")
def save(record_id: UUID) -> ResponseReturnValue:
    """Save what was typed; hand it in when asked and complete."""
    held = holding.hold(record_id)
    form = form_of(held.record, held.content)
    content = form.typed(clear=request.form.get("clear", ""), copy=request.form.get("copy", ""))
    if content is None:
        return week_page(queries.week(record_id), held.versions, form), 422
    is_last = request.form.get("action") == "submit"
    is_whole = is_last and not problems(content, clock.today())
    try:
        keep = write_and_hand_in if is_whole else drafts.save_week
        keep(record_id, edition=request.form.get("edition", 0, type=int), content=content)
    except EditedMeanwhile as told:
        found = showing.changes(differences(told.theirs, content), form.offered)
        return conflict_page(queries.week(record_id), held.versions, form, found, told.edition), 409
    if is_whole:
        flash(gettext("The week has been handed in."), "good")
        return redirect(to("records.week", record_id=record_id), 303)
    if is_last:
        return redirect(to("records.week", record_id=record_id, check="1"), 303)
    flash(gettext("Draft saved."), "good")
    return redirect(to("records.week", record_id=record_id, _anchor=anchor()), 303)


def anchor() -> str | None:
    """The day whose button was pressed."""
    day = request.form.get("copy") or request.form.get("clear", "").rpartition(".")[0]
    return f"day-{day}" if day else None


def conflict_page(row: Any, every: Any, form: WeekForm, found: list[Change], edition: int) -> str:
    """Theirs and yours, side by side; saving again now takes yours, unless the week has been handed in."""
    if is_open(row, every):
        return week_page(row, every, form, edition=edition, conflict=found)
    return read_page(row, every, conflict=found)


@pages.post("/<uuid:record_id>/draft")
@needs("records.write")
def save_draft(record_id: UUID) -> ResponseReturnValue:
    """Save while typing; answer in words a script understands."""
    row = queries.week(record_id)
    form = form_of(row, drafts.content_among(versions.every(record_id)))
    content = form.typed()
    if content is None:
        return jsonify(errors=form.errors), 422
    try:
        record = drafts.save_week(record_id, edition=request.form.get("edition", 0, type=int), content=content)
    except EditedMeanwhile:
        return jsonify(url=to("records.week", record_id=record_id)), 409
    db.session.flush()
    return jsonify(time=time_of_day(clock.now()), edition=record.edition)


@pages.post("/<uuid:record_id>/correct")
@needs("records.write")
def correct(record_id: UUID) -> ResponseReturnValue:
    """Open a correction of a week that was handed in."""
    form = Form(ReasonInput())
    if form.send(rules.correct, record_id=record_id):
        return redirect(to("records.week", record_id=record_id), 303)
    return read_page(queries.week(record_id), versions.every(record_id), reason_form=form, asked="correct"), 422


@pages.post("/<uuid:record_id>/correct/give-up")
@needs("records.write")
def give_up_correction(record_id: UUID) -> ResponseReturnValue:
    """Throw away a correction that was begun."""
    rules.give_up_correction(record_id)
    flash(gettext("The correction has been thrown away. The week stands as it was handed in."), "good")
    return redirect(to("records.week", record_id=record_id), 303)


@pages.post("/<uuid:record_id>/skip")
@needs("records.write")
def skip(record_id: UUID) -> ResponseReturnValue:
    """Say that this week needs no record."""
    form = Form(ReasonInput())
    if form.send(rules.skip, record_id=record_id):
        flash(gettext("No record is needed of this week now."), "good")
        return redirect(to("records.week", record_id=record_id), 303)
    row, every = queries.week(record_id), versions.every(record_id)
    return week_page(row, every, form_of(row, drafts.content_among(every)), skip_form_sent=form), 422


@pages.post("/<uuid:record_id>/expect")
@needs("records.write")
def unskip(record_id: UUID) -> ResponseReturnValue:
    """Expect a record of this week after all."""
    rules.unskip(record_id)
    return redirect(to("records.week", record_id=record_id), 303)


@pages.get("/<uuid:record_id>/history")
@needs("records.read")
def history(record_id: UUID) -> ResponseReturnValue:
    """Show all versions that were handed in, with what each changed."""
    row = queries.week(record_id)
    every = submitted(versions.every(record_id))
    if not every:
        raise NotFound
    chosen = request.args.get("version", every[-1].version, type=int)
    version = next((each for each in every if each.version == chosen), every[-1])
    return render_template(
        "ayumi/delivery/records/history.html",
        row=row,
        every=every[::-1],
        shown=showing.show(row, every, version),
    )

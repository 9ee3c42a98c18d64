"""Weekly records as the caseworker reads them: what is new, one week at a glance, what is missing, concerns."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.delivery.records import marks, showing
from ayumi.kernel.errors import NotFound
from ayumi.records import queries, reading, rules, versions
from ayumi.records.schemas import AcknowledgementInput, CommentInput
from ayumi.web.formats import week_label
from ayumi.web.forms import Field, Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit
from tenants.records import shelf
from tenants.records.shelf import Asked

pages = Blueprint("reading", __name__, url_prefix="/reading")
pages.context_processor(marks.words)


def asked() -> Asked:
    """What the address asks for."""
    return shelf.asked(request.args, is_caseworker="caseworker" in visit().roles)


@pages.get("/")
@needs("records.read")
def index() -> ResponseReturnValue:
    """Show the weeks to read; to those who lead, how it stands by caseworker."""
    wanted = asked()
    offset = (wanted.page - 1) * shelf.PER_PAGE
    total, rows = reading.page(wanted.sift(visit().membership_id), shelf.PER_PAGE, offset)
    return render_template(
        "tenants/records/list.html",
        rows=rows,
        total=total,
        asked=wanted,
        per_page=shelf.PER_PAGE,
        matrix=reading.by_caseworker() if not wanted.mine else [],
    )


@pages.get("/<uuid:record_id>")
@needs("records.read")
def week(record_id: UUID) -> ResponseReturnValue:
    """Show a week at one glance."""
    return page(record_id, Form(CommentInput()))


def page(record_id: UUID, form: Form, acknowledgement: Form | None = None) -> str:
    """The page on which a week is read."""
    row = queries.week(record_id)
    every = [each for each in versions.every(record_id) if each.submitted_at is not None]
    current = next((each for each in every if each.is_current), None)
    if current is None:
        raise NotFound(gettext("This week has not been handed in yet."))
    wanted, acknowledgement = asked(), acknowledgement or Form(AcknowledgementInput())
    return render_template(
        "tenants/records/week.html",
        row=row,
        shown=showing.show(row, every, current),
        concerns=queries.open_concerns_of(record_id, also_seen=True),
        form=form,
        acknowledgement=acknowledgement,
        acknowledging=acknowledging(acknowledgement),
        asked=wanted,
        beside=shelf.beside(record_id, wanted.sift(visit().membership_id)),
    )


@pages.post("/<uuid:record_id>/accept")
@needs("records.decide")
def accept(record_id: UUID) -> ResponseReturnValue:
    """Accept what was read and go on to the next week."""
    follow = next_after(record_id)
    rules.accept(record_id, version_id=read_version())
    flash(gettext("%(week)s has been accepted.", week=named(record_id)), "good")
    return redirect(follow, 303)


@pages.post("/<uuid:record_id>/return")
@needs("records.decide")
def send_back(record_id: UUID) -> ResponseReturnValue:
    """Send back what was read, with what should be changed."""
    form, follow = Form(CommentInput()), next_after(record_id)
    if form.send(rules.send_back, record_id=record_id, version_id=read_version()):
        flash(gettext("%(week)s has been sent back.", week=named(record_id)), "good")
        return redirect(follow, 303)
    return page(record_id, form), form.status


def read_version() -> UUID:
    """The version the page showed."""
    try:
        return UUID(request.form.get("version_id", ""))
    except ValueError as error:
        raise NotFound from error


def next_after(record_id: UUID) -> str:
    """Where to go when a week is done: the next one of the same list, or the list."""
    wanted = asked()
    after = shelf.beside(record_id, wanted.sift(visit().membership_id))["after"]
    if after is None or after == record_id:
        return to("reading.index", **wanted.parameters)
    return to("reading.week", record_id=after, **wanted.parameters)


def named(record_id: UUID) -> str:
    """A week as people call it."""
    row = queries.week(record_id)
    return f"{row.family_name} {row.given_name} {week_label(row.week_start)}"


@pages.get("/missing")
@needs("records.read")
def missing() -> ResponseReturnValue:
    """Show the weeks that were due and have not come."""
    wanted = asked()
    whose = wanted.sift(visit().membership_id).caseworker_id
    total, rows = queries.missing(whose, shelf.PER_PAGE)
    return render_template("tenants/records/missing.html", rows=rows, total=total, asked=wanted)


@pages.get("/concerns")
@needs("records.read")
def concerns() -> ResponseReturnValue:
    """Show the concerns nobody has acknowledged, or those that somebody has."""
    wanted = asked()
    seen = request.args.get("seen") == "1"
    whose = wanted.sift(visit().membership_id).caseworker_id
    total, rows = queries.seen_concerns(whose, shelf.PER_PAGE) if seen else queries.open_concerns(whose, shelf.PER_PAGE)
    return render_template(
        "tenants/records/concerns.html",
        rows=rows,
        total=total,
        seen=seen,
        asked=wanted,
        names=names(rows),
        acknowledging=acknowledging(Form(AcknowledgementInput())),
    )


def acknowledging(form: Form) -> Callable[[UUID], Field]:
    """Return what gives each concern of a page a field of its own."""
    found = form["acknowledgement"]

    def of(concern_id: UUID) -> Field:
        return replace(found, options={**found.options, "id": f"acknowledgement-{concern_id}"})

    return of


def names(rows: Any) -> dict[UUID, str]:
    """Who raised and who acknowledged."""
    return accounts.names_of({id for row in rows for id in (row.raised_by, row.acknowledged_by) if id})


@pages.post("/concerns/<uuid:concern_id>")
@needs("records.decide")
def acknowledge(concern_id: UUID) -> ResponseReturnValue:
    """Say that a concern has been seen and what is done about it."""
    form = Form(AcknowledgementInput())
    concern = form.send(rules.acknowledge, concern_id=concern_id)
    record_id = concern.weekly_record_id if concern else queries.week_of_concern(concern_id)
    if concern is None:
        return page(record_id, Form(CommentInput()), form), form.status
    flash(gettext("The concern has been acknowledged."), "good")
    back = "reading.concerns" if request.form.get("back") == "concerns" else "reading.week"
    return redirect(to(back, **({} if back == "reading.concerns" else {"record_id": record_id})), 303)

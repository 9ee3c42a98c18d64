"""The register of incidents: what has leaked or been lost, what has to be reported, and by when."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.queries import names_of
from ayumi.incidents import clocks, queries, rules
from ayumi.incidents.schemas import IncidentInput, MadeInput, ReportInput, WhyInput
from ayumi.kernel import clock, journal
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit
from tenants.incidents.words import value_words, words

pages = Blueprint("incidents", __name__, url_prefix="/incidents")


def own_only() -> UUID | None:
    """Return whose incidents are shown: one's own, or all (None) to those who look after them."""
    return None if may("incidents.manage") else visit().membership_id


@pages.get("/")
@needs("incidents.report")
def index() -> ResponseReturnValue:
    """List the incidents."""
    rows = [(row, clocks.running(row)) for row in queries.every(of=own_only())]
    return render_template("tenants/incidents/list.html", rows=rows, **words())


@pages.route("/new", methods=["GET", "POST"])
@needs("incidents.report")
def new() -> ResponseReturnValue:
    """Enter an incident."""
    form = Form(ReportInput(), {"known_on": clock.today()})
    if made := form.send(rules.report, id=form.token):
        flash(gettext("Entered. Those who look after incidents have been told."), "good")
        return redirect(to("incidents.detail", incident_id=made.id))
    return render_template("tenants/incidents/new.html", form=form, **words()), form.status


@pages.get("/<uuid:incident_id>")
@needs("incidents.report")
def detail(incident_id: UUID) -> ResponseReturnValue:
    """Show an incident and its clocks."""
    incident = queries.one(incident_id, of=own_only())
    entries = journal.history(incident.id)
    names = names_of({each.membership_id for each in entries if each.membership_id})
    page = {"incident": incident, "clocks": clocks.clocks(incident), "entries": entries, "names": names}
    return render_template("tenants/incidents/detail.html", value_words=value_words, **page, **words())


@pages.get("/<uuid:incident_id>/sheet")
@needs("incidents.manage")
def sheet(incident_id: UUID) -> ResponseReturnValue:
    """Show what the report to the commission asks for, in its order, to be printed or copied."""
    incident = queries.one(incident_id)
    page = {"incident": incident, "clocks": clocks.clocks(incident), "today": clock.today()}
    return render_template("tenants/incidents/sheet.html", value_words=value_words, **page, **words())


@pages.route("/<uuid:incident_id>/edit", methods=["GET", "POST"])
@needs("incidents.manage")
def edit(incident_id: UUID) -> ResponseReturnValue:
    """Change what is known of it."""
    incident = queries.one(incident_id)
    schema = IncidentInput()
    form = Form(schema, {name: getattr(incident, name) for name in schema.fields})
    if send_edit(form, rules.amend, lambda: queries.one(incident_id).edition, incident=incident):
        flash(gettext("The changes have been saved."), "good")
        return redirect(to("incidents.detail", incident_id=incident_id))
    page = {"form": form, "incident": queries.one(incident_id)}
    return render_template("tenants/incidents/edit.html", **page, **words()), form.status


@pages.route("/<uuid:incident_id>/first-report", methods=["GET", "POST"])
@needs("incidents.manage")
def first_report(incident_id: UUID) -> ResponseReturnValue:
    """Say that the first report was made."""
    return step(incident_id, rules.report_first, MadeInput(), gettext("First report made"))


@pages.route("/<uuid:incident_id>/final-report", methods=["GET", "POST"])
@needs("incidents.manage")
def final_report(incident_id: UUID) -> ResponseReturnValue:
    """Say that the final report was made."""
    return step(incident_id, rules.report_all, MadeInput(), gettext("Final report made"))


@pages.route("/<uuid:incident_id>/close", methods=["GET", "POST"])
@needs("incidents.manage")
def close(incident_id: UUID) -> ResponseReturnValue:
    """End it."""
    return step(incident_id, rules.close, WhyInput(), gettext("Close the incident"))


@pages.route("/<uuid:incident_id>/reopen", methods=["GET", "POST"])
@needs("incidents.manage")
def reopen(incident_id: UUID) -> ResponseReturnValue:
    """Open it again."""
    return step(incident_id, rules.reopen, WhyInput(), gettext("Open the incident again"))


def step(incident_id: UUID, rule: Callable[..., Any], schema: Any, title: str) -> ResponseReturnValue:
    """Ask the one thing a step needs, and make it."""
    incident = queries.one(incident_id)
    form = Form(schema, {"edition": incident.edition, "on": clock.today()})
    if send_edit(form, rule, lambda: queries.one(incident_id).edition, incident=incident):
        flash(gettext("Saved."), "good")
        return redirect(to("incidents.detail", incident_id=incident_id))
    page = {"form": form, "incident": queries.one(incident_id), "title": title}
    return render_template("tenants/incidents/step.html", **page), form.status

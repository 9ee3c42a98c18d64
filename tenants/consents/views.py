"""What people have agreed to: given, scanned, renewed, withdrawn."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.consents import queries, rules
from ayumi.consents.labels import FORMS, SCOPE_HINTS, SCOPES, STATUS_KINDS, STATUSES
from ayumi.consents.schemas import Given, Withdrawal
from ayumi.contracts import queries as contracts
from ayumi.japan.calendar import period_end
from ayumi.japan.inputs import Input
from ayumi.kernel import clock
from ayumi.kernel.errors import NotFound
from ayumi.participants import queries as participants
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again_for_file
from ayumi.web.visit import visit
from tenants.consents import scans

pages = Blueprint("consents", __name__)

SOON = 30
USUAL_MONTHS = 12


@pages.get("/consents/expiring")
@needs("consents.read")
def expiring() -> ResponseReturnValue:
    """List the consents that run out within thirty days, or have run out with nothing in their place."""
    mine = request.args.get("mine") == "1"
    rows = queries.expiring(SOON, visit().membership_id if mine else None)
    return render_template(
        "tenants/consents/expiring.html", rows=rows, mine=mine, days=SOON, today=clock.today(), **words()
    )


@pages.get("/consents/to-ask")
@needs("consents.read")
def to_ask() -> ResponseReturnValue:
    """List the people whom a firm supports without being allowed to look at them."""
    mine = request.args.get("mine") == "1"
    rows = queries.to_ask(visit().membership_id if mine else None)
    return render_template("tenants/consents/to_ask.html", rows=rows, mine=mine)


@pages.get("/people/<uuid:participant_id>/consents")
@needs("consents.read")
def index(participant_id: UUID) -> ResponseReturnValue:
    """Show everything a person has agreed to."""
    person = participants.one(participant_id)
    rows = queries.of(participant_id)
    form = Form(Input())
    return render_template(
        "tenants/consents/of_person.html",
        person=person,
        rows=rows,
        scan=scans.field_of(form, "scan"),
        today=clock.today(),
        **words(),
    )


@pages.route("/people/<uuid:participant_id>/consents/new", methods=["GET", "POST"])
@needs("consents.write")
def new(participant_id: UUID) -> ResponseReturnValue:
    """Write down a consent."""
    return write(participant_id, [])


@pages.route("/consents/<uuid:consent_id>/renew", methods=["GET", "POST"])
@needs("consents.write")
def renew(consent_id: UUID) -> ResponseReturnValue:
    """Write down the consent that follows one that runs out: the same matters, a new day and a new end."""
    before = queries.one(consent_id)
    return write(before.participant_id, list(before.scopes), renewed=before)


def write(participant_id: UUID, scopes: list[str], renewed: Any = None) -> ResponseReturnValue:
    """Show and take the form of a consent."""
    person, today = participants.one(participant_id), clock.today()
    initial = {"scopes": scopes, "given_on": today, "expires_on": period_end(today, USUAL_MONTHS)}
    form = Form(Given(), initial)
    if form.send(rules.give, participant=person, id=form.token, scan=scans.handed_in("scan")):
        flash(gettext("The consent has been entered."), "good")
        return redirect(to("consents.index", participant_id=participant_id))
    scan = scans.field_of(form, "scan")
    shown = {"form": form, "scan": scan, "person": person, "renewed": renewed}
    return render_template("tenants/consents/new.html", **shown, **words()), form.status


@pages.route("/consents/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
@needs("consents.write")
def withdraw(consent_id: UUID) -> ResponseReturnValue:
    """Show what withdrawing does, and do it."""
    consent = queries.one(consent_id)
    person = participants.one(consent.participant_id)
    form = Form(Withdrawal(), {"withdrawn_on": clock.today()})
    if form.send(rules.withdraw, consent=consent):
        flash(gettext("The consent has been withdrawn."), "good")
        return redirect(to("consents.index", participant_id=person.id))
    together = queries.withdrawn_with(consent)
    if consent not in together:
        raise rules.NotInForce
    firm = contracts.firm(person.firm_id) if person.firm_id and "firm" in consent.scopes else None
    shown = {"form": form, "consent": consent, "person": person, "together": together, "firm": firm}
    records = queries.records_in_sight(person.id) if firm else 0
    return render_template("tenants/consents/withdraw.html", **shown, records=records, **words()), form.status


@pages.post("/consents/<uuid:consent_id>/scan")
@needs("consents.write")
def attach(consent_id: UUID) -> ResponseReturnValue:
    """Keep the scanned paper of a consent that was entered without it."""
    consent = queries.one(consent_id)
    form = Form(Input())
    if form.send(rules.attach, consent=consent, scan=scans.handed_in("scan")):
        flash(gettext("The scanned paper has been attached."), "good")
        return redirect(to("consents.index", participant_id=consent.participant_id))
    person = participants.one(consent.participant_id)
    shown = {"form": form, "person": person, "consent": consent, "scan": scans.field_of(form, "scan")}
    return render_template("tenants/consents/attach.html", **shown), form.status


@pages.get("/consents/<uuid:consent_id>/scan")
@asks_again_for_file
@needs("consents.scan")
def scan(consent_id: UUID) -> ResponseReturnValue:
    """Hand out the scanned paper."""
    consent = queries.one(consent_id)
    if consent.file_id is None:
        raise NotFound
    return scans.as_download(consent.file_id)


def words() -> dict[str, Any]:
    """Return the labels of these pages."""
    return {
        "forms": FORMS,
        "scopes": SCOPES,
        "scope_hints": SCOPE_HINTS,
        "statuses": STATUSES,
        "status_kinds": STATUS_KINDS,
    }

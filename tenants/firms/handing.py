"""The people of one firm handed over to the next: chosen, looked at, done at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.contracts import queries as contracts
from ayumi.handovers import queries, rules
from ayumi.handovers.rules import ChangedSincePreview
from ayumi.handovers.schemas import HandOverInput
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid
from ayumi.participants import staff
from ayumi.participants.labels import STATUS_KINDS, STATUSES
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("handovers", __name__, url_prefix="/firms")


@pages.route("/hand-over", methods=["GET", "POST"])
@needs("handovers.write")
def new() -> ResponseReturnValue:
    """Choose firms and day, look at what would happen, and let it happen."""
    form, late = Form(HandOverInput(), {"starts_on": clock.today()}, choices=choices()), False
    if request.form.get("do") == "apply":
        try:
            made = form.send(rules.hand_over, id=form.token, seen=request.form.get("seen", ""))
        except ChangedSincePreview:
            db.session.rollback()
            made, late = None, True
        if made:
            flash(gettext("%(number)s people have been handed over.", number=made.people), "good")
            return redirect(to("consents.to_ask"))
    plan = preview(form)
    page = render_template("tenants/firms/hand_over.html", form=form, plan=plan, late=late, **words())
    return page, 409 if late else form.status


def choices() -> dict[str, Any]:
    """Return the firms that have or had a contract here, and the people of the one that was chosen as the next."""
    known = [(firm.id, firm.name) for firm in contracts.known_firms()]
    please = ("", gettext("Please choose"))
    chosen = [id for id, _name in known if str(id) == request.form.get("to_firm_id")]
    people = staff.supporters_for(chosen[0]) if chosen else []
    return {
        "from_firm_id": [please, *known],
        "to_firm_id": [please, *known],
        "supporter_id": [("", gettext("Decide later, one by one")), *((row.id, row.name) for row in people)],
    }


def preview(form: Form) -> queries.Plan | None:
    """Return what a hand-over as typed would do; None as long as it is not typed, or cannot be."""
    said = form.data() if not form.errors else None
    if said is None:
        return None
    try:
        rules.check(said["from_firm_id"], said["to_firm_id"], said["starts_on"])
    except Invalid as error:
        form.refuse(error)
        return None
    return queries.plan(said["from_firm_id"], said["to_firm_id"], said["starts_on"])


def words() -> dict[str, Any]:
    """Return what the page says besides."""
    return {
        "today": clock.today(),
        "names": {str(firm.id): firm.name for firm in contracts.known_firms()},
        "status_words": STATUSES,
        "status_kinds": STATUS_KINDS,
        "done": queries.every(),
    }

"""What a municipality has booked, who administers it, whether its service runs."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.hosting import queries, rules
from ayumi.hosting.model import Plan
from ayumi.hosting.schemas import AdministratorInput, BookingInput, SuspensionInput
from ayumi.kernel.db import db
from ayumi.operating.guard import town
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("booking", __name__, url_prefix="/m/<municipality>")


@pages.route("/plan", methods=["GET", "POST"])
@needs("operator")
def book() -> ResponseReturnValue:
    """Change plan and seats."""
    booked = queries.subscription(db.session(), town().id)
    initial = {
        "plan": booked.plan if booked else Plan.TRIAL,
        "seats": booked.seats if booked else 10,
        "edition": booked.edition if booked else 0,
    }
    form = Form(BookingInput(), initial)
    if form.send(rules.book):
        flash(gettext("Plan and seats have been changed."), "good")
        return redirect(to("municipalities.show"))
    return render_template("ayumi/operating/municipalities/book.html", form=form, town=town()), form.status


@pages.route("/administrator", methods=["GET", "POST"])
@needs("operator")
def administrator() -> ResponseReturnValue:
    """Invite somebody to administer the municipality."""
    form = Form(AdministratorInput())
    if form.send(invite, id=form.token):
        flash(gettext("The invitation is on its way."), "good")
        return redirect(to("municipalities.show"))
    return render_template("ayumi/operating/municipalities/administrator.html", form=form, town=town()), form.status


def invite(*, administrator_name: str, administrator_email: str, id: UUID) -> UUID:
    """Ask one person, into the present municipality."""
    asked = rules.Administrator(administrator_name, administrator_email)
    return rules.invite(asked, tenant_id=town().id, id=id)


@pages.route("/suspend", methods=["GET", "POST"])
@needs("operator")
def suspend() -> ResponseReturnValue:
    """Suspend the municipality."""
    form = Form(SuspensionInput())
    if form.send(rules.suspend):
        flash(gettext("The municipality is suspended. Nothing is lost; its people read a calm page."), "good")
        return redirect(to("municipalities.show"))
    return render_template("ayumi/operating/municipalities/suspend.html", form=form, town=town()), form.status


@pages.post("/resume")
@needs("operator")
def resume() -> ResponseReturnValue:
    """Let the municipality go on."""
    rules.resume()
    flash(gettext("The municipality goes on. What was promised meanwhile is done now."), "good")
    return redirect(to("municipalities.show"))

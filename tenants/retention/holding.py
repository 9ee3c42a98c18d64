"""Legal holds: what must stay, whatever its time says."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.participants import queries as participants
from ayumi.retention import holds
from ayumi.retention.schemas import HoldByNumberInput, HoldInput, WhyInput
from ayumi.web.forms import Form
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("holds", __name__, url_prefix="/holds")


@pages.get("/")
@needs("retention.read")
def index() -> ResponseReturnValue:
    """List the holds."""
    return render_template("tenants/retention/holds.html", holds=holds.every(), with_people=may("people.read"))


@pages.route("/new", methods=["GET", "POST"])
@needs("holds.write")
def new() -> ResponseReturnValue:
    """Hold the papers of whoever has a case number."""
    form = Form(HoldByNumberInput())
    if form.send(holds.place_by_number, id=form.token):
        flash(gettext("Held. Nothing of this person is disposed of while it is in force."), "good")
        return redirect(to("retention.holds.index"))
    return render_template("tenants/retention/hold.html", form=form, person=None, held=None), form.status


@pages.route("/people/<uuid:participant_id>", methods=["GET", "POST"])
@needs("holds.write_of_person")
def of_person(participant_id: UUID) -> ResponseReturnValue:
    """Hold somebody's papers, from their own page."""
    person, form = participants.one(participant_id), Form(HoldInput())
    if form.send(partial(holds.place, participant_id), id=form.token):
        flash(gettext("Held. Nothing of this person is disposed of while it is in force."), "good")
        return redirect(to("participants.detail", participant_id=participant_id))
    held = holds.of_person(participant_id)
    return render_template("tenants/retention/hold.html", form=form, person=person, held=held), form.status


@pages.route("/<uuid:hold_id>/lift", methods=["GET", "POST"])
@needs("holds.write")
def lift(hold_id: UUID) -> ResponseReturnValue:
    """Let go of somebody's papers again."""
    hold, form = holds.visible(hold_id), Form(WhyInput())
    if form.send(partial(holds.lift, hold_id)):
        flash(gettext("The hold is lifted."), "good")
        return redirect(to("retention.holds.index"))
    return render_template("tenants/retention/lift.html", form=form, hold=hold), form.status

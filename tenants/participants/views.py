"""People of the municipality: find them, take them in, keep them right, say who is there for them."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.people import timeline
from ayumi.delivery.people.listing import listing, sought
from ayumi.delivery.people.words import words
from ayumi.participants import queries, rules
from ayumi.participants.schemas import LiftSchema
from ayumi.records import expecting
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from tenants.participants import forms
from tenants.participants.forms import AssignForm
from tenants.participants.imports import pages as imports

RESTRICT = "tenants/participants/restrict.html"

pages = Blueprint("participants", __name__, url_prefix="/people")
pages.register_blueprint(imports)
pages.context_processor(words)


@pages.get("/")
@needs("people.read")
def index() -> ResponseReturnValue:
    """List people: one's own first, where one has any."""
    return render_template("tenants/participants/list.html", people=listing())


@pages.route("/new", methods=["GET", "POST"])
@needs("people.write")
def new() -> ResponseReturnValue:
    """Register somebody."""
    form = forms.of_new()
    if person := form.send(rules.register, id=form.token):
        flash(gettext("%(name)s is registered.", name=person.name), "good")
        return redirect(to("participants.detail", participant_id=person.id))
    return render_template("tenants/participants/new.html", form=form), form.status


@pages.post("/find")
@needs("people.read")
def seek() -> ResponseReturnValue:
    """Go to the list of those who are called so; the words stand sealed in its address."""
    return redirect(sought(), 303)


@pages.get("/<uuid:participant_id>")
@needs("people.read")
def detail(participant_id: UUID) -> ResponseReturnValue:
    """Show everything about somebody on one page."""
    life = timeline.life(queries.one(participant_id))
    return render_template("tenants/participants/detail.html", life=life, shown=timeline.shown(life))


@pages.route("/<uuid:participant_id>/edit", methods=["GET", "POST"])
@needs("people.write")
def edit(participant_id: UUID) -> ResponseReturnValue:
    """Change what is known of somebody."""
    person = queries.one(participant_id)
    form = forms.known(person)
    with forms.told(form, person) as told:
        if form.send(partial(rules.edit, person)):
            flash(gettext("Saved."), "good")
            return redirect(to("participants.detail", participant_id=participant_id))
    return render_template("tenants/participants/edit.html", form=form, person=person, told=told), told.status


@pages.route("/<uuid:participant_id>/assign", methods=["GET", "POST"])
@needs("people.write")
def assign(participant_id: UUID) -> ResponseReturnValue:
    """Say who is there for somebody."""
    person = queries.one(participant_id)
    form = AssignForm(person)
    with forms.told(form, person) as told:
        if form.send(partial(rules.assign, person)):
            expecting.follow_delivery()
            flash(gettext("Saved."), "good")
            return redirect(to("participants.detail", participant_id=participant_id))
    return render_template("tenants/participants/assign.html", form=form, person=person, told=told), told.status


@pages.get("/<uuid:participant_id>/supporters")
@needs("people.write")
def supporters(participant_id: UUID) -> ResponseReturnValue:
    """Show who can support where the form has just been set to."""
    form = AssignForm(queries.one(participant_id), chosen=request.args.get("delivery_firm_id", ""))
    return render_template("tenants/participants/_supporters.html", form=form)


@pages.route("/<uuid:participant_id>/restrict", methods=["GET", "POST"])
@needs("people.restrict")
def restrict(participant_id: UUID) -> ResponseReturnValue:
    """Hide somebody from all but a few."""
    person = queries.one(participant_id)
    form = forms.restriction(person)
    if form.send(partial(rules.restrict, person)):
        flash(gettext("From now on only those named can find this person."), "good")
        return redirect(_back(participant_id))
    return render_template(RESTRICT, form=form, lift=forms.untouched(LiftSchema()), person=person), form.status


@pages.post("/<uuid:participant_id>/restrict/lift")
@needs("people.restrict")
def lift(participant_id: UUID) -> ResponseReturnValue:
    """Open somebody to all staff again."""
    person = queries.one(participant_id)
    form = Form(LiftSchema())
    if form.send(partial(rules.lift_restriction, person)):
        flash(gettext("All staff who work with people can find this person again."), "good")
        return redirect(_back(participant_id))
    named = forms.restriction(person)
    named.typed = None
    return render_template(RESTRICT, form=named, lift=form, person=person), form.status


def _back(participant_id: UUID) -> str:
    """To the person, if whoever has just decided may still see them."""
    if queries.find(participant_id):
        return to("participants.detail", participant_id=participant_id)
    return to("participants.index")

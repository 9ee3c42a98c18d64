"""Taking people in, rests, going on beyond a year, and the end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.consents import queries as consents
from ayumi.kernel import clock
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.plans import queries as goals
from ayumi.plans.enrolling import enrol
from ayumi.plans.schemas import Enrolling
from ayumi.selection import queries, rules
from ayumi.selection.schemas import Ending, Rest
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from tenants.consents import scans
from tenants.enrolments import beginning, telling

pages = Blueprint("enrolments", __name__)


@pages.route("/people/<uuid:participant_id>/enrolments/new", methods=["GET", "POST"])
@needs("enrolments.write")
def new(participant_id: UUID) -> ResponseReturnValue:
    """Take somebody in: the route, the decision, the goal agreed at the start, and consent."""
    person, route = participants.one(participant_id), queries.current_route()
    consent, firms = consents.in_force(participant_id), beginning.firms(person)
    choices = beginning.choices(firms, asks_consent=beginning.asks_consent(route, consent))
    form = Form(Enrolling(), beginning.initial(person, route), choices=choices)
    made = form.send(enrol, participant_id=participant_id, id=form.token, consent_scan=scans.handed_in("consent_scan"))
    if made:
        flash(gettext("Support has been decided. Weekly records are expected from the first week on."), "good")
    if found := made or queries.running(participant_id):
        return redirect(to("enrolments.detail", enrolment_id=found.id))
    shown = beginning.shown(person, route, form)
    return render_template("tenants/enrolments/new.html", **shown, consent=consent, firms=firms), form.status


@pages.get("/enrolments/<uuid:enrolment_id>")
@needs("people.read")
def detail(enrolment_id: UUID) -> ResponseReturnValue:
    """Show an enrolment: what was decided, what was agreed, what has happened since."""
    enrolment = queries.one(enrolment_id)
    person = participants.one(enrolment.participant_id)
    versions, agreed = goals.versions(enrolment_id), consents.of(person.id)
    return render_template(
        "tenants/enrolments/detail.html",
        enrolment=enrolment,
        person=person,
        route=queries.route(enrolment.route_id),
        goal=versions[0] if versions else None,
        versions=len(versions),
        consents=agreed,
        term=queries.term(enrolment),
        others=[row for row in queries.enrolments_of(person.id)],
        story=telling.story(enrolment_id, versions, agreed),
        today=clock.today(),
        **telling.words(),
    )


@pages.route("/enrolments/<uuid:enrolment_id>/pause", methods=["GET", "POST"])
@needs("enrolments.write")
def pause(enrolment_id: UUID) -> ResponseReturnValue:
    """Let support rest."""
    said = telling.Ask(
        _("Pause the support"),
        _("No weekly records are expected while support is paused. It can go on at any time."),
        _("Support is paused."),
    )
    return ask(enrolment_id, rules.pause, said)


@pages.route("/enrolments/<uuid:enrolment_id>/resume", methods=["GET", "POST"])
@needs("enrolments.write")
def resume(enrolment_id: UUID) -> ResponseReturnValue:
    """Let support go on."""
    said = telling.Ask(
        _("Go on with the support"),
        _("Weekly records are expected again from this week on."),
        _("Support goes on."),
    )
    return ask(enrolment_id, rules.resume, said)


@pages.route("/enrolments/<uuid:enrolment_id>/prolong", methods=["GET", "POST"])
@needs("enrolments.write")
def prolong(enrolment_id: UUID) -> ResponseReturnValue:
    """Say why support goes on beyond a year."""
    said = telling.Ask(
        _("Go on beyond a year"),
        _("Support usually lasts a year; the municipality may set another period where that fits better."),
        _("The reason has been entered."),
    )
    return ask(enrolment_id, rules.prolong, said)


def ask(enrolment_id: UUID, rule: Callable[..., Any], said: telling.Ask) -> ResponseReturnValue:
    """Show and take a form that asks for a reason."""
    enrolment = queries.one(enrolment_id)
    form = Form(Rest(), {"edition": enrolment.edition})
    if form.send(rule, enrolment=enrolment):
        flash(gettext(said.done), "good")
        return redirect(to("enrolments.detail", enrolment_id=enrolment_id))
    person = participants.one(enrolment.participant_id)
    shown = {"form": form, "enrolment": enrolment, "person": person, "said": said}
    return render_template("tenants/enrolments/why.html", **shown), form.status


@pages.route("/enrolments/<uuid:enrolment_id>/end", methods=["GET", "POST"])
@needs("enrolments.write")
def end(enrolment_id: UUID) -> ResponseReturnValue:
    """End support with its reason."""
    enrolment = queries.one(enrolment_id)
    form = Form(Ending(), {"edition": enrolment.edition, "ends_on": clock.today()}, choices=telling.end_choices())
    if form.send(rules.end, enrolment=enrolment):
        flash(gettext("Support has ended."), "good")
        return redirect(to("enrolments.detail", enrolment_id=enrolment_id))
    person = participants.one(enrolment.participant_id)
    goal = goals.current(enrolment_id)
    return render_template(
        "tenants/enrolments/end.html", form=form, enrolment=enrolment, person=person, goal=goal
    ), form.status

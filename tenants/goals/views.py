"""Goals: changed with a reason, readable in all their versions, due to be looked at again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.japan.calendar import months_after
from ayumi.kernel import clock
from ayumi.participants import queries as participants
from ayumi.plans import queries, rules
from ayumi.plans.differences import differences
from ayumi.plans.labels import KINDS
from ayumi.plans.schemas import GoalChange
from ayumi.selection import queries as selection
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("goals", __name__)

REVIEW_MONTHS = 3
SOON = 14


@pages.get("/goals")
@needs("people.read")
def index() -> ResponseReturnValue:
    """List the goals that are due to be looked at again."""
    mine = request.args.get("mine") == "1"
    rows = queries.to_review(within_days=SOON, membership_id=visit().membership_id if mine else None)
    return render_template(
        "tenants/goals/list.html", rows=rows, mine=mine, days=SOON, today=clock.today(), goal_kinds=KINDS
    )


@pages.route("/enrolments/<uuid:enrolment_id>/goal", methods=["GET", "POST"])
@needs("goals.write")
def change(enrolment_id: UUID) -> ResponseReturnValue:
    """Agree on a new version of the goal."""
    enrolment, goal = selection.one(enrolment_id), queries.current(enrolment_id)
    form = Form(GoalChange(), before(goal))
    if form.send(rules.change, enrolment=enrolment, id=form.token):
        flash(gettext("The goal has been changed."), "good")
        return redirect(to("enrolments.detail", enrolment_id=enrolment_id))
    person = participants.one(enrolment.participant_id)
    shown = {"form": form, "goal": goal, "enrolment": enrolment, "person": person, "goal_kinds": KINDS}
    return render_template("tenants/goals/change.html", **shown), form.status


def before(goal: Any) -> dict[str, Any]:
    """Return what stands in the form before anything is typed: the goal as it is."""
    today = clock.today()
    dates = {"agreed_on": today, "review_on": months_after(today, REVIEW_MONTHS)}
    if goal is None:
        return {"version": 0} | dates
    return {"version": goal.version, "kind": goal.kind, "text": goal.text} | dates


@pages.get("/enrolments/<uuid:enrolment_id>/goal/history")
@needs("people.read")
def history(enrolment_id: UUID) -> ResponseReturnValue:
    """Show every version of the goal with what changed in it and why."""
    enrolment = selection.one(enrolment_id)
    versions = queries.versions(enrolment_id)
    earlier = [*versions[1:], None]
    rows = [
        (goal, differences(old.text, goal.text) if old else [("same", goal.text)])
        for goal, old in zip(versions, earlier, strict=True)
    ]
    return render_template(
        "tenants/goals/history.html",
        rows=rows,
        enrolment=enrolment,
        person=participants.one(enrolment.participant_id),
        names=accounts.names_of({goal.entered_by for goal in versions if goal.entered_by}),
        goal_kinds=KINDS,
    )

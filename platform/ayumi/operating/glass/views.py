"""Break-glass from the operators' side: ask, approve for a colleague, end. Looking itself happens in the console."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.hosting import breaks
from ayumi.hosting import glass as rules
from ayumi.hosting.labels import ENDED, GLASS, GLASS_KINDS
from ayumi.hosting.model import EndedBy, GlassBreak, GlassStatus
from ayumi.hosting.schemas import GlassInput, RefusalInput
from ayumi.kernel.db import db, one
from ayumi.operating.guard import operator, town
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again

pages = Blueprint("glass", __name__)


@pages.get("/glass/")
@needs("operator")
def index() -> ResponseReturnValue:
    """Show every break of the glass, what waits or is open first."""
    rows = breaks.every(db.session())
    return render_template("ayumi/operating/glass/list.html", rows=rows, words=GLASS, kinds=GLASS_KINDS)


@pages.route("/m/<municipality>/glass/new", methods=["GET", "POST"])
@asks_again
@needs("operator")
def ask() -> ResponseReturnValue:
    """Ask to look into a municipality."""
    form = Form(GlassInput(), {"hours": 1})
    made = form.send(rules.ask, id=form.token, name=operator().name)
    if made is not None:
        flash(gettext("Your request waits for a second operator. The municipality has been told."), "good")
        return redirect(to("glass.show", break_id=made.id))
    return render_template("ayumi/operating/glass/ask.html", form=form, town=town()), form.status


@pages.get("/m/<municipality>/glass/<uuid:break_id>")
@needs("operator")
def show(break_id: UUID) -> ResponseReturnValue:
    """Show one break: who, why, how far it is."""
    found = one(GlassBreak, break_id)
    mine = found.asked_by == operator().account_id
    return render_template(
        "ayumi/operating/glass/show.html",
        broken=found,
        town=town(),
        mine=mine,
        may_approve=found.status is GlassStatus.ASKED and not mine,
        may_refuse=found.status in rules.WAITING,
        words=GLASS,
        kinds=GLASS_KINDS,
        ended=ENDED,
    )


@pages.post("/m/<municipality>/glass/<uuid:break_id>/approve")
@asks_again
@needs("operator")
def approve(break_id: UUID) -> ResponseReturnValue:
    """Approve a colleague's request."""
    rules.approve(break_id, name=operator().name)
    flash(gettext("You have approved the request."), "good")
    return redirect(to("glass.show", break_id=break_id))


@pages.route("/m/<municipality>/glass/<uuid:break_id>/refuse", methods=["GET", "POST"])
@needs("operator")
def refuse(break_id: UUID) -> ResponseReturnValue:
    """Refuse a request, or take one's own back."""
    found, form = one(GlassBreak, break_id), Form(RefusalInput())
    if form.send(rules.refuse, id=break_id):
        flash(gettext("The request is refused."), "good")
        return redirect(to("glass.show", break_id=break_id))
    return render_template("ayumi/operating/glass/refuse.html", form=form, broken=found, town=town()), form.status


@pages.post("/m/<municipality>/glass/<uuid:break_id>/end")
@needs("operator")
def end(break_id: UUID) -> ResponseReturnValue:
    """Close the glass before its time."""
    rules.end(break_id, by=EndedBy.OPERATOR)
    flash(gettext("The glass is closed. The municipality has been told."), "good")
    return redirect(to("glass.show", break_id=break_id))

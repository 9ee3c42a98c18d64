"""Break-glass from the municipality's side: who asks and why, agree or refuse, end at any moment, look back at it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.hosting import breaks
from ayumi.hosting import glass as rules
from ayumi.hosting.labels import ENDED, GLASS, GLASS_KINDS
from ayumi.hosting.schemas import RefusalInput, ReviewInput
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from tenants.glass.seen import shown

pages = Blueprint("glass", __name__, url_prefix="/glass")


@pages.get("/")
@needs("glass.read")
def index() -> ResponseReturnValue:
    """Show every time an operator asked to look inside."""
    rows = breaks.ours()
    return render_template("tenants/glass/list.html", rows=rows, words=GLASS, kinds=GLASS_KINDS)


@pages.get("/<uuid:break_id>")
@needs("glass.read")
def detail(break_id: UUID) -> ResponseReturnValue:
    """Show one of them, with everything that was looked at."""
    return page(break_id, Form(ReviewInput()))


@pages.post("/<uuid:break_id>/agree")
@asks_again
@needs("glass.decide")
def agree(break_id: UUID) -> ResponseReturnValue:
    """Agree: the operator can look from now on."""
    rules.agree(break_id)
    flash(gettext("You have agreed. The operator can look from now on; you can end it at any moment."), "good")
    return redirect(to("glass.detail", break_id=break_id))


@pages.route("/<uuid:break_id>/refuse", methods=["GET", "POST"])
@needs("glass.decide")
def refuse(break_id: UUID) -> ResponseReturnValue:
    """Refuse the request."""
    broken, form = breaks.one_here(break_id), Form(RefusalInput())
    if form.send(rules.refuse, id=break_id):
        flash(gettext("The request is refused."), "good")
        return redirect(to("glass.detail", break_id=break_id))
    return render_template("tenants/glass/refuse.html", form=form, broken=broken), form.status


@pages.post("/<uuid:break_id>/end")
@needs("glass.end")
def end(break_id: UUID) -> ResponseReturnValue:
    """Close the glass now."""
    rules.end_for_municipality(break_id)
    flash(gettext("The glass is closed. Nobody looks inside any more."), "good")
    return redirect(to("glass.detail", break_id=break_id))


@pages.post("/<uuid:break_id>/review")
@needs("glass.end")
def review(break_id: UUID) -> ResponseReturnValue:
    """Write down what was found when looking back."""
    form = Form(ReviewInput())
    if form.send(rules.review, id=break_id):
        flash(gettext("You have looked back at it. The case is closed."), "good")
        return redirect(to("glass.detail", break_id=break_id))
    return page(break_id, form)


def page(break_id: UUID, form: Form) -> ResponseReturnValue:
    """The page of one break."""
    broken = breaks.one_here(break_id)
    members = {id for id in (broken.agreed_by, broken.reviewed_by) if id}
    said: dict[str, Any] = {
        "broken": broken,
        "review": breaks.review_of(break_id),
        "views": shown(breaks.views(break_id)),
        "names": accounts.names_of(members),
        "words": GLASS,
        "kinds": GLASS_KINDS,
        "ended": ENDED,
        "waiting": rules.WAITING,
    }
    return render_template("tenants/glass/detail.html", form=form, **said), form.status

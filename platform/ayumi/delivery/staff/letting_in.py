"""The second person: somebody cannot come in, and whoever administers here makes sure that it is them."""

from uuid import UUID

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.invitations import queries, resets
from ayumi.invitations.schemas import Approval
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again

pages = Blueprint("letting_in", __name__, url_prefix="/locked-out")


@pages.post("/<uuid:reset_id>/approve")
@asks_again
@needs("staff.write")
def approve(reset_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    found = queries.reset_request(reset_id, lock=True)
    if Form(Approval()).send(resets.approve, request=found):
        flash(gettext("A mail with a link is on its way. It works for one hour, once."), "good")
    else:
        flash(gettext("Please say how you made sure that it is them. Nothing has been sent."), "bad")
    return redirect(to("staff.index"))


@pages.post("/<uuid:reset_id>/refuse")
@needs("staff.write")
def refuse(reset_id: UUID) -> ResponseReturnValue:
    """Do not let somebody in."""
    resets.refuse(queries.reset_request(reset_id, lock=True))
    flash(gettext("The request has been refused. Nothing has been sent."), "good")
    return redirect(to("staff.index"))

"""Where one is logged in: every browser with device, place and time, and a way to end each."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ayumi.accounts import devices, queries, rules
from ayumi.accounts.labels import METHODS
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import notices, own
from ayumi.web.permissions import of_any_account
from ayumi.web.step_up import asks_again

pages = Blueprint("sessions", __name__, url_prefix="/account/sessions")
own.guard_own(pages)


@pages.get("/")
@of_any_account
def index() -> ResponseReturnValue:
    """List one's living sessions, this one first."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        rows = queries.sessions(session, visitor.account_id, key=visitor.key)
    return render_template("ayumi/web/pages/sessions.html", rows=rows, named=devices.named, methods=METHODS)


@pages.post("/<uuid:session_id>/end")
@asks_again
@of_any_account
def end(session_id: UUID) -> ResponseReturnValue:
    """End one of one's sessions."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        if not rules.end_one(session, visitor.account_id, session_id):
            raise NotFound
        notices.write_down(session, visitor.account_id, "sessions_ended", {"sessions": [1, 0]})
    flash(gettext("The session has ended. That browser has to log in again."), "good")
    return redirect(url_for("sessions.index"))


@pages.post("/end-others")
@asks_again
@of_any_account
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        ended = rules.end_sessions(session, visitor.account_id, but=visitor.key)
        if ended:
            notices.write_down(session, visitor.account_id, "sessions_ended", {"sessions": [ended, 0]})
    flash(ngettext("%(num)s other session has ended.", "%(num)s other sessions have ended.", ended), "good")
    return redirect(url_for("sessions.index"))

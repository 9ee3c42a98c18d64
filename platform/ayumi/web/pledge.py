"""The pledge of secrecy, asked of everybody on a staff or in a firm before they see anybody."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.model import Party
from ayumi.invitations import pledging
from ayumi.japan.inputs import Input, YesNo
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.web.forms import Form
from ayumi.web.guard import CONDITIONS
from ayumi.web.links import to
from ayumi.web.paths import local_path
from ayumi.web.permissions import needs
from ayumi.web.visit import Visit, visit

pages = Blueprint("pledge", __name__, url_prefix="/pledge")

PLEDGING = (Party.STAFF, Party.FIRM)


class Word(Input):
    """One's word."""

    pledged = YesNo(metadata={"label": _("I have read this and I promise it.")})


def init_pledge(app: Flask) -> None:
    """Ask for the pledge before every page of a place."""
    if demand not in CONDITIONS:
        CONDITIONS.append(demand)


def demand(visit: Visit, view: Any) -> ResponseReturnValue | None:
    """Send somebody who has not pledged yet to the pledge, whatever they wanted to see."""
    if visit.party not in PLEDGING or visit.belonging.pledged_on is not None or view.permission == "pledge":
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(to("pledge.page", next=wanted))


@pages.route("/", methods=["GET", "POST"])
@needs("pledge")
def page() -> ResponseReturnValue:
    """Read the pledge, and give one's word."""
    wanted, here = local_path(request.values.get("next")), visit()
    form = Form(Word())
    if form.send(give, visit=here):
        flash(gettext("Thank you. Your pledge has been written down."), "good")
        return redirect(wanted or to("home.index"))
    return render_template("ayumi/web/pages/pledge.html", form=form, next=wanted), form.status


def give(*, visit: Visit, pledged: bool) -> bool:
    """Write one's word down for this place."""
    if not pledged:
        raise Invalid(fields={"pledged": _("Please tick this to give your word.")})
    place = Place(Door.ACCOUNTS, account_id=visit.visitor.account_id, membership_id=visit.membership_id)
    with visiting(place) as session:
        pledging.pledge(session, tenant_id=visit.belonging.tenant_id, membership_id=visit.membership_id)
    return True

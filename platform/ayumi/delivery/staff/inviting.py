"""Inviting people: into the own house, into a firm under contract, or (a manager) into one's own firm."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.model import Party
from ayumi.contracts import queries as contracts
from ayumi.hosting import seats
from ayumi.invitations import queries, rules
from ayumi.invitations.schemas import OfFirm, OfStaff
from ayumi.kernel import clock
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from ayumi.web.visit import visit

pages = Blueprint("inviting", __name__, url_prefix="/invitations")


@pages.route("/new", methods=["GET", "POST"])
@asks_again
@needs("staff.write")
def new() -> ResponseReturnValue:
    """Invite somebody."""
    firm_id = wanted_firm()
    firm = contracts.firm(firm_id) if firm_id else None
    form = Form(OfFirm(), {"ends_on": contract_end(firm_id)}) if firm_id else Form(OfStaff())
    party = Party.FIRM if firm_id else Party.STAFF
    if form.send(send, id=form.token, party=party, firm_id=firm_id):
        flash(gettext("The invitation is on its way. The link in it works for seven days."), "good")
        return redirect(to("staff.index"))
    return render_template("ayumi/delivery/staff/invite.html", form=form, firm=firm, places=places()), form.status


def send(*, id: UUID, party: Party, **given: Any) -> UUID:
    """Invite; the own house only while a seat is left."""
    if party is Party.STAFF:
        seats.check(but=id)
    return rules.invite(id=id, party=party, **given)


@pages.post("/<uuid:invitation_id>/again")
@needs("staff.write")
def again(invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation again."""
    found = queries.invitation(invitation_id, lock=True)
    if found.party is Party.STAFF:
        seats.check(but=found.id)
    rules.send_again(found)
    flash(
        gettext("A new mail is on its way to %(email)s. The links before it no longer work.", email=found.email), "good"
    )
    return redirect(to("staff.index"))


@pages.post("/<uuid:invitation_id>/withdraw")
@needs("staff.write")
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    rules.withdraw(queries.invitation(invitation_id, lock=True))
    flash(gettext("The invitation has been withdrawn. Its link no longer works."), "good")
    return redirect(to("staff.index"))


def wanted_firm() -> UUID | None:
    """Return the firm somebody is invited into: a manager's own, else the one in the address, or none."""
    own = visit().belonging.firm_id
    return own or request.args.get("firm", type=UUID)


def places() -> list[tuple[str, str, bool]]:
    """Return (address, name, is it chosen) of the places whoever is here can invite into, if there is a choice."""
    if visit().party is Party.FIRM:
        return []
    chosen = request.args.get("firm", type=UUID)
    firms = contracts.firms_in_force(clock.today())
    own = (to("staff.inviting.new"), gettext("Own staff"), chosen is None)
    return [own, *((to("staff.inviting.new", firm=firm.id), firm.name, firm.id == chosen) for firm in firms)]


def contract_end(firm_id: UUID | None) -> Any:
    """Return the last day of a firm's newest contract, where its people's places end unless said otherwise."""
    signed = contracts.contracts_of(firm_id) if firm_id else []
    return signed[0].ends_on if signed else None

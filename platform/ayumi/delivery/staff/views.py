"""People who work here: administrators look after the staff and all firms, a firm's manager after the own firm."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import Party
from ayumi.delivery.staff import handing, inviting, letting_in, listing
from ayumi.invitations import members, queries
from ayumi.invitations.labels import INVITATION_KINDS, INVITATIONS, LOST_IN_SHORT
from ayumi.invitations.schemas import CHECKED, PlaceOfFirm, PlaceOfStaff
from ayumi.kernel import journal
from ayumi.kernel.words import _
from ayumi.participants import duties, leaving
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from ayumi.web.visit import visit

pages = Blueprint("staff", __name__, url_prefix="/staff")

for part in (inviting.pages, letting_in.pages, handing.pages):
    pages.register_blueprint(part)

DEEDS = {
    "joined": _("Has accepted the invitation"),
    "pledged": _("Has pledged secrecy"),
    "changed": _("Was changed"),
    "ended": _("The place was ended"),
}
CHANGED = {
    "name": _("Name"),
    "kana": _("Name in kana"),
    "roles": _("Roles"),
    "ends_on": _("Last day here"),
}
PLACES = {Party.STAFF: PlaceOfStaff, Party.FIRM: PlaceOfFirm}


@pages.get("/")
@needs("staff.read")
def index() -> ResponseReturnValue:
    """Show who works here, who has been invited, and who waits to be let in again."""
    show = request.args.get("show", "")
    show = show if show in listing.SIFTED else ""
    found = listing.people(show)
    return render_template(
        "ayumi/delivery/staff/list.html",
        places=listing.by_place(found),
        total=len(found),
        show=show,
        sifted=[(key, label) for key, (label, _sifting) in listing.SIFTED.items()],
        invitations=queries.open_ones(),
        resets=queries.waiting_resets(),
        **words(),
    )


@pages.route("/<uuid:membership_id>", methods=["GET", "POST"])
@needs("staff.read")
def member(membership_id: UUID) -> ResponseReturnValue:
    """Show somebody who works here."""
    found = members.one(membership_id)
    coming = members.coming([found.account_id])[found.account_id]
    history = journal.history(membership_id)
    names = accounts.names_of({entry.membership_id for entry in history if entry.membership_id})
    return render_template(
        "ayumi/delivery/staff/member.html",
        member=found,
        coming=coming,
        is_over=members.is_over(found),
        is_me=found.id == visit().membership_id,
        edition=members.edition_of(found),
        held=duties.of(membership_id),
        history=history,
        names=names,
        told=told,
        **words(),
    )


@pages.route("/<uuid:membership_id>/change", methods=["GET", "POST"])
@asks_again
@needs("staff.write")
def change(membership_id: UUID) -> ResponseReturnValue:
    """Change somebody's roles and the last day of their place."""
    found = members.one(membership_id, lock=request.method == "POST")
    initial = {"edition": members.edition_of(found), "name": found.name, "kana": found.kana}
    form = Form(PLACES[found.party](), initial | {"roles": list(found.roles), "ends_on": found.ends_on})
    if send_edit(form, save, lambda: members.edition_of(members.one(membership_id)), member=found):
        flash(gettext("Saved. It counts from the next page on."), "good")
        return redirect(to("staff.member", membership_id=membership_id))
    return render_template("ayumi/delivery/staff/change.html", form=form, member=found), form.status


def save(*, member: Any, **given: Any) -> bool:
    """Save a change."""
    leaving.change(member, **given)
    return True


@pages.post("/<uuid:membership_id>/end")
@needs("staff.write")
def end(membership_id: UUID) -> ResponseReturnValue:
    """End somebody's place at once; somebody who is responsible for people hands them over first."""
    found = members.one(membership_id, lock=True)
    try:
        leaving.end(found, edition=request.form.get("edition", type=int))
    except leaving.HandOverFirst as error:
        flash(gettext(error.message), "warn")
        return redirect(to("staff.handing.page", membership_id=membership_id))
    flash(gettext("%(name)s has no place here any more.", name=found.name), "good")
    return redirect(to("staff.index"))


def told(entry: Any) -> list[tuple[str, str, str]]:
    """Return what an entry of the journal says was changed: the field, what it was, what it is."""
    found = (entry.changes or {}).items() if entry.action == "changed" else ()
    return [(gettext(CHANGED[name]), *map(_said, pair)) for name, pair in found if name in CHANGED]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "・".join(gettext(word) for role, word in ROLES.items() if role.value in value)
    return str(value) if value else gettext("Nothing entered")


def words() -> dict[str, Any]:
    """Return the labels of these pages."""
    return {
        "roles": {role.value: word for role, word in ROLES.items()},
        "invitation_words": INVITATIONS,
        "invitation_kinds": INVITATION_KINDS,
        "deeds": DEEDS,
        "lost_words": LOST_IN_SHORT,
        "checks": [(key.value, gettext(word)) for key, word in CHECKED.items()],
    }

"""Handing somebody's people to others: all of a kind to one, or person by person, looked at before it is done."""

from collections import Counter
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.labels import ROLES
from ayumi.invitations import members
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _
from ayumi.participants import duties, fields, leaving
from ayumi.participants.duties import Duty, Held
from ayumi.participants.leaving import Plan
from ayumi.web import frame
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("handing", __name__)

DUTIES: dict[Duty, str] = {
    Duty.CASEWORKER: _("As their caseworker"),
    Duty.SUPPORTER: _("As their supporter"),
    Duty.NAMED: _("Named for restricted people"),
}
REST = _("What you may not see")


class Handing:
    """What is to be handed over, to whom it could go, and what has been chosen so far."""

    def __init__(self, member: Any) -> None:
        self.member = member
        self.held = duties.of(member.id)
        self.edition = duties.edition_of(self.held)
        self.shows_names = fields.sees(fields.Group.NAME)
        self.errors: dict[str, list[str]] = {}
        self.general: list[str] = []
        self.offered = {duty: _options(duties.successors(duty, member)) for duty in self.kinds}
        self.keepers = _options(duties.keepers(member))

    @property
    def kinds(self) -> list[Duty]:
        """The kinds of duty there are, in order."""
        return [duty for duty in Duty if any(each.duty is duty for each in self.held)]

    def of(self, duty: Duty) -> list[Held]:
        """Return the duties of one kind."""
        return [each for each in self.held if each.duty is duty]

    def plan(self) -> Plan:
        """Return what has been chosen."""
        to_all = {duty: chosen for duty in self.kinds if (chosen := _id(f"to_{duty.value}"))}
        each = {
            (held.duty, held.participant_id): chosen
            for held in self.held
            if self.shows_names and (chosen := _id(name_of(held)))
        }
        return Plan(to_all, each, _id("rest"))

    def shares(self) -> list[tuple[str, str, int]]:
        """Return (kind of duty, name of the successor, for how many people), as a preview."""
        names = {str(id): label for options in self.offered.values() for id, label in options}
        plan = self.plan()
        counted = Counter((held.duty, str(plan.successor(held))) for held in self.held)
        return [(DUTIES[duty], names.get(id, ""), number) for (duty, id), number in sorted(counted.items())]

    def check(self) -> None:
        """Note what has not been chosen yet."""
        plan = self.plan()
        for held in self.held:
            if str(plan.successor(held)) not in dict(self.offered[held.duty]):
                self.errors.setdefault(f"to_{held.duty.value}", [gettext("Please choose one.")])
        if self.keepers and str(plan.rest) not in dict(self.keepers):
            self.errors.setdefault("rest", [gettext("Please choose one.")])

    def field(self, name: str, label: str, options: Any, *, need: bool = True, **more: Any) -> dict[str, Any]:
        """Return a select as a macro draws it."""
        empty = [("", gettext("Please choose") if need else gettext("As above"))]
        value = request.form.get(name, "")
        said = {"name": name, "label": label, "type": "select", "value": value, "required": need}
        return said | {"choices": empty + options, "errors": self.errors.get(name, [])} | more

    def summary(self) -> list[dict[str, Any]]:
        """Return the fields that need another look."""
        labels = {f"to_{duty.value}": gettext(DUTIES[duty]) for duty in self.kinds} | {"rest": gettext(REST)}
        return [{"name": name, "label": labels.get(name, ""), "errors": found} for name, found in self.errors.items()]


@pages.route("/<uuid:membership_id>/hand-over", methods=["GET", "POST"])
@needs("staff.hand_over")
def page(membership_id: UUID) -> ResponseReturnValue:
    """Choose who takes over, look at it, do it."""
    handing = Handing(members.one(membership_id, lock=request.method == "POST"))
    step = request.form.get("step", "choose")
    if request.method == "POST" and step != "choose":
        handing.check()
        if not handing.errors and step == "do" and (done := _do(handing)) is not None:
            return done
    shows_preview = step == "preview" and not handing.errors
    status = 422 if handing.errors or handing.general else 200
    return render_template(
        "ayumi/delivery/staff/hand_over.html",
        handing=handing,
        member=handing.member,
        preview=shows_preview,
        may_end=frame.may("staff.write") and not members.is_over(handing.member),
        words=DUTIES,
        rest_word=REST,
        name_of=name_of,
        chosen={name: value for name, value in request.form.items() if value and name not in ("csrf_token", "step")},
    ), status


def _do(handing: Handing) -> ResponseReturnValue | None:
    member = handing.member
    try:
        number = leaving.hand_over(member, handing.plan(), edition=request.form.get("edition", 0, type=int))
        if request.form.get("end") and frame.may("staff.write"):
            leaving.end(member)
    except Invalid as error:
        handing.errors |= {name: [gettext(text) for text in texts] for name, texts in error.fields.items()}
        return None
    flash(gettext("Handed over. People: %(count)s", count=number), "good")
    return redirect(to("staff.member", membership_id=member.id))


def name_of(held: Held) -> str:
    """Name of the field in which one person's successor is chosen."""
    return f"one_{held.duty.value}_{held.participant_id}"


def _id(name: str) -> UUID | None:
    return request.form.get(name, type=UUID)


def _options(rows: Any) -> list[tuple[str, str]]:
    words = {role.value: word for role, word in ROLES.items()}
    said = {row.id: "・".join(gettext(words[role]) for role in words if role in row.roles) for row in rows}
    return [(str(row.id), f"{row.name}（{said[row.id]}）") for row in rows]

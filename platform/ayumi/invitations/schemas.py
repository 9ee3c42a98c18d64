"""What may be typed about people who work here."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from ayumi.accounts.labels import ROLES
from ayumi.accounts.model import ROLES_OF, Party
from ayumi.invitations.labels import LOST
from ayumi.invitations.model import Lost
from ayumi.japan import inputs
from ayumi.kernel.words import _

AN_ADDRESS = validate.Email(error=_("This is not an e-mail address. Example: name@example.jp."))

WAITS = _("An invitation to this address waits for an answer already. You can send it again from the list.")


class Checked(StrEnum):
    """How somebody made sure that it is really them who asks."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"


CHECKED: dict[Checked, str] = {
    Checked.IN_PERSON: _("They stood before me"),
    Checked.BY_PHONE: _("I called them at a number that I knew before"),
}


def address(label: str = _("E-mail address"), **about: Any) -> inputs.Text:
    """A field for an e-mail address."""
    return inputs.Text(
        required=True, longest=254, validate=[AN_ADDRESS], metadata={"label": label, "type": "email", **about}
    )


def last_day() -> inputs.Day:
    """A field for the last day of a place."""
    return inputs.Day(
        load_default=None,
        metadata={
            "label": _("Last day here"),
            "help": _("For people whose contract ends. After this day the place is gone by itself."),
        },
    )


def roles_of(party: Party) -> inputs.Several:
    """A field for what somebody does here."""
    return inputs.Several(
        ROLES_OF[party],
        required=True,
        validate=[validate.Length(min=1, error=_("Please choose at least one."))],
        metadata={"label": _("Roles"), "labels": ROLES},
    )


class Named(inputs.Input):
    """Whom it is about."""

    name = inputs.Text(required=True, longest=80, metadata={"label": _("Name"), "autocomplete": "off"})
    kana = inputs.Kana(load_default=None, longest=80, metadata={"label": _("Name in kana"), "autocomplete": "off"})


class Invited(Named):
    """Whom to invite."""

    constraints = {"uq_invitation_waiting": ("email", WAITS)}

    email = address(help=_("The invitation goes to this address, and they log in with it."), autocomplete="off")


class OfStaff(Invited):
    """An invitation into the own house."""

    roles = roles_of(Party.STAFF)
    ends_on = last_day()


class OfFirm(Invited):
    """An invitation into a firm."""

    roles = roles_of(Party.FIRM)
    ends_on = last_day()


class Place(Named):
    """What can be changed about somebody's place."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class PlaceOfStaff(Place):
    """A place on the staff."""

    roles = roles_of(Party.STAFF)
    ends_on = last_day()


class PlaceOfFirm(Place):
    """A place in a firm."""

    roles = roles_of(Party.FIRM)
    ends_on = last_day()


class Joining(inputs.Input):
    """What somebody enters who has been invited and has no account yet."""

    name = inputs.Text(required=True, longest=80, metadata={"label": _("Your name"), "autocomplete": "name"})
    password = inputs.Text(
        required=True,
        longest=200,
        metadata={
            "label": _("Password"),
            "type": "password",
            "autocomplete": "new-password",
            "help": _("12 characters or more."),
        },
    )


class Asking(inputs.Input):
    """Somebody who cannot come in."""

    email = address()
    lost = inputs.OneOf(
        Lost, required=True, metadata={"label": _("What do you no longer have?"), "labels": LOST, "type": "radios"}
    )


class Approval(inputs.Input):
    """The second person's word."""

    checked = inputs.OneOf(
        Checked,
        required=True,
        metadata={"label": _("How did you make sure that it is them?"), "labels": CHECKED, "type": "radios"},
    )


class NewPassword(inputs.Input):
    """A new password, typed twice."""

    password = inputs.Text(
        required=True,
        longest=200,
        metadata={
            "label": _("New password"),
            "type": "password",
            "autocomplete": "new-password",
            "help": _("12 characters or more."),
        },
    )
    again = inputs.Text(
        required=True,
        longest=200,
        metadata={"label": _("The same password again"), "type": "password", "autocomplete": "new-password"},
    )

    @validates_schema
    def the_same(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Typed twice alike."""
        if data["password"] != data["again"]:
            raise ValidationError(_("The two passwords are not the same."), "again")

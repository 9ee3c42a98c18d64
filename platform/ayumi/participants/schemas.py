"""What is asked about a person: one schema for the form and for a row of an imported list."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields

from ayumi.japan import inputs
from ayumi.kernel import clock
from ayumi.kernel.words import _
from ayumi.participants.labels import BARRIERS
from ayumi.participants.model import Barrier

OWN = "own"
OLDEST = 110
CASE_NUMBER_TAKEN = _("Somebody with this case number is already here.")


class OfficeNumber(inputs.Text):
    """A number the office gives itself, in narrow figures, so that １２３ and 123 are one."""

    default_error_messages = {
        "recipient_number": _(
            "This looks like a recipient number, which must not be kept here. "
            "If it is your office's own number, write it with a hyphen, such as 1234-5678."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=30, guarded=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(unicodedata.normalize("NFKC", str(value)).strip(), attr, data, **kwargs)

    def at_once(self, texts: Sequence[str]) -> Sequence[str] | None:
        """Return what these texts say, in their order, unless one of them may be wrong."""
        return super().at_once([unicodedata.normalize("NFKC", text).strip() for text in texts])


def within_a_lifetime(day: date) -> None:
    """Refuse births in the future and of people older than anybody."""
    today = clock.today()
    if day > today:
        raise ValidationError(_("This day has not come yet."))
    if today.year - day.year > OLDEST:
        raise ValidationError(_("This is more than 110 years ago. Please check the era and the year."))


class ParticipantSchema(inputs.Input):
    """What is known of a person."""

    constraints = {"uq_participant_tenant_id_case_number": ("case_number", CASE_NUMBER_TAKEN)}

    family_name = inputs.Text(
        required=True,
        longest=60,
        guarded=True,
        metadata={"label": _("Family name"), "size": "m", "autocomplete": "off"},
    )
    given_name = inputs.Text(
        required=True,
        longest=60,
        guarded=True,
        metadata={"label": _("Given name"), "size": "m", "autocomplete": "off"},
    )
    family_kana = inputs.Kana(
        required=True,
        longest=60,
        guarded=True,
        metadata={"label": _("Family name in kana"), "size": "m", "autocomplete": "off"},
    )
    given_kana = inputs.Kana(
        required=True,
        longest=60,
        guarded=True,
        metadata={"label": _("Given name in kana"), "size": "m", "autocomplete": "off"},
    )
    birth_date = inputs.PastDay(
        required=True, validate=within_a_lifetime, metadata={"label": _("Date of birth"), "era": "昭和"}
    )
    case_number = OfficeNumber(
        required=True,
        metadata={
            "label": _("Case number"),
            "help": _("The number your office uses. Not the My Number, not the recipient number."),
            "size": "m",
            "autocomplete": "off",
        },
    )
    household_number = OfficeNumber(
        load_default=None,
        metadata={
            "label": _("Household number"),
            "help": _("Firms do not see it."),
            "size": "m",
            "autocomplete": "off",
        },
    )
    nickname = inputs.Text(
        longest=40,
        guarded=True,
        load_default=None,
        metadata={
            "label": _("Name to be called by"),
            "help": _("The only name an employer sees during work experience."),
            "size": "m",
            "autocomplete": "off",
        },
    )
    phone = inputs.Text(
        longest=30,
        guarded=True,
        load_default=None,
        metadata={"label": _("Telephone"), "type": "tel", "size": "m", "autocomplete": "off"},
    )
    barriers = inputs.Several(
        Barrier,
        load_default=list,
        metadata={
            "label": _("What stands in the way of work"),
            "help": _("Tick what is known today. It can be changed at any time."),
            "labels": BARRIERS,
            "across": True,
        },
    )
    note = inputs.LongText(
        longest=2000,
        guarded=True,
        load_default=None,
        metadata={
            "label": _("Note for the office"),
            "help": _("Firms and employers do not see it."),
            "rows": 4,
        },
    )


class Delivery(fields.Field[UUID | None]):
    """Who supports somebody: own staff (nothing) or a firm."""

    default_error_messages = {"required": _("Please choose one."), "invalid": _("Please choose one.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID | None:
        if value == OWN:
            return None
        try:
            return UUID(str(value))
        except ValueError as error:
            raise self.make_error("invalid") from error


def delivery(**kwargs: Any) -> Delivery:
    """The field for who supports."""
    return Delivery(required=True, metadata={"label": _("Supported by"), "type": "radios"} | kwargs)


class RegisterSchema(ParticipantSchema):
    """A new person: also whose they are from the start."""

    caseworker_id = inputs.Key(load_default=None, metadata={"label": _("Caseworker")})
    delivery_firm_id = delivery()
    is_other = inputs.YesNo(metadata={"label": _("This is another person: register them all the same")})


class EditSchema(ParticipantSchema):
    """A known person, as they were when the page was opened."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class AssignSchema(inputs.Input):
    """Who is there for a person."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})
    caseworker_id = inputs.Key(load_default=None, metadata={"label": _("Caseworker")})
    delivery_firm_id = delivery()
    supporter_ids = fields.List(inputs.Key(), load_default=list, metadata={"label": _("Supporters")})
    why = inputs.Text(
        longest=500,
        guarded=True,
        load_default=None,
        metadata={"label": _("Reason"), "help": _("Stands in the history, such as: change of staff in April.")},
    )


class RestrictSchema(inputs.Input):
    """Who alone may find a person."""

    staff_ids = fields.List(
        inputs.Key(),
        required=True,
        metadata={"label": _("Who may see this person"), "type": "checkboxes", "across": True},
    )
    why = inputs.Text(required=True, longest=500, guarded=True, metadata={"label": _("Reason")})


class LiftSchema(inputs.Input):
    """Open a person to all again."""

    why = inputs.Text(required=True, longest=500, guarded=True, metadata={"label": _("Reason"), "id": "field-lift-why"})

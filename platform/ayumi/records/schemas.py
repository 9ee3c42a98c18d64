"""What may be typed about a week: one schema for a day, one for the week, for every door."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.records.labels import ATTENDANCES, CONDITIONS, FIELDS
from ayumi.records.model import Attendance, Condition


class DayInput(inputs.Input):
    """One menu on one day, complete or not."""

    attendance = inputs.OneOf(
        Attendance,
        load_default=None,
        metadata={"label": FIELDS["attendance"], "type": "chips", "single": True, "labels": ATTENDANCES},
    )
    menu_id = inputs.Key(load_default=None, metadata={"label": FIELDS["menu_id"], "type": "chips", "single": True})
    placement_id = inputs.Key(load_default=None, metadata={"label": FIELDS["placement_id"], "type": "select"})
    place = inputs.Text(load_default=None, metadata={"label": FIELDS["place"]})
    starts_at = inputs.Clock(load_default=None, metadata={"label": FIELDS["starts_at"]})
    ends_at = inputs.Clock(load_default=None, metadata={"label": FIELDS["ends_at"]})
    minutes = inputs.Whole(
        least=1, most=1440, load_default=None, metadata={"label": FIELDS["minutes"], "unit": _("min"), "size": "xs"}
    )
    absence_reason = inputs.Text(
        longest=500, guarded=True, load_default=None, metadata={"label": FIELDS["absence_reason"]}
    )
    condition = inputs.OneOf(
        Condition,
        load_default=None,
        metadata={"label": FIELDS["condition"], "type": "chips", "single": True, "labels": CONDITIONS},
    )
    observation = inputs.LongText(
        longest=2000, guarded=True, load_default=None, metadata={"label": FIELDS["observation"], "rows": 3}
    )

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A day's end lies after its start."""
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and starts_at >= ends_at:
            raise ValidationError(_("The end must be later than the start."), "ends_at")


class WordsInput(inputs.Input):
    """What is said of the week in the grid of everyone."""

    summary = inputs.LongText(
        guarded=True,
        load_default=None,
        metadata={
            "label": FIELDS["summary"],
            "help": _("What moved, what comes next. The caseworker reads this first."),
        },
    )
    request_to_caseworker = inputs.LongText(
        guarded=True, load_default=None, metadata={"label": FIELDS["request_to_caseworker"], "rows": 2}
    )


class WeekInput(WordsInput):
    """What is said of the whole week."""

    has_concern = inputs.YesNo(metadata={"label": _("Something worries me, and the caseworker should know at once")})
    concern_what = inputs.LongText(
        longest=1000, guarded=True, load_default=None, metadata={"label": FIELDS["concern_what"], "rows": 2}
    )
    concern_since = inputs.Text(load_default=None, metadata={"label": FIELDS["concern_since"], "size": "m"})
    concern_known_to = inputs.Text(
        longest=500,
        load_default=None,
        metadata={"label": FIELDS["concern_known_to"], "help": _("For example the family, the doctor, nobody yet.")},
    )


class CommentInput(inputs.Input):
    """What the caseworker asks to be changed."""

    comment = inputs.LongText(
        required=True,
        longest=1000,
        guarded=True,
        metadata={
            "label": _("What should be changed"),
            "help": _("The supporter reads this as it stands."),
            "rows": 3,
        },
    )


class ReasonInput(inputs.Input):
    """Why a week is written again, or not at all."""

    reason = inputs.LongText(required=True, longest=500, guarded=True, metadata={"label": _("Reason"), "rows": 2})


class AcknowledgementInput(inputs.Input):
    """What is done about a concern."""

    acknowledgement = inputs.LongText(
        required=True,
        longest=1000,
        guarded=True,
        metadata={
            "label": _("What is being done about it"),
            "help": _("The supporter reads this too."),
            "rows": 3,
        },
    )

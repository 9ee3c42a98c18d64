"""What may be typed about taking somebody in, about rests and about the end."""

from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.selection.labels import END_REASONS
from ayumi.selection.model import EndReason


class Decision(inputs.Input):
    """The decision to take somebody in."""

    decided_on = inputs.Day(required=True, metadata={"label": _("Day of the decision")})
    decided_by = inputs.Text(
        required=True,
        longest=100,
        metadata={"label": _("Who decided"), "help": _("The meeting or the person, as your papers name it.")},
    )
    reason = inputs.LongText(
        required=True,
        guarded=True,
        longest=2000,
        metadata={
            "label": _("Why this person, why now"),
            "help": _("What speaks for readiness support at this moment."),
            "rows": 3,
        },
    )
    wish = inputs.LongText(
        load_default=None,
        guarded=True,
        longest=2000,
        metadata={
            "label": _("The person's own wish"),
            "help": _("In their words, as they said it."),
            "rows": 3,
        },
    )
    starts_on = inputs.Day(required=True, metadata={"label": _("First day of support")})
    delivery_firm_id = inputs.Key(
        load_default=None,
        metadata={"label": _("Who supports"), "type": "select"},
    )


class Changed(inputs.Input):
    """Carries which edition somebody was looking at, so that two people are told of each other."""

    edition = inputs.Whole(required=True, metadata={"label": _("Edition"), "type": "hidden"})


class Rest(Changed):
    """Why support rests, goes on after a rest, or goes on beyond a year."""

    why = inputs.LongText(
        required=True,
        guarded=True,
        longest=1000,
        metadata={"label": _("Why"), "rows": 3},
    )


class Ending(Changed):
    """How support ends."""

    ends_on = inputs.Day(required=True, metadata={"label": _("Last day of support")})
    reason = inputs.OneOf(
        EndReason, required=True, metadata={"label": _("Why it ends"), "type": "select", "labels": END_REASONS}
    )
    note = inputs.LongText(
        load_default=None,
        guarded=True,
        longest=2000,
        metadata={
            "label": _("What was reached, what comes next"),
            "help": _("What a colleague should know who meets this person again."),
            "rows": 4,
        },
    )

"""What may be entered about a statement."""

from ayumi.fees.labels import RETURN_REASONS
from ayumi.fees.model import ReturnReason
from ayumi.japan.inputs import Input, LongText, OneOf, Text
from ayumi.kernel.words import _


class NoteInput(Input):
    """A note for the approver, and the stamp of what its writer saw."""

    note = LongText(
        load_default=None,
        longest=1000,
        metadata={
            "label": _("Note for the approver"),
            "help": _("What they cannot see from the days themselves: late confirmations, talks with the employer."),
            "rows": 3,
        },
    )
    seen = Text(required=True, metadata={"label": "", "type": "hidden"})


class GiveUpInput(Input):
    """Why a statement is given up."""

    why = Text(required=True, longest=300, metadata={"label": _("Why is it given up?")})
    seen = Text(required=True, metadata={"label": "", "type": "hidden"})


class ReturnInput(Input):
    """Why a line goes back."""

    reason = OneOf(ReturnReason, required=True, metadata={"label": _("Reason"), "labels": RETURN_REASONS})
    word = Text(load_default=None, longest=300, metadata={"label": _("In your own words")})

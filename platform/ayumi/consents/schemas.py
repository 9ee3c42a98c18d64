"""What may be typed about a consent."""

from ayumi.consents.labels import FORMS, SCOPES
from ayumi.consents.model import Form, Scope
from ayumi.japan import inputs
from ayumi.kernel.words import _


class Given(inputs.Input):
    """A consent as given."""

    scopes = inputs.Several(
        Scope,
        required=True,
        metadata={"label": _("What the person agrees to"), "labels": SCOPES},
    )
    any_firm = inputs.YesNo(
        metadata={
            "label": _("The consent also covers another firm that the municipality commissions later"),
            "help": _("Otherwise it holds for the firm that supports today, and the next one asks again."),
        }
    )
    form = inputs.OneOf(Form, required=True, metadata={"label": _("How it was given"), "labels": FORMS, "across": True})
    given_on = inputs.Day(required=True, metadata={"label": _("Given on")})
    expires_on = inputs.Day(
        load_default=None,
        metadata={"label": _("In force until"), "help": _("Leave it empty when no end was agreed.")},
    )
    witness = inputs.Text(
        load_default=None,
        longest=100,
        metadata={"label": _("Who heard it"), "help": _("Needed for a spoken consent.")},
    )


class Withdrawal(inputs.Input):
    """A consent taken back."""

    withdrawn_on = inputs.Day(required=True, metadata={"label": _("Withdrawn on")})
    reason = inputs.LongText(
        required=True,
        guarded=True,
        longest=1000,
        metadata={
            "label": _("What the person said"),
            "help": _("Nobody has to give a reason. Then write that none was given."),
            "rows": 3,
        },
    )

"""What may be typed about a goal, and about taking somebody in as a whole."""

from ayumi.consents.labels import FORMS, SCOPES
from ayumi.consents.model import Form, Scope
from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.plans.labels import KINDS
from ayumi.plans.model import GoalKind
from ayumi.selection.schemas import Decision


class GoalChange(inputs.Input):
    """A new version of a goal."""

    version = inputs.Whole(required=True, metadata={"label": _("Version"), "type": "hidden"})
    kind = inputs.OneOf(GoalKind, required=True, metadata={"label": _("What it leads to"), "labels": KINDS})
    text = inputs.LongText(
        required=True,
        guarded=True,
        longest=1000,
        metadata={"label": _("Goal"), "help": _("One sentence that the person would say themselves."), "rows": 2},
    )
    reason = inputs.LongText(
        required=True,
        guarded=True,
        longest=1000,
        metadata={
            "label": _("Why it changes"),
            "help": _("A goal may follow how somebody feels. Say what made you change it, or why it stays."),
            "rows": 3,
        },
    )
    agreed_on = inputs.Day(required=True, metadata={"label": _("Agreed with the person on")})
    review_on = inputs.Day(
        load_default=None, metadata={"label": _("Look at it again on"), "help": _("Every three months is usual.")}
    )


class Enrolling(Decision):
    """Taking somebody in: the decision, the goal agreed at the start, and the consent if it is given with it."""

    goal_kind = inputs.OneOf(GoalKind, required=True, metadata={"label": _("What it leads to"), "labels": KINDS})
    goal_text = inputs.LongText(
        required=True,
        guarded=True,
        longest=1000,
        metadata={"label": _("Goal"), "help": _("One sentence that the person would say themselves."), "rows": 2},
    )
    goal_review_on = inputs.Day(
        load_default=None, metadata={"label": _("Look at it again on"), "help": _("Every three months is usual.")}
    )
    consent_form = inputs.OneOf(
        Form,
        load_default=None,
        metadata={"label": _("Consent given with this decision"), "labels": FORMS, "type": "select", "size": "m"},
    )
    consent_scopes = inputs.Several(
        Scope, load_default=list, metadata={"label": _("What the person agrees to"), "labels": SCOPES}
    )
    consent_given_on = inputs.Day(load_default=None, metadata={"label": _("Given on")})
    consent_expires_on = inputs.Day(
        load_default=None,
        metadata={"label": _("In force until"), "help": _("Leave it empty when no end was agreed.")},
    )
    consent_witness = inputs.Text(
        load_default=None,
        longest=100,
        metadata={"label": _("Who heard it"), "help": _("Needed for a spoken consent.")},
    )

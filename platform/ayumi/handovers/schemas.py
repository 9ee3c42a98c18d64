"""What is asked about a hand-over."""

from ayumi.japan import inputs
from ayumi.kernel.words import _


class HandOverInput(inputs.Input):
    """From which firm to which, from which day on, and why."""

    from_firm_id = inputs.Key(required=True, metadata={"label": _("The firm before"), "type": "select"})
    to_firm_id = inputs.Key(required=True, metadata={"label": _("The next firm"), "type": "select"})
    starts_on = inputs.Day(
        required=True,
        metadata={"label": _("First day with the next firm"), "help": _("A day to come can be looked at beforehand.")},
    )
    why = inputs.Text(
        required=True,
        longest=300,
        guarded=True,
        metadata={
            "label": _("Reason"),
            "help": _("Stands in the history of each person, such as: the contract ends with the fiscal year."),
        },
    )
    supporter_id = inputs.Key(
        load_default=None,
        metadata={
            "label": _("Supporter at the next firm"),
            "help": _("For all of them; it can be changed for each."),
            "type": "select",
        },
    )

"""What may be typed about an incident."""

from ayumi.incidents.labels import GROUNDS
from ayumi.incidents.model import Ground
from ayumi.japan import inputs
from ayumi.kernel.words import _


class ReportInput(inputs.Input):
    """What whoever has noticed it can say."""

    title = inputs.Text(
        required=True,
        longest=100,
        metadata={"label": _("In a few words"), "help": _("For example: letter sent to a wrong address. No names.")},
    )
    known_on = inputs.Day(
        required=True,
        metadata={
            "label": _("Day on which it became known"),
            "help": _("The first day anybody here knew of it. The time for reporting counts from it."),
        },
    )
    occurred_on = inputs.Day(load_default=None, metadata={"label": _("Day on which it happened")})
    what = inputs.LongText(
        required=True,
        guarded=True,
        longest=4000,
        metadata={"label": _("What happened"), "help": _("Leaked, lost, altered, or possibly so: how it came out.")},
    )
    data = inputs.LongText(
        load_default=None,
        guarded=True,
        longest=2000,
        metadata={"label": _("Which data"), "help": _("Kinds of data, not the data themselves."), "rows": 2},
    )
    people = inputs.Whole(
        load_default=None,
        metadata={
            "label": _("How many people"),
            "unit": _("people"),
            "size": "s",
            "help": _("Leave empty while it is not known."),
        },
    )
    grounds = inputs.Several(
        Ground,
        load_default=list,
        metadata={"label": _("Does one of these apply?"), "labels": GROUNDS, "type": "checkboxes"},
    )


class IncidentInput(ReportInput):
    """Everything the reports to the commission ask for."""

    cause = inputs.LongText(
        load_default=None, guarded=True, longest=2000, metadata={"label": _("Why it happened"), "rows": 3}
    )
    further_harm = inputs.LongText(
        load_default=None,
        guarded=True,
        longest=2000,
        metadata={"label": _("Harm that has followed, or may"), "rows": 2},
    )
    people_told_on = inputs.Day(
        load_default=None,
        metadata={
            "label": _("Day on which those concerned were told"),
            "help": _("Whoever must be reported must also be told, without delay."),
        },
    )
    published = inputs.LongText(
        load_default=None, guarded=True, longest=1000, metadata={"label": _("Whether and how made public"), "rows": 2}
    )
    remedy = inputs.LongText(
        load_default=None,
        guarded=True,
        longest=2000,
        metadata={"label": _("What is done so that it does not happen again"), "rows": 3},
    )
    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class MadeInput(inputs.Input):
    """A report that has been made."""

    on = inputs.Day(required=True, metadata={"label": _("Day of the report")})
    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


class WhyInput(inputs.Input):
    """Why something is done."""

    why = inputs.LongText(required=True, guarded=True, longest=500, metadata={"label": _("Why"), "rows": 3})
    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})

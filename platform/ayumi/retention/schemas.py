"""What may be typed about keeping and disposing."""

from typing import Any

from marshmallow import Schema, fields

from ayumi.japan import inputs
from ayumi.kernel.words import _
from ayumi.retention.classes import MOST
from ayumi.retention.labels import ARTEFACTS, BELONGS
from ayumi.retention.model import Artefact

YEARS = {"unit": _("years"), "size": "s", "inputmode": "numeric"}


def _years(artefact: Artefact) -> fields.Field[Any]:
    about = {"label": ARTEFACTS[artefact], "help": BELONGS[artefact]} | YEARS
    return inputs.Whole(load_default=None, least=1, most=MOST, metadata=about)


class ClassesInput(inputs.Input):
    """Years of every kind. Left empty: for ever."""

    edition = inputs.Whole(required=True, metadata={"label": "", "type": "hidden"})


WITH_YEARS: type[Schema] = ClassesInput.from_dict({artefact.value: _years(artefact) for artefact in Artefact})


class HoldInput(inputs.Input):
    """A legal hold."""

    why = inputs.LongText(
        required=True,
        longest=500,
        guarded=True,
        metadata={
            "label": _("Reason"),
            "help": _("For example: an appeal is pending, an audit has been announced."),
            "rows": 3,
        },
    )


class HoldByNumberInput(HoldInput):
    """The same, on the page where nobody is at hand."""

    case_number = inputs.Text(required=True, longest=40, metadata={"label": _("Case number"), "size": "m"})

    class Meta(inputs.Input.Meta):
        fields = ("case_number", "why")


class WhyInput(inputs.Input):
    """A reason and nothing else."""

    why = inputs.Text(required=True, longest=300, guarded=True, metadata={"label": _("Reason")})


class DraftInput(inputs.Input):
    """A new disposal list."""

    due_on = inputs.Day(
        required=True,
        metadata={
            "label": _("Everything whose time is over on"),
            "help": _("Usually 1 April. No later than today."),
        },
    )

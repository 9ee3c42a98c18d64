"""What may be typed about a report: the office's own words."""

from ayumi.japan import inputs
from ayumi.kernel.words import _


class WordsInput(inputs.Input):
    """The paragraph that no figure says."""

    text = inputs.LongText(
        longest=4000,
        guarded=True,
        load_default="",
        metadata={
            "label": _("The office's own words"),
            "help": _(
                "What no number shows: what moved, what was learnt, what comes next. "
                "Please write no names: the files are passed on."
            ),
            "rows": 12,
        },
    )

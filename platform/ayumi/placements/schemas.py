"""What may be entered about a placement, its days and an employer's word on them."""

from datetime import time
from typing import Any

from marshmallow import ValidationError, validates_schema

from ayumi.japan.inputs import Clock, Day, Input, Key, LongText, OneOf, Text, Whole
from ayumi.kernel.words import _
from ayumi.placements.labels import CHANNELS
from ayumi.placements.model import Channel

LONGEST_DAY = 720
OFF_LINE = (Channel.PAPER, Channel.PHONE)


class PlanInput(Input):
    """A person at a site for a period."""

    site_id = Key(required=True, metadata={"label": _("Employer and site")})
    nickname = Text(
        required=True,
        longest=30,
        metadata={
            "label": _("Nickname at the employer"),
            "help": _("The only name the employer sees. It must not hold the family name."),
            "size": "m",
        },
    )
    starts_on = Day(required=True, metadata={"label": _("First day")})
    ends_on = Day(required=True, metadata={"label": _("Last day")})
    planned_days_per_week = Whole(
        least=1,
        most=7,
        required=True,
        metadata={"label": _("Planned days a week"), "unit": _("days"), "size": "xs"},
    )
    planned_minutes_per_day = Whole(
        least=15,
        most=LONGEST_DAY,
        required=True,
        metadata={"label": _("Planned minutes a day"), "unit": _("minutes"), "size": "xs"},
    )
    tasks = LongText(load_default=None, longest=1000, metadata={"label": _("What the person will do"), "rows": 3})


class PlanChange(PlanInput):
    """The same, with the edition somebody saw."""

    edition = Whole(required=True, metadata={"label": "", "type": "hidden"})


class MeetingInput(Input):
    """The meeting of person, site and supporter before the start."""

    meeting_held_on = Day(required=True, metadata={"label": _("Held on")})
    meeting_note = LongText(
        load_default=None, longest=2000, metadata={"label": _("What was agreed at the meeting"), "rows": 3}
    )


class ProfileInput(Input):
    """What the employer may read about the person, by their consent."""

    profile_strengths = LongText(load_default=None, longest=1000, metadata={"label": _("Strengths"), "rows": 4})
    profile_considerations = LongText(
        load_default=None,
        longest=1000,
        metadata={
            "label": _("What to be considerate of"),
            "rows": 4,
            "help": _("Only what the person has agreed to tell. No names of illnesses unless they want it so."),
        },
    )


class EndInput(Input):
    """How a placement ends."""

    ends_on = Day(required=True, metadata={"label": _("Last day")})
    end_note = LongText(
        required=True,
        longest=2000,
        metadata={
            "label": _("How it ended"),
            "rows": 3,
            "help": _("One site is not a verdict: what went well here, and what might suit better elsewhere?"),
        },
    )


class Reason(Input):
    """Why something is taken back."""

    why = Text(required=True, longest=300, metadata={"label": _("Why")})


class TimesInput(Input):
    """From when to when somebody was there."""

    starts_at = Clock(required=True, metadata={"label": _("Came at"), "type": "time"})
    ends_at = Clock(required=True, metadata={"label": _("Left at"), "type": "time"})
    rest = Whole(most=LONGEST_DAY, load_default=0, metadata={"label": _("Break"), "unit": _("minutes"), "size": "xs"})

    @validates_schema
    def check_times(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """The end comes after the beginning, and something is left besides the break."""
        if "starts_at" not in data or "ends_at" not in data:
            return
        worked = minutes_between(data["starts_at"], data["ends_at"]) - data.get("rest", 0)
        if data["ends_at"] <= data["starts_at"]:
            raise ValidationError(_("The end must come after the beginning."), "ends_at")
        if not 1 <= worked <= LONGEST_DAY:
            raise ValidationError(_("This leaves no time, or more than 12 hours. Please check the break."), "rest")


class DayChange(TimesInput):
    """Times of a day already recorded, with the edition somebody saw."""

    edition = Whole(required=True, metadata={"label": "", "type": "hidden"})


class Word(Input):
    """What is not right with a day, in one sentence."""

    word = Text(required=True, longest=200, metadata={"label": _("What is different? One sentence is enough.")})


class Given(Input):
    """An employer's word on a month, given on paper or by telephone."""

    channel = OneOf(
        OFF_LINE, required=True, metadata={"label": _("How the answer came"), "labels": CHANNELS, "across": True}
    )
    given_by = Text(required=True, longest=80, metadata={"label": _("Who at the employer said so"), "size": "m"})
    given_on = Day(required=True, metadata={"label": _("On which day")})
    note = LongText(load_default=None, longest=500, metadata={"label": _("Note on the confirmation"), "rows": 2})


class Remark(Input):
    """What an employer wants to add to a month's days."""

    note = LongText(
        load_default=None,
        longest=500,
        metadata={
            "label": _("Anything else?"),
            "rows": 2,
            "help": _("For example, when somebody came on a day that is not marked here."),
        },
    )


def minutes_between(starts_at: time, ends_at: time) -> int:
    """Return the minutes from one time of day to another."""
    return (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute


def rest_of(starts_at: time, ends_at: time, minutes: int) -> int:
    """Return the break that lies in a day's times."""
    return max(0, minutes_between(starts_at, ends_at) - minutes)

"""Words for placements, their days and what employers say of them."""

from ayumi.kernel.words import _
from ayumi.placements.model import Channel, DayStatus, PlacementStatus

STATUSES: dict[PlacementStatus, str] = {
    PlacementStatus.PLANNED: _("Being prepared"),
    PlacementStatus.ACTIVE: _("In work experience"),
    PlacementStatus.ENDED: _("Work experience ended"),
    PlacementStatus.CANCELLED: _("Called off"),
}
STATUS_KINDS: dict[PlacementStatus, str] = {
    PlacementStatus.PLANNED: "info",
    PlacementStatus.ACTIVE: "good",
    PlacementStatus.ENDED: "neutral",
    PlacementStatus.CANCELLED: "neutral",
}

DAYS: dict[DayStatus, str] = {
    DayStatus.RECORDED: _("Not confirmed yet"),
    DayStatus.CONFIRMED: _("Confirmed"),
    DayStatus.DISPUTED: _("Questioned"),
    DayStatus.WITHDRAWN: _("Withdrawn"),
}
DAY_KINDS: dict[DayStatus, str] = {
    DayStatus.RECORDED: "info",
    DayStatus.CONFIRMED: "good",
    DayStatus.DISPUTED: "bad",
    DayStatus.WITHDRAWN: "neutral",
}

CHANNELS: dict[Channel, str] = {
    Channel.LINK: _("By link"),
    Channel.PAPER: _("On a paper form"),
    Channel.PHONE: _("By telephone"),
}

ACTIONS: dict[str, str] = {
    "planned": _("Placement planned"),
    "edited": _("Placement changed"),
    "meeting_held": _("Preparatory meeting noted"),
    "profile_written": _("Profile sheet written"),
    "started": _("Work experience started"),
    "ended": _("Work experience ended"),
    "cancelled": _("Called off"),
    "recorded": _("Day recorded"),
    "day_changed": _("Times changed"),
    "withdrawn": _("Day withdrawn"),
    "confirmed": _("Confirmed by the employer"),
    "corrected": _("Corrected by the employer"),
    "disputed": _("Questioned by the employer"),
    "reopened": _("Put back to be confirmed"),
}

CHECKS: dict[str, str] = {
    "meeting": _("The preparatory meeting has been held"),
    "site": _("The site itself has agreed"),
    "agreement": _("There is an agreement for the fiscal year"),
    "insurance": _("The person is insured as agreed"),
}

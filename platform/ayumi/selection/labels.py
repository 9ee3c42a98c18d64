"""Words for taking people in, and for how it ends."""

from ayumi.kernel.words import _
from ayumi.selection.model import EndReason, EnrolmentStatus

STATUSES: dict[EnrolmentStatus, str] = {
    EnrolmentStatus.ACTIVE: _("In support"),
    EnrolmentStatus.PAUSED: _("Paused"),
    EnrolmentStatus.ENDED: _("Support ended"),
}
STATUS_KINDS: dict[EnrolmentStatus, str] = {
    EnrolmentStatus.ACTIVE: "good",
    EnrolmentStatus.PAUSED: "warn",
    EnrolmentStatus.ENDED: "frozen",
}

END_REASONS: dict[EndReason, str] = {
    EndReason.JOB: _("Found a job"),
    EndReason.INCOME_INCREASE: _("Earns more than before"),
    EndReason.WELFARE_WORK: _("Went on to work for people with disabilities"),
    EndReason.CERTIFIED_TRAINING: _("Went on to certified work training"),
    EndReason.JOB_SEARCH: _("Went on to looking for a job"),
    EndReason.SCHOOLING: _("Went on to school or vocational training"),
    EndReason.OTHER_PROGRAMME: _("Went on to another programme"),
    EndReason.ASSISTANCE_ENDED_BY_WORK: _("Public assistance ended because of work"),
    EndReason.ASSISTANCE_ENDED: _("Public assistance ended for another reason"),
    EndReason.DECLINED: _("Does not wish to go on"),
    EndReason.OUT_OF_REACH: _("Cannot be reached"),
    EndReason.MOVED_AWAY: _("Moved away"),
    EndReason.DEATH: _("Died"),
    EndReason.PERIOD_OVER: _("The period was over"),
    EndReason.NOT_ELIGIBLE: _("Is no longer eligible"),
}

DECIDERS: dict[str, str] = {
    "conference": _("Meeting"),
    "caseworker": _("Caseworker"),
    "supervisor": _("Supervising caseworker"),
    "specialist": _("Employment specialist"),
    "counsellor": _("Employment counsellor"),
    "team_leader": _("Leader of the employment team"),
    "person": _("The person's own choice"),
    "approval_chain": _("Chain of approval"),
}
"""Who decides by a route's own word; a word that is not here is shown as it stands."""

PARTIES: dict[str, str] = {
    "caseworker": _("Caseworker"),
    "employment_specialist": _("Employment specialist"),
    "supervisor": _("Supervising caseworker"),
    "employment_counsellor": _("Employment counsellor"),
    "section_head": _("Section head"),
    "deputy_section_head": _("Deputy section head"),
    "livelihood_subsection_head": _("Head of the livelihood subsection"),
    "employment_subsection_head": _("Head of the employment subsection"),
    "employment_staff": _("Employment staff"),
    "employment_supporter": _("Employment support worker"),
    "employment_caseworker": _("Employment caseworker"),
    "readiness_staff": _("Readiness staff"),
    "team_leader": _("Leader of the employment team"),
    "person": _("The person"),
    "office_director": _("Director of the welfare office"),
    "deputy_director": _("Deputy director"),
    "self_reliance_staff": _("Self-reliance staff"),
    "approvers": _("Approvers"),
    "contractor": _("Contracted firm"),
}

ACTIONS: dict[str, str] = {
    "decided": _("Support was decided"),
    "paused": _("Support rests"),
    "resumed": _("Support goes on after a rest"),
    "ended": _("Support was ended"),
    "prolonged": _("Support goes on beyond a year"),
}

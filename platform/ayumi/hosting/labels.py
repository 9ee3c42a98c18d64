"""Words of hosting."""

from ayumi.hosting.health import State
from ayumi.hosting.model import EndedBy, GlassStatus, Plan
from ayumi.kernel.words import _

PLANS: dict[Plan, str] = {
    Plan.TRIAL: _("Trial"),
    Plan.STANDARD: _("Standard plan"),
    Plan.LARGE: _("Large plan"),
}

STATES: dict[State, str] = {
    State.LEFT: _("Moved out"),
    State.SUSPENDED: _("Suspended"),
    State.GIVEN_UP: _("Jobs given up"),
    State.LATE: _("Jobs late"),
    State.STORAGE: _("Storage nearly full"),
    State.UNREPORTED: _("Never reported"),
    State.HEALTHY: _("All well"),
}
STATE_KINDS: dict[State, str] = {
    State.LEFT: "neutral",
    State.SUSPENDED: "frozen",
    State.GIVEN_UP: "bad",
    State.LATE: "warn",
    State.STORAGE: "warn",
    State.UNREPORTED: "info",
    State.HEALTHY: "good",
}

GLASS: dict[GlassStatus, str] = {
    GlassStatus.ASKED: _("Waits for a second operator"),
    GlassStatus.APPROVED: _("Waits for the municipality"),
    GlassStatus.OPEN: _("Open now"),
    GlassStatus.REFUSED: _("Access refused"),
    GlassStatus.ENDED: _("Over, to be reviewed"),
    GlassStatus.REVIEWED: _("Reviewed"),
}
GLASS_KINDS: dict[GlassStatus, str] = {
    GlassStatus.ASKED: "info",
    GlassStatus.APPROVED: "info",
    GlassStatus.OPEN: "bad",
    GlassStatus.REFUSED: "neutral",
    GlassStatus.ENDED: "warn",
    GlassStatus.REVIEWED: "good",
}
ENDED: dict[EndedBy, str] = {
    EndedBy.TIME: _("its time was over"),
    EndedBy.OPERATOR: _("ended by the operator"),
    EndedBy.MUNICIPALITY: _("ended by the municipality"),
}

# What the platform does later, by the word it is promised under (`jobs/kinds.py`).
JOBS: dict[str, str] = {
    "account_notice": _("Notice to the owner of an account"),
    "confirmation_copy": _("Copy of a confirmed month, to the employer"),
    "confirmation_link": _("Link to confirm a month, to one employer"),
    "confirmation_links": _("Links to confirm a month, to all employers"),
    "consent_expiry": _("Closing consents that have run out"),
    "disposal": _("Erasing what stands on an approved disposal list"),
    "expected_weeks": _("Expecting the weekly records"),
    "glass_end": _("Closing the broken glass"),
    "glass_notice": _("Notice of break-glass to the municipality"),
    "glass_view": _("Writing down a view behind the broken glass"),
    "glass_waiting": _("Request for a second approval, to operators"),
    "handover_rest": _("Rest of a hand-over within a firm"),
    "incident_deadlines": _("Watching the deadlines of incidents"),
    "incident_notice": _("Notice of an incident"),
    "invitation_expiry": _("Closing invitations that have run out"),
    "invitation_mail": _("Mail with an invitation"),
    "journal_check": _("Checking the journal"),
    "journal_warning": _("Warning of a broken journal"),
    "monthly_report": _("Compiling a monthly report"),
    "packing": _("Packing up everything of a municipality"),
    "packing_expiry": _("Forgetting packings that are too old"),
    "participant_import": _("Taking over a list of people"),
    "reading": _("Writing down who looked at whom"),
    "reset_expiry": _("Closing requests to be let in again"),
    "reset_mail": _("Link for somebody who could not come in"),
    "reset_notice": _("Notice that an account was opened anew"),
    "restriction_notice": _("Notice that a person was hidden or shown again"),
    "signed_heads": _("Signing where the journal stands"),
    "tidying": _("Forgetting jobs done long ago"),
}

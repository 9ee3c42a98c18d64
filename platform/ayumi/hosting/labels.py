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

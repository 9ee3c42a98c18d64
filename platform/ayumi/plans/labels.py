"""Words for goals."""

from ayumi.kernel.words import _
from ayumi.plans.model import GoalKind

KINDS: dict[GoalKind, str] = {GoalKind.JOB: _("A job"), GoalKind.OTHER: _("Something else that counts")}
KIND_HINTS: dict[GoalKind, str] = {
    GoalKind.JOB: _("Also a few hours a week, or a job with support."),
    GoalKind.OTHER: _("Such as a daily rhythm, volunteering, going out, finding a doctor."),
}

ACTIONS: dict[str, str] = {"changed": _("The goal was changed")}

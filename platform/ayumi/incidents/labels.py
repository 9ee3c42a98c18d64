"""Words for incidents."""

from ayumi.incidents.clocks import Pace, Which
from ayumi.incidents.model import Ground, IncidentStatus
from ayumi.kernel.words import _

STATUSES: dict[IncidentStatus, str] = {
    IncidentStatus.OPEN: _("Being looked into"),
    IncidentStatus.PRELIMINARY_REPORTED: _("First report made"),
    IncidentStatus.FINALLY_REPORTED: _("Final report made"),
    IncidentStatus.CLOSED: _("Closed"),
}
STATUS_KINDS: dict[IncidentStatus, str] = {
    IncidentStatus.OPEN: "warn",
    IncidentStatus.PRELIMINARY_REPORTED: "info",
    IncidentStatus.FINALLY_REPORTED: "info",
    IncidentStatus.CLOSED: "frozen",
}

GROUNDS: dict[Ground, str] = {
    Ground.SENSITIVE: _("Sensitive data: illness, disability, criminal record and the like"),
    Ground.PROPERTY: _("Somebody may lose money or property by it"),
    Ground.MALICIOUS: _("Somebody may have meant harm: theft, intrusion, taking along"),
    Ground.MANY: _("More than 100 people"),
    Ground.ORDINANCE: _("Data that an ordinance of the municipality calls sensitive"),
}
GROUND_HINTS: dict[Ground, str] = {
    Ground.SENSITIVE: _("One person is enough. Records of support nearly always hold such data."),
    Ground.PROPERTY: _("One person is enough. For example account numbers or passwords."),
    Ground.MALICIOUS: _("One person is enough. The final report then has 60 days."),
    Ground.MANY: _("Whatever the data are."),
    Ground.ORDINANCE: _("One person is enough. For example that somebody receives public assistance."),
}

REPORTS: dict[Which, str] = {Which.PRELIMINARY: _("First report"), Which.FINAL: _("Final report")}
PACES: dict[Pace, str] = {
    Pace.DONE: _("Reported"),
    Pace.AHEAD: _("In time"),
    Pace.NEAR: _("Due soon"),
    Pace.LATE: _("Overdue"),
}
PACE_KINDS: dict[Pace, str] = {Pace.DONE: "good", Pace.AHEAD: "info", Pace.NEAR: "warn", Pace.LATE: "bad"}

ACTIONS: dict[str, str] = {
    "reported": _("Entered"),
    "edited": _("Changed"),
    "preliminary_reported": _("First report made"),
    "finally_reported": _("Final report made"),
    "closed": _("Closed"),
    "reopened": _("Opened again"),
}

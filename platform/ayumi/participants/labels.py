"""Words for people: where they stand, what stands in their way, how an import goes."""

from ayumi.kernel.words import _
from ayumi.participants.model import Barrier, ImportStatus, Status

STATUSES: dict[Status, str] = {
    Status.CANDIDATE: _("Candidate"),
    Status.ACTIVE: _("In support"),
    Status.PAUSED: _("Paused"),
    Status.ENDED: _("Support ended"),
}
STATUS_KINDS: dict[Status, str] = {
    Status.CANDIDATE: "info",
    Status.ACTIVE: "good",
    Status.PAUSED: "warn",
    Status.ENDED: "neutral",
}

BARRIERS: dict[Barrier, str] = {
    Barrier.DAILY_RHYTHM: _("Rhythm of daily life"),
    Barrier.PHYSICAL_HEALTH: _("Health (body)"),
    Barrier.MENTAL_HEALTH: _("Health (mind)"),
    Barrier.DISABILITY: _("Disability"),
    Barrier.ADDICTION: _("Addiction"),
    Barrier.RELATIONSHIPS: _("Dealing with people"),
    Barrier.SCHOOLING: _("Schooling and basic skills"),
    Barrier.WORK_GAP: _("Gap in work history"),
    Barrier.WITHDRAWAL: _("Social withdrawal"),
    Barrier.CARE: _("Care for family or children"),
    Barrier.VIOLENCE: _("Violence or abuse suffered"),
    Barrier.HOUSING: _("Insecure housing"),
    Barrier.DEBT: _("Debt"),
    Barrier.OFFENCE: _("Criminal record"),
    Barrier.LANGUAGE: _("Language or culture"),
    Barrier.TRANSPORT: _("Means of transport"),
    Barrier.MOTIVATION: _("Own motivation"),
    Barrier.OTHER: _("Something else"),
}

IMPORT_STATUSES: dict[ImportStatus, str] = {
    ImportStatus.WAITING: _("Waiting"),
    ImportStatus.CHECKING: _("Being checked"),
    ImportStatus.REFUSED: _("To be corrected"),
    ImportStatus.APPLIED: _("Taken over"),
    ImportStatus.FAILED: _("Failed"),
}
IMPORT_KINDS: dict[ImportStatus, str] = {
    ImportStatus.WAITING: "neutral",
    ImportStatus.CHECKING: "info",
    ImportStatus.REFUSED: "bad",
    ImportStatus.APPLIED: "good",
    ImportStatus.FAILED: "bad",
}

"""Words for what people agree to."""

from ayumi.consents.model import ConsentStatus, Form, Scope
from ayumi.kernel.words import _

SCOPES: dict[Scope, str] = {
    Scope.FIRM: _("Share with the firm that supports"),
    Scope.EMPLOYER_PROFILE: _("Profile sheet for employers"),
    Scope.HELLO_WORK: _("Share with Hello Work"),
    Scope.MEDICAL: _("Ask doctors"),
    Scope.HEALTH: _("Share health with the firm that supports"),
}
SCOPE_HINTS: dict[Scope, str] = {
    Scope.FIRM: _("The firm sees this person's page, goal and weekly records. Without it the firm sees nothing."),
    Scope.EMPLOYER_PROFILE: _("Strengths and what to be considerate of, for a place of work experience."),
    Scope.HELLO_WORK: _("Results and wishes, for looking for a job together."),
    Scope.MEDICAL: _("What work is possible, asked in writing."),
    Scope.HEALTH: _("The firm also reads of illness, disability and addiction. Without it these stay with the office."),
}

FORMS: dict[Form, str] = {Form.PAPER: _("On paper"), Form.SPOKEN: _("Spoken")}

STATUSES: dict[ConsentStatus, str] = {
    ConsentStatus.IN_FORCE: _("In force"),
    ConsentStatus.WITHDRAWN: _("Withdrawn"),
    ConsentStatus.EXPIRED: _("Run out"),
}
STATUS_KINDS: dict[ConsentStatus, str] = {
    ConsentStatus.IN_FORCE: "good",
    ConsentStatus.WITHDRAWN: "bad",
    ConsentStatus.EXPIRED: "frozen",
}

ACTIONS: dict[str, str] = {
    "given": _("Consent was given"),
    "scan_attached": _("The scanned paper was attached"),
    "withdrawn": _("Consent was withdrawn"),
    "narrowed": _("A part of the consent was withdrawn"),
    "expired": _("Consent ran out"),
}

"""Words for what is kept and how long, and for the life of a disposal list."""

from ayumi.kernel.words import _
from ayumi.retention.model import Artefact, DisposalStatus

ARTEFACTS: dict[Artefact, str] = {
    Artefact.CASE: _("Case"),
    Artefact.SUPPORT_RECORD: _("Support records"),
    Artefact.PLAN: _("Plans and goals"),
    Artefact.CONSENT: _("Consents"),
    Artefact.PAYMENT_VOUCHER: _("Payment vouchers"),
    Artefact.CONTRACT: _("Contracts and agreements"),
    Artefact.STATISTICS: _("Statistics"),
    Artefact.ACCESS_LOG: _("Access log"),
}
BELONGS: dict[Artefact, str] = {
    Artefact.CASE: _("The person, enrolments, who supports, lists of people that were uploaded."),
    Artefact.SUPPORT_RECORD: _("Weekly records with all versions, concerns, placements and days of work experience."),
    Artefact.PLAN: _("Goals with all versions."),
    Artefact.CONSENT: _("Consents and their scans."),
    Artefact.PAYMENT_VOUCHER: _("Fee statements, their lines and days, employers' confirmations and their scans."),
    Artefact.CONTRACT: _("Contracts with firms, agreements with employers and their prices."),
    Artefact.STATISTICS: _("Monthly reports and their files."),
    Artefact.ACCESS_LOG: _("What the journal says of things that are no longer there."),
}
COUNTED_FROM: dict[Artefact, str] = {
    Artefact.CASE: _("End of support"),
    Artefact.SUPPORT_RECORD: _("End of support"),
    Artefact.PLAN: _("End of support"),
    Artefact.CONSENT: _("End of support"),
    Artefact.PAYMENT_VOUCHER: _("Approval of the payment"),
    Artefact.CONTRACT: _("Last day of the contract"),
    Artefact.STATISTICS: _("End of the month"),
    Artefact.ACCESS_LOG: _("End of the fiscal year"),
}
STATUSES: dict[DisposalStatus, str] = {
    DisposalStatus.DRAFTED: _("Drafted"),
    DisposalStatus.HANDED_IN: _("Waiting for approval"),
    DisposalStatus.APPROVED: _("Approved, being carried out"),
    DisposalStatus.GIVEN_UP: _("Given up"),
    DisposalStatus.CARRIED_OUT: _("Carried out"),
}
STATUS_KINDS: dict[DisposalStatus, str] = {
    DisposalStatus.DRAFTED: "neutral",
    DisposalStatus.HANDED_IN: "info",
    DisposalStatus.APPROVED: "warn",
    DisposalStatus.GIVEN_UP: "neutral",
    DisposalStatus.CARRIED_OUT: "frozen",
}

"""Words for partner employers."""

from ayumi.employers.model import EmployerStatus, FeeKind, Offer, Payer, PriceStatus, TaxTreatment
from ayumi.kernel.words import _

STATUSES: dict[EmployerStatus, str] = {
    EmployerStatus.PROSPECT: _("Being talked to"),
    EmployerStatus.PARTNER: _("Partner"),
    EmployerStatus.RESTING: _("Resting"),
}
STATUS_KINDS: dict[EmployerStatus, str] = {
    EmployerStatus.PROSPECT: "info",
    EmployerStatus.PARTNER: "good",
    EmployerStatus.RESTING: "neutral",
}

OFFERS: dict[Offer, str] = {
    Offer.EXPERIENCE: _("Work experience"),
    Offer.VISIT: _("Visit to the workplace"),
    Offer.VOLUNTEER: _("Volunteering"),
    Offer.PIECEWORK: _("Piecework"),
    Offer.JOB: _("Jobs"),
}

FEE_KINDS: dict[FeeKind, str] = {
    FeeKind.COMMISSION: _("Commission fee"),
    FeeKind.HONORARIUM: _("Honorarium"),
    FeeKind.NONE: _("No payment"),
}

PAYERS: dict[Payer, str] = {
    Payer.MUNICIPALITY: _("The municipality"),
    Payer.FIRM: _("The firm, which is reimbursed"),
}

TAX_TREATMENTS: dict[TaxTreatment, str] = {
    TaxTreatment.INCLUDED: _("Tax included"),
    TaxTreatment.ADDED: _("Tax added"),
    TaxTreatment.OUTSIDE_SCOPE: _("Outside the scope of tax"),
    TaxTreatment.EXEMPT: _("Exempt from tax"),
}

PRICE_STATUSES: dict[PriceStatus, str] = {
    PriceStatus.PROPOSED: _("Waiting for approval"),
    PriceStatus.APPROVED: _("Approved"),
    PriceStatus.REJECTED: _("Not approved"),
}
PRICE_KINDS: dict[PriceStatus, str] = {
    PriceStatus.PROPOSED: "warn",
    PriceStatus.APPROVED: "good",
    PriceStatus.REJECTED: "neutral",
}

ACTIONS: dict[str, str] = {
    "registered": _("Employer entered"),
    "edited": _("Employer changed"),
    "welcomed": _("Became a partner"),
    "rested": _("Put to rest"),
    "site_added": _("Site entered"),
    "site_edited": _("Site changed"),
    "agreed": _("Agreement entered"),
    "amended": _("Agreement changed"),
    "proposed": _("Price proposed"),
    "approved": _("Price approved"),
    "rejected": _("Price not approved"),
    "ended": _("Price ended by the one after it"),
}

"""Words for fees and statements."""

from ayumi.fees.model import AdjustmentReason, ReturnReason, StatementStatus
from ayumi.fees.payable import Fate
from ayumi.kernel.words import _

STATUSES: dict[StatementStatus, str] = {
    StatementStatus.DRAFT: _("Draft"),
    StatementStatus.SUBMITTED: _("Waiting for approval"),
    StatementStatus.RETURNED: _("Sent back"),
    StatementStatus.APPROVED: _("Approved"),
    StatementStatus.DROPPED: _("Given up"),
}
STATUS_KINDS: dict[StatementStatus, tuple[str, str]] = {
    StatementStatus.DRAFT: ("neutral", "half"),
    StatementStatus.SUBMITTED: ("info", ""),
    StatementStatus.RETURNED: ("warn", "back"),
    StatementStatus.APPROVED: ("frozen", ""),
    StatementStatus.DROPPED: ("neutral", "close"),
}
"""Kind of tag and its icon."""

FATES: dict[Fate, str] = {
    Fate.PAYABLE: _("Confirmed: %(days)s days"),
    Fate.TAKE_BACK: _("To be taken back: %(days)s days"),
    Fate.NO_PRICE: _("No approved unit price: %(days)s days"),
    Fate.NO_AGREEMENT: _("No agreement: %(days)s days"),
    Fate.NO_FEE: _("No fee agreed: %(days)s days"),
    Fate.UNCONFIRMED: _("Not confirmed yet: %(days)s days"),
    Fate.DISPUTED: _("Questioned by the employer: %(days)s days"),
}
FATE_KINDS: dict[Fate, str] = {
    Fate.PAYABLE: "info",
    Fate.TAKE_BACK: "warn",
    Fate.NO_PRICE: "bad",
    Fate.NO_AGREEMENT: "bad",
    Fate.NO_FEE: "neutral",
    Fate.UNCONFIRMED: "neutral",
    Fate.DISPUTED: "bad",
}

RETURN_REASONS: dict[ReturnReason, str] = {
    ReturnReason.DAYS: _("The days are not right"),
    ReturnReason.PRICE: _("The unit price is not right"),
    ReturnReason.CHANGED: _("Something has changed since it was handed in"),
    ReturnReason.PAPERS: _("The employer's confirmation cannot be found"),
    ReturnReason.OTHER: _("Another reason"),
}

ADJUSTMENT_REASONS: dict[AdjustmentReason, str] = {
    AdjustmentReason.DISPUTED: _("Questioned by the employer after payment"),
    AdjustmentReason.WITHDRAWN: _("Withdrawn after payment"),
    AdjustmentReason.REOPENED: _("To be confirmed anew after payment"),
    AdjustmentReason.CORRECTED: _("Times corrected after payment; the day is paid anew"),
}

ACTIONS: dict[str, str] = {
    "compiled": _("Compiled"),
    "recompiled": _("Compiled again"),
    "annotated": _("Note written"),
    "submitted": _("Handed in"),
    "lines_approved": _("Lines approved"),
    "lines_returned": _("Sent back"),
    "approved": _("Approved and frozen"),
    "dropped": _("Given up"),
}

"""Words for what a contract allows."""

from ayumi.contracts.queries import Access
from ayumi.firms.model import FirmKind
from ayumi.kernel.words import _

ACCESSES: dict[Access, str] = {
    Access.OPEN: _("Under contract"),
    Access.READ_ONLY: _("Reading only"),
    Access.NONE: _("No access"),
}
ACCESS_KINDS: dict[Access, str] = {Access.OPEN: "good", Access.READ_ONLY: "warn", Access.NONE: "frozen"}

FIRM_KINDS: dict[FirmKind, str] = {
    FirmKind.NPO: _("NPO"),
    FirmKind.COMPANY: _("Company"),
    FirmKind.SOCIAL_WELFARE_CORPORATION: _("Social welfare corporation"),
    FirmKind.COOPERATIVE: _("Cooperative"),
    FirmKind.OTHER: _("Another kind"),
}

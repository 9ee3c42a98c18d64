"""Words for packings."""

from ayumi.kernel.words import _
from ayumi.moving.model import PackingStatus

STATUSES: dict[PackingStatus, str] = {
    PackingStatus.ASKED: _("Waiting to be packed"),
    PackingStatus.PACKING: _("Being packed"),
    PackingStatus.PACKED: _("Packed"),
    PackingStatus.FAILED: _("Could not be packed"),
}
STATUS_KINDS: dict[PackingStatus, str] = {
    PackingStatus.ASKED: "info",
    PackingStatus.PACKING: "info",
    PackingStatus.PACKED: "good",
    PackingStatus.FAILED: "bad",
}

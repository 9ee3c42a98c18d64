"""What can be wrong with a journal."""

from dataclasses import dataclass
from enum import StrEnum

from ayumi.kernel.words import _


class Fault(StrEnum):
    """One way in which a chain is broken, or does not agree with what was signed."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out_of_order"
    CONTENT = "content"
    HEAD = "head"
    SIGNED_DIFFERS = "signed_differs"
    SIGNED_UNKNOWN_KEY = "signed_unknown_key"
    SIGNATURE = "signature"
    FILE_MISSING = "file_missing"
    FILE_DIFFERS = "file_differs"
    ROW_MISSING = "row_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and at which entry."""

    fault: Fault
    seq: int


FAULTS: dict[Fault, str] = {
    Fault.CHANGED: _("Entry %(seq)s was changed, or the one before it: it no longer follows from it"),
    Fault.MISSING: _("Entry %(seq)s is missing"),
    Fault.OUT_OF_ORDER: _("Entry %(seq)s stands in another's place"),
    Fault.CONTENT: _("What entry %(seq)s says was changed"),
    Fault.HEAD: _("The journal does not end where its head says (entry %(seq)s)"),
    Fault.SIGNED_DIFFERS: _("Entry %(seq)s is not what was signed"),
    Fault.SIGNED_UNKNOWN_KEY: _("The head at entry %(seq)s was signed with a key that is not known here"),
    Fault.SIGNATURE: _("The signature of the head at entry %(seq)s does not hold"),
    Fault.FILE_MISSING: _("The signed head at entry %(seq)s is no longer in the file store"),
    Fault.FILE_DIFFERS: _("The signed head at entry %(seq)s differs from what lies in the file store"),
    Fault.ROW_MISSING: _("A signed head at entry %(seq)s lies in the file store and is no longer in the database"),
}

"""Why single sign-on did not work: the person at the door reads one calm sentence, the administrator reads which."""

from enum import StrEnum

from ayumi.kernel.errors import Refused
from ayumi.kernel.words import _


class Reason(StrEnum):
    """Where on the way it stopped."""

    OFF = "off"
    SPENT = "spent"
    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    DISCOVERY = "discovery"
    DECLINED = "declined"
    EXCHANGE = "exchange"
    TOKEN = "token"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"


class NotLetIn(Refused):
    """Single sign-on ended before anybody was let in. The sentence does not tell who is known here."""

    message = _("You could not be let in with this account. Please ask the administrator of your municipality.")

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__()

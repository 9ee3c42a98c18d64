"""Words for what an administrator reads when a provider does not let them through."""

from ayumi.kernel.words import _
from ayumi.signon.trouble import Reason

REASONS: dict[Reason, str] = {
    Reason.OFF: _("There is no provider here that is switched on."),
    Reason.SPENT: _("This login has taken too long, was begun in another browser, or has been used already."),
    Reason.ADDRESS: _("An address of the provider does not begin with https://."),
    Reason.UNREACHABLE: _("The provider does not answer, or its address does not lie on the open internet."),
    Reason.DISCOVERY: _("The provider calls itself by another address than the one entered here."),
    Reason.DECLINED: _("The provider has not let you through."),
    Reason.EXCHANGE: _("The provider does not accept the client ID, the secret or the redirect address."),
    Reason.TOKEN: _("What the provider has answered does not fit: issuer, client ID, time or signature is wrong."),
    Reason.UNVERIFIED: _("The provider does not tell an e-mail address that it has verified."),
    Reason.UNKNOWN: _("The account is not known here."),
}

"""Words for invitations, and for what somebody can no longer come in with."""

from ayumi.invitations.model import InvitationStatus, Lost
from ayumi.kernel.words import _

INVITATIONS: dict[InvitationStatus, str] = {
    InvitationStatus.SENT: _("Waits for an answer"),
    InvitationStatus.ACCEPTED: _("Invitation accepted"),
    InvitationStatus.WITHDRAWN: _("Invitation withdrawn"),
    InvitationStatus.EXPIRED: _("Time is over"),
}
INVITATION_KINDS: dict[InvitationStatus, str] = {
    InvitationStatus.SENT: "info",
    InvitationStatus.ACCEPTED: "good",
    InvitationStatus.WITHDRAWN: "frozen",
    InvitationStatus.EXPIRED: "warn",
}
LOST: dict[Lost, str] = {
    Lost.PASSWORD: _("My password"),
    Lost.SECOND_FACTOR: _("My second factor: the app, the passkey or the recovery codes"),
}
LOST_IN_SHORT: dict[Lost, str] = {
    Lost.PASSWORD: _("Password lost"),
    Lost.SECOND_FACTOR: _("Second factor lost"),
}

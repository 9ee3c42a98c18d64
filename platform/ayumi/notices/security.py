"""The mail that tells somebody what was done with their account: when, from where, and what to do about it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from ayumi.accounts import devices
from ayumi.config import settings
from ayumi.kernel.words import _
from ayumi.notices import mail, post


class What(StrEnum):
    """What was done."""

    NEW_DEVICE = "new_device"
    PASSWORD_CHANGED = "password_changed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "recovery_codes_made"
    CODE_USED = "recovery_code_used"
    SIGN_ON_LINKED = "single_sign_on_linked"


SUBJECTS: dict[What, str] = {
    What.NEW_DEVICE: _("Your Ayumi account was used on a new device"),
    What.PASSWORD_CHANGED: _("The password of your Ayumi account was changed"),
    What.APP_ADDED: _("An authenticator app was added to your Ayumi account"),
    What.APP_REMOVED: _("The authenticator app was removed from your Ayumi account"),
    What.PASSKEY_ADDED: _("A passkey was added to your Ayumi account"),
    What.PASSKEY_REMOVED: _("A passkey was removed from your Ayumi account"),
    What.CODES_MADE: _("New recovery codes were made for your Ayumi account"),
    What.CODE_USED: _("A recovery code of your Ayumi account was used"),
    What.SIGN_ON_LINKED: _("Your Ayumi account can now be opened with your municipality's account"),
}


def send(account: Any, what: What, *, login: Any, at: datetime) -> None:
    """Mail it to the account's owner. ``login``: the session it was done in."""
    post.send(
        mail.compose(
            "account_notice",
            to=account.email,
            language=account.language,
            name=account.name,
            subject=SUBJECTS[what],
            at=at,
            device=devices.named(login.user_agent),
            address=login.address,
            link=f"{settings().base_url}/account/sessions",
        ),
        key=f"account_notice:{what.value}:{login.id}:{at.timestamp():.0f}",
    )

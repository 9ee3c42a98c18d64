"""What a browser's passkey is asked to sign: remembered in the signed cookie, one for each purpose, for a moment."""

import base64
import secrets
from datetime import UTC, datetime
from enum import StrEnum

from flask import request
from flask import session as cookie

from ayumi.factors import passkeys
from ayumi.factors.passkeys import Challenge
from ayumi.kernel import clock

COOKIE = "challenge"


class Purpose(StrEnum):
    """What a passkey is asked for."""

    LOGIN = "login"
    SECOND_STEP = "second_step"
    CONFIRM = "confirm"
    ADD = "add"


def make(purpose: Purpose) -> Challenge:
    """Make a challenge and remember it in this browser in place of an earlier one."""
    made = Challenge(secrets.token_bytes(32), clock.now())
    cookie[COOKIE] = {
        "for": purpose.value,
        "value": base64.b64encode(made.value).decode(),
        "at": made.made_at.timestamp(),
    }
    return made


def take(purpose: Purpose) -> Challenge | None:
    """Return this browser's challenge and forget it; None when there is none for this purpose."""
    said = cookie.pop(COOKIE, None)
    if not isinstance(said, dict) or said.get("for") != purpose.value:
        return None
    return Challenge(base64.b64decode(said["value"]), datetime.fromtimestamp(said["at"], UTC))


def elsewhere() -> str:
    """Return this page's address where passkeys work, when that is not here: browsers know no bare addresses."""
    here, there = request.host_url.rstrip("/"), passkeys.site().origin
    return "" if here == there else f"{there}{request.path}"

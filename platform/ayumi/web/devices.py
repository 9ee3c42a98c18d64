"""The browser somebody sits at: known again by a long-lived cookie, of which the database keeps only the hash."""

from dataclasses import dataclass

from flask import Response, request

from ayumi.accounts import tokens
from ayumi.config import settings

COOKIE = "ayumi_device"
COOKIE_OVER_TLS = f"__Host-{COOKIE}"
LENGTH = 400 * 24 * 3600  # the longest that browsers allow
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and its key."""

    key: str

    @property
    def hash(self) -> str:
        """What the database knows it by."""
        return tokens.digest(self.key)


def shown() -> Device | None:
    """Return the device this browser says it is, or None."""
    key = request.cookies.get(name_of_cookie(), "")
    return Device(key) if 0 < len(key) <= LONGEST_KEY else None


def present() -> Device:
    """Return this browser's device, a fresh one when it has none yet."""
    return shown() or Device(tokens.fresh())


def name_of_cookie() -> str:
    """Return what the cookie is called: over TLS browsers hold such a name to this one host."""
    return COOKIE_OVER_TLS if settings().secure_cookies == "yes" else COOKIE


def leave(device: Device, response: Response) -> Response:
    """Let the browser remember its device for as long as it may."""
    response.set_cookie(
        name_of_cookie(),
        device.key,
        max_age=LENGTH,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies == "yes",
    )
    return response

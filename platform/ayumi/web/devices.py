"""The browser somebody sits at: known again by a long-lived cookie, of which the database keeps only the hash."""

from dataclasses import dataclass

from flask import Response, request

from ayumi.accounts import tokens
from ayumi.config import settings

COOKIE = "ayumi_device"
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
    key = request.cookies.get(COOKIE, "")
    return Device(key) if 0 < len(key) <= LONGEST_KEY else None


def present() -> Device:
    """Return this browser's device, a fresh one when it has none yet."""
    return shown() or Device(tokens.fresh())


def leave(device: Device, response: Response) -> Response:
    """Let the browser remember its device for as long as it may."""
    response.set_cookie(
        COOKIE,
        device.key,
        max_age=LENGTH,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies == "yes",
    )
    return response

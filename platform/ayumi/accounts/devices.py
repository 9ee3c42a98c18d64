"""From what somebody comes in: a short name people recognise, and whether they have come from it before."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Account, LoginSession

# The order matters: most browsers also call themselves by the names further down.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def named(user_agent: str | None) -> str:
    """Return how people call what a browser says of itself, e.g. ``Chrome (Windows)``; empty when it is not known."""
    said = user_agent or ""
    browser, machine = _first(BROWSERS, said), _first(MACHINES, said)
    return f"{browser} ({machine})" if browser and machine else browser or machine


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for mark, name in known if mark in said), "")


def knows(session: Session, email: str, device_hash: str | None) -> bool:
    """Tell whether the account of this address has come in from this device before; asks the same for any address."""
    known = (
        select(LoginSession.id)
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.email == email, LoginSession.device_hash == (device_hash or ""))
    )
    return bool(session.scalar(select(exists(known))))


def is_new(session: Session, account_id: UUID, device_hash: str) -> bool:
    """Tell whether an account that has been in before comes from a device it never came from."""
    seen = session.execute(
        select(LoginSession.device_hash).where(LoginSession.account_id == account_id).distinct()
    ).scalars()
    known = set(seen)
    return bool(known) and device_hash not in known

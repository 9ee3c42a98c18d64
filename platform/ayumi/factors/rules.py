"""Showing a second factor, and taking one away. Works through the accounts door."""

from uuid import UUID

from sqlalchemy.orm import Session

from ayumi.factors import apps, passkeys, queries, recovery
from ayumi.factors.model import Passkey
from ayumi.kernel.errors import Conflict
from ayumi.kernel.words import _


class LastFactor(Conflict):
    """Somebody whose place needs a second factor keeps one."""

    message = _("This is your last second factor, and a place you belong to needs one. Add another first.")


def spend_code(session: Session, account_id: UUID, code: str) -> str | None:
    """Take a code of the app or from paper; return which it was (``app``, ``recovery``), or None."""
    if apps.spend(session, account_id, code):
        return "app"
    return "recovery" if recovery.spend(session, account_id, code) else None


def remove_app(session: Session, account_id: UUID, *, needed: bool) -> None:
    """Take the app away, unless it is the last factor and one is needed."""
    _check(session, account_id, needed=needed)
    apps.remove(session, account_id)
    _tidy(session, account_id)


def remove_passkey(session: Session, account_id: UUID, *, passkey_id: UUID, needed: bool) -> Passkey:
    """Take a passkey away, unless it is the last factor and one is needed."""
    _check(session, account_id, needed=needed)
    removed = passkeys.remove(session, account_id, passkey_id)
    _tidy(session, account_id)
    return removed


def forget_all(session: Session, account_id: UUID) -> None:
    """Take every factor away: somebody has lost them, and a second person has agreed to begin again."""
    apps.remove(session, account_id)
    for each in passkeys.every(session, account_id):
        passkeys.remove(session, account_id, each.id)
    recovery.forget(session, account_id)


def _check(session: Session, account_id: UUID, *, needed: bool) -> None:
    if needed and queries.of(session, account_id).is_last:
        raise LastFactor


def _tidy(session: Session, account_id: UUID) -> None:
    """Codes on paper stand in for a factor; without any they would be one."""
    if not queries.of(session, account_id).any:
        recovery.forget(session, account_id)

"""Who has a second factor that counts."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.factors.model import AuthenticatorApp, Passkey


def having(session: Session, account_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these accounts that have an app or a passkey. Asked through the accounts door."""
    apps = select(AuthenticatorApp.account_id).where(
        AuthenticatorApp.account_id.in_(account_ids), AuthenticatorApp.confirmed_at.is_not(None)
    )
    passkeys = select(Passkey.account_id).where(Passkey.account_id.in_(account_ids))
    return set(session.scalars(apps.union(passkeys)))

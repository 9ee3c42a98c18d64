"""Which factors somebody has. Asked through the accounts door."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ayumi.factors.model import AuthenticatorApp, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account can show besides its password."""

    has_app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all; codes on paper are none by themselves."""
        return self.has_app or self.passkeys > 0

    @property
    def is_last(self) -> bool:
        """Whether only one is left."""
        return self.has_app + self.passkeys == 1


def of(session: Session, account_id: UUID) -> Factors:
    """Return which factors an account has."""
    app = exists().where(AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_not(None))
    passkeys = select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id).scalar_subquery()
    codes = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    row = session.execute(select(app.label("app"), passkeys.label("passkeys"), codes.label("codes"))).one()
    return Factors(bool(row.app), row.passkeys, row.codes)

"""Recovery codes: ten of them on paper, for the day the device is lost. Each works once; only hashes are kept."""

import re
import secrets
import unicodedata
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ayumi.accounts.tokens import digest
from ayumi.factors.model import RecoveryCode
from ayumi.kernel import clock

HOW_MANY = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
GROUPS, GROUP = 4, 4  # sixteen letters are 79 bits: a plain hash of them cannot be guessed back


def make(session: Session, account_id: UUID) -> list[str]:
    """Make an account's codes anew and return them, to be shown once; those made before no longer work."""
    codes = [_fresh() for _number in range(HOW_MANY)]
    forget(session, account_id)
    now = clock.now()
    session.add_all([RecoveryCode(account_id=account_id, code_hash=_digest(each), made_at=now) for each in codes])
    session.flush()
    return codes


def spend(session: Session, account_id: UUID, code: str) -> bool:
    """Take a code; False when it is wrong, another's, or has been taken before."""
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def left(session: Session, account_id: UUID) -> int:
    """Return how many codes have not been used."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).where(*unused)) or 0


def forget(session: Session, account_id: UUID) -> None:
    """Forget all codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _fresh() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))


def _digest(code: str) -> str:
    return digest(re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", code).casefold()))

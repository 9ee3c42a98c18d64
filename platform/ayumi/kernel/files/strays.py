"""Bytes without a row: laid down in a transaction that was given up, or by a process that was killed."""

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ayumi.kernel import clock
from ayumi.kernel.db import place_of
from ayumi.kernel.files.forgetting import lock_of
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store

LONGEST_WRITE: Final = timedelta(days=1)
OF_A_ROW: Final = re.compile(r"t/\d+/[0-9a-f]{2}/([0-9a-f]{64})")  # others, signed heads among them, have no row


def forget_strays(session: Session) -> int:
    """Forget the bytes in the municipality's folder that no row speaks of, and return how many there were.

    What was never written whole goes too, once nobody can be writing it any more.
    """
    folder = f"t/{place_of(session).tenant_id}/"
    store().forget_halves(folder, begun_before=clock.now() - LONGEST_WRITE)
    known = set(session.scalars(select(StoredFile.sha256)))
    found = [OF_A_ROW.fullmatch(key) for key in store().names(folder)]
    return sum(_forget(session, each[0], each[1]) for each in found if each and each[1] not in known)


def _forget(session: Session, key: str, sha256: str) -> bool:
    """Forget bytes, unless somebody is just keeping them or has by now."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(lock_of(key)))):
        return False
    if session.scalar(select(StoredFile.id).where(StoredFile.sha256 == sha256).limit(1)):
        return False
    store().delete(key)
    return True

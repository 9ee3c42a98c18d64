"""Forget kept files: their rows, and their bytes as soon as no other row of the municipality needs them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store


def forget(session: Session, ids: Collection[UUID]) -> int:
    """Forget these files and return how many there were.

    The bytes go before the commit: should it fail, a row without bytes is found again and forgotten again, but bytes
    without a row would be found by nobody. Whoever keeps the same bytes at the same moment waits, and writes anew.
    """
    rows = session.scalars(select(StoredFile).where(StoredFile.id.in_(ids))).all()
    keys = {row.key: row.sha256 for row in rows}
    for key in sorted(keys):
        session.execute(select(func.pg_advisory_xact_lock(lock_of(key))))
    session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)), execution_options={"synchronize_session": False})
    needed = set(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(keys.values()))))
    for key, sha256 in keys.items():
        if sha256 not in needed:
            store().delete(key)
    return len(rows)


def lock_of(key: str) -> object:
    """Return the number of the lock under which bytes of this name are kept or forgotten."""
    return func.hashtextextended(f"file:{key}", 0)

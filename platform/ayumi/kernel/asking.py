"""Statements put to the database as they are, past the mapper: those it cannot narrow to the municipality, or need not.

``straight`` (``kernel/db.py``) lets one SELECT of columns pass by the mapper. A question made of several, or an UPDATE
that is kept, names the municipality itself: ``HERE``.
"""

from typing import Any

from sqlalchemy import CursorResult, Executable

from ayumi.kernel.db import HERE, db, tenant


def ask(statement: Executable, **said: Any) -> CursorResult[Any]:
    """Put a kept statement in which HERE is the present municipality, after what has been changed before it."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, {HERE.key: tenant(), **said})


__all__ = ["HERE", "ask"]

"""Statements said to the database as they are, past the mapper.

The mapper narrows what is asked to the municipality, and makes objects that it watches; where rows are only shown or
only written, that takes longer than the asking itself. A statement said here names the municipality itself: ``HERE``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable

from ayumi.kernel.db import HERE, db, tenant


def ask(statement: Executable, **said: Any) -> CursorResult[Any]:
    """Say a kept statement in which HERE is the present municipality."""
    return tell(statement, {HERE.key: tenant(), **said})


def tell(statement: Executable, said: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Say a statement, after what has been changed before it. ``said``: one set of parameters, or many."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, said)


__all__ = ["HERE", "ask", "tell"]

"""Whom the present session has looked at. Queries that hand out one person say so here; who shows a page writes it
down in the journal (see audit.reading). What is looked at by id alone cannot be looked at unnoticed.
"""

from uuid import UUID

from ayumi.kernel.db import db

SEEN = "seen"  # in a session's info: (table, id), in the order of looking


def looked_at(table: str, id: UUID) -> None:
    """Remember that this row was handed out to be looked at."""
    db.session().info.setdefault(SEEN, {})[(table, id)] = None


def whom() -> list[tuple[str, UUID]]:
    """Return (table, id) of what was looked at since the session began."""
    return list(db.session().info.get(SEEN, {}))

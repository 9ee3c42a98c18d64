"""Whether the database is spread over several machines (Citus), where a few things are asked or written by other means
than on one.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from ayumi.kernel.db import db

_known = WeakKeyDictionary[Engine | Connection, bool]()


def is_spread(session: Session | None = None) -> bool:
    """Tell it of the database that a session asks, or else the present one; a process asks each database once."""
    asked = session or db.session()
    engine = asked.get_bind()
    if engine not in _known:
        _known[engine] = bool(asked.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")))
    return _known[engine]

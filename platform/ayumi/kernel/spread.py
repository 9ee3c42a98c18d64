"""Whether the database is spread over several machines (Citus), where a list comes in by other means than on one."""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from ayumi.kernel.db import db

_known = WeakKeyDictionary[Engine | Connection, bool]()


def is_spread() -> bool:
    """Tell it of the database that is asked here; a process asks each database once."""
    engine = db.session().get_bind()
    if engine not in _known:
        found = db.session.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'"))
        _known[engine] = bool(found)
    return _known[engine]

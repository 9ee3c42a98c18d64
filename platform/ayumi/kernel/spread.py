"""Whether the database is spread over several machines (Citus), where a few things are asked or written by other means
than on one.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from ayumi.kernel.db import db

BY_MACHINE = text("""
    SELECT array_agg(m.id ORDER BY m.id) FROM municipality m
    JOIN pg_dist_placement p ON p.shardid = get_shard_id_for_distribution_column('outbox', m.id)
    GROUP BY p.groupid ORDER BY p.groupid
""")

_known = WeakKeyDictionary[Engine | Connection, bool]()


def is_spread(session: Session | Connection | None = None) -> bool:
    """Tell it of the database that a session asks, or else the present one; a process asks each database once."""
    asked = session or db.session()
    engine = asked.engine if isinstance(asked, Connection) else asked.get_bind()
    if engine not in _known:
        _known[engine] = bool(asked.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")))
    return _known[engine]


def by_machine(session: Session) -> Sequence[list[int]]:
    """Return the numbers of the municipalities on each machine; of a database that lies on one machine, nothing."""
    return session.scalars(BY_MACHINE).all() if is_spread(session) else []

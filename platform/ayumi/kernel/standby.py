"""Reading from a standby, a copy that follows the database: long counting does not stand in the way of those who write.

What is read there is what the database held when it was asked for, or more: first its position is taken, then the
standby is given some time to reach it. One that lags behind, is away, or breaks off is not waited for: whoever
wanted to read is told None, and asks the database itself. A process that has waited in vain does not do so again for
a minute: a standby that always lags costs the month's reports little.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import Select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from ayumi.kernel import clusters, meters
from ayumi.kernel.db import PlacedSession, db, here, visiting

PAUSE = 0.05  # seconds between looks
LEFT_ALONE = 60.0  # seconds for which one that has been waited for in vain is not asked again

ASKED = Counter(
    "ayumi_standby_asked", "How the standby was found when reports wanted it", ["found"], registry=meters.REGISTRY
)

log = structlog.get_logger(__name__)

Found = list[Sequence[Any]]

_asked_in_vain: dict[str, float] = {}  # which standby -> when


class Standby:
    """What reads from the standby in the present place, as long as it can be read."""

    def __init__(self, session: Session | None) -> None:
        self._session = session

    def read(self, *queries: Select[Any], said: Mapping[str, Any] | None = None) -> list[Found] | None:
        """Return the rows of each query, all of one instant; None when they have to be asked of the database.

        ``said``: what the queries leave blank.
        """
        if self._session is None:
            return None
        try:
            return [[tuple(row) for row in self._session.execute(query, said)] for query in queries]
        except DBAPIError as error:
            log.warning("standby broke off", kind=type(error.orig).__name__)
            ASKED.labels("broke off").inc()
            self._session.close()
            self._session = None
            return None


@contextmanager
def standby(*, wait: float) -> Iterator[Standby]:
    """Open the standby when it holds all that the database has kept up to now; wait for that some seconds."""
    engine = clusters.standby()
    if engine not in db.engines or _is_left_alone(engine):
        yield Standby(None)
        return
    session = PlacedSession(db, info={"place": here(), "engine": engine})
    try:
        ready = _has_caught_up(session, position(), wait)
        if not ready:
            _asked_in_vain[engine] = time.monotonic()
        yield Standby(session if ready else None)
    finally:
        session.close()


def _is_left_alone(engine: str) -> bool:
    return time.monotonic() - _asked_in_vain.get(engine, -LEFT_ALONE) < LEFT_ALONE


def position() -> str:
    """Return where the database stands: all that others have kept up to now lies before it.

    What has been kept with synchronous_commit off can be seen before it is sent; a mark that is kept for good takes
    it along.
    """
    with visiting(here()) as session:
        session.execute(text("SET LOCAL synchronous_commit = on"))
        session.execute(text("SELECT pg_logical_emit_message(true, 'ayumi', 'position')"))
    with visiting(here()) as session:
        return str(session.scalar(text("SELECT pg_current_wal_flush_lsn()")))


def _has_caught_up(session: Session, wanted: str, wait: float) -> bool:
    deadline = time.monotonic() + wait
    try:
        while not _holds(session, wanted):
            if time.monotonic() > deadline:
                log.warning("standby lags", waited=wait)
                ASKED.labels("lags").inc()
                return False
            time.sleep(PAUSE)
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    except (DBAPIError, NoConnection) as error:
        log.warning("standby is away", kind=type(error).__name__)
        ASKED.labels("away").inc()
        return False
    ASKED.labels("ready").inc()
    return True


def _holds(session: Session, wanted: str) -> bool:
    """Tell whether the standby has replayed up to a position. What is no standby (any more) holds nothing for sure."""
    replayed = text("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:wanted AS pg_lsn)")
    found = session.scalar(replayed, {"wanted": wanted})
    session.rollback()
    return bool(found)

"""Keeps one promise: the work and the mark that it is done are one transaction, so it is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from ayumi.kernel import clock, clusters, tracing
from ayumi.kernel.db import db, enter, leave, place_of, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from jobs import meters
from jobs.kinds import KINDS

MOST_ATTEMPTS = 8

log = structlog.get_logger(__name__)

# Asked for each promise, so they are put together once.
TABLE: Final[Any] = Promise.__table__
THIS: Final = (TABLE.c.tenant_id == bindparam("town"), TABLE.c.id == bindparam("one"))
OPEN: Final = (TABLE.c.done_at.is_(None), TABLE.c.gave_up_at.is_(None))


def _counting() -> Update:
    """Count an attempt, unless the promise is kept, given up or held, or its municipality suspended."""
    in_service = TABLE.c.tenant_id.in_(municipalities.ids_in_service())
    free = select(TABLE.c.id).where(*THIS, *OPEN, in_service).with_for_update(skip_locked=True)
    counted = update(TABLE).where(THIS[0], TABLE.c.id.in_(free)).values(attempts=TABLE.c.attempts + 1)
    return counted.returning(TABLE.c.kind, TABLE.c.request_id, TABLE.c.attempts)


COUNT: Final = _counting()
GIVE_UP: Final = update(TABLE).where(*THIS).values(gave_up_at=bindparam("at"))
HOLD: Final = select(TABLE.c.kind, TABLE.c.arguments).where(*THIS, OPEN[0]).with_for_update(skip_locked=True)
KEPT: Final = update(TABLE).where(*THIS).values(done_at=bindparam("at"), error=None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is being tried, and which request asked for it."""

    kind: str
    request_id: str | None


def keep(*, tenant_id: int, promise_id: str) -> None:
    """Do what was promised, in the cluster in which the municipality lives."""
    with clusters.at(clusters.of(tenant_id)):
        keep_there(tenant_id, promise_id)


def keep_there(tenant_id: int, promise_id: str) -> None:
    """Do what was promised, unless it is done, being done, or not of this municipality."""
    place, id = Place(Door.WORKER, tenant_id=tenant_id), UUID(promise_id)
    attempt = count_attempt(place, id)
    if attempt is None:
        return
    leave()
    tracing.begin(request_id=attempt.request_id, job=attempt.kind, promise=id.hex)
    enter(place)
    try:
        with meters.measured(attempt.kind, tenant_id):
            work(id)
            db.session.commit()
    except BaseException as error:
        db.session.rollback()
        put_off(place, id, error)
        raise
    finally:
        leave()
        tracing.end()


def count_attempt(place: Place, id: UUID) -> Attempt | None:
    """Count this attempt in a transaction of its own, so that a worker that is killed has been counted."""
    with visiting(place) as session:
        counted = _asked(session, COUNT, id).one_or_none()
        if counted is None:
            return None
        if counted.attempts > MOST_ATTEMPTS:
            _asked(session, GIVE_UP, id, at=clock.now())
            log.error("gave up", job=counted.kind, municipality=place.tenant_id, request_id=counted.request_id)
            return None
        return Attempt(counted.kind, counted.request_id)


def _asked(session: Session, statement: Any, id: UUID, **said: datetime) -> Any:
    """Ask for one promise of the session's municipality."""
    return session.connection().execute(statement, {"town": place_of(session).tenant_id, "one": id, **said})


def work(id: UUID) -> None:
    """Hold the promise's row, do the work, mark it done."""
    promise = _asked(db.session(), HOLD, id).one_or_none()
    if promise is None:
        return
    KINDS[promise.kind](**promise.arguments)
    _asked(db.session(), KEPT, id, at=clock.now())


def put_off(place: Place, id: UUID, error: BaseException) -> None:
    """Try again later, each time a little later; write down the kind of failure, never what it was about."""
    with visiting(place) as session:
        promise = session.scalar(select(Promise).where(Promise.id == id).with_for_update())
        if promise is None:
            return
        promise.error = type(error).__name__
        promise.leased_until = None
        promise.run_after = clock.now() + timedelta(seconds=min(2**promise.attempts, 600))
        if promise.attempts >= MOST_ATTEMPTS:
            promise.gave_up_at = clock.now()
        log.warning("put off", attempts=promise.attempts, kind=promise.error)

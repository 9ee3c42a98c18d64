"""Keeps one promise: the work and the mark that it is done are one transaction, so it is done once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update

from ayumi.kernel import clock, clusters, tracing
from ayumi.kernel.db import db, enter, leave, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from jobs import meters
from jobs.kinds import KINDS

MOST_ATTEMPTS = 8

log = structlog.get_logger(__name__)


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
        if not municipalities.is_in_service(session, place.tenant_id or 0):
            return None
        open_promise = (Promise.id == id, Promise.done_at.is_(None), Promise.gave_up_at.is_(None))
        locked = session.scalar(select(Promise).where(*open_promise).with_for_update(skip_locked=True))
        if locked is None:
            return None
        locked.attempts += 1
        if locked.attempts > MOST_ATTEMPTS:
            locked.gave_up_at = clock.now()
            log.error("gave up", job=locked.kind, municipality=place.tenant_id, request_id=locked.request_id)
            return None
        return Attempt(locked.kind, locked.request_id)


def work(id: UUID) -> None:
    """Hold the promise's row, do the work, mark it done."""
    promise = db.session.scalar(
        select(Promise).where(Promise.id == id, Promise.done_at.is_(None)).with_for_update(skip_locked=True)
    )
    if promise is None:
        return
    arguments: dict[str, Any] = dict(promise.arguments)
    KINDS[promise.kind](**arguments)
    db.session.execute(
        update(Promise).where(Promise.id == id).values(done_at=clock.now(), error=None),
        execution_options={"synchronize_session": False},
    )


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

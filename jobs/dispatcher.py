"""Sends what was promised to the queue, and again when it was lost on the way.

Any number of dispatchers may run. A promise whose row is locked is being worked on; one that is still in line is
left there; one that is neither although its lease is over was lost with its worker or its queue, and is sent again.
What was promised for a municipality that is suspended waits until it goes on.

What is due is asked for across all municipalities, without locking; it is taken one municipality at a time, because a
database that is spread over several machines locks rows of one municipality only. While one of these is away, the
others are asked one by one.
"""

import time
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, Update, Uuid, any_, bindparam, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ayumi.kernel import clock
from ayumi.kernel.away import is_away
from ayumi.kernel.db import Rows, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.spread import by_machine
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities import queries as municipalities
from jobs import enqueue
from jobs.everywhere import everywhere
from jobs.stopping import Stopping

LEASE = timedelta(seconds=20)
BATCH = 200
PAUSE = 0.3  # seconds between looks when there was nothing to do

log = structlog.get_logger(__name__)


def run(app: Flask, *, lease: timedelta = LEASE) -> None:
    """Dispatch until told to stop; wait out a database or queue that is away."""
    store, stopping = enqueue.connection(), Stopping()
    while not stopping:
        try:
            with app.app_context():
                sent = everywhere(lambda: dispatch(store, lease=lease))
        except RedisError as error:
            log.warning("waiting", kind=type(error).__name__)
            sent = 0
            time.sleep(1)
        if not sent:
            time.sleep(PAUSE)


def dispatch(store: "Redis", *, lease: timedelta = LEASE) -> int:
    """Send what is due and return how many were sent.

    Leased first, sent after the commit: should this process die in between, the lease runs out and it is sent again.
    """
    chosen = [row for row in lease_due(lease) if row.leased_until is None or not waits(store, row)]
    for row in chosen:
        enqueue.send(store, row.tenant_id, row.id, row.attempts)
    return len(chosen)


def lease_due(lease: timedelta) -> Rows:
    """Lease a batch of what is due everywhere, or, where a machine is away, on each of those that answer."""
    try:
        with visiting(Place(Door.DISPATCHER)) as session:
            return take(session, lease)
    except DBAPIError as error:
        if not is_away(error):
            raise
        with visiting(Place(Door.DISPATCHER)) as session:
            machines = by_machine(session)
        if not machines:
            raise
    return [row for towns in machines for row in _lease_there(towns, lease)]


def _lease_there(towns: list[int], lease: timedelta) -> Rows:
    try:
        with visiting(Place(Door.DISPATCHER)) as session:
            return take(session, lease, towns)
    except DBAPIError as error:
        if not is_away(error):
            raise
        log.warning("waiting for a machine", municipalities=towns, kind=type(error).__name__)
        return []


def waits(store: "Redis", row: Any) -> bool:
    """Tell whether a promise that was sent before is still in line."""
    return enqueue.in_line(store, row.tenant_id, row.id, row.attempts)


def take(session: Session, lease: timedelta, towns: list[int] | None = None) -> Rows:
    """Lease a batch of what is due, in these municipalities or all, the oldest first; return it as it was before.

    When others hold the whole batch, the one behind it is tried, so that long work holds up nobody.
    """
    now, batches = clock.now(), count()
    while True:
        found = due(session, now, next(batches), towns)
        taken = leased(session, found, now, now + lease) if found else set()
        if taken or len(found) < BATCH:
            return [row for row in found if row.id in taken]


def due(session: Session, now: datetime, batch: int, towns: list[int] | None) -> Rows:
    """Return a batch of what is due in these municipalities, or everywhere, in the order in which it fell due."""
    query = select(Promise.tenant_id, Promise.id, Promise.attempts, Promise.leased_until).where(
        *is_due(now), Promise.tenant_id.in_(municipalities.ids_in_service())
    )
    if towns is not None:
        query = query.where(Promise.tenant_id.in_(towns))
    in_order = query.order_by(Promise.run_after, Promise.id)
    return session.execute(in_order.limit(BATCH).offset(batch * BATCH)).all()


def is_due(now: ColumnElement[datetime] | datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions under which a promise is to be sent."""
    return (
        Promise.done_at.is_(None),
        Promise.gave_up_at.is_(None),
        Promise.run_after <= now,
        or_(Promise.leased_until.is_(None), Promise.leased_until < now),
    )


def leased(session: Session, rows: Rows, now: datetime, until: datetime) -> set[UUID]:
    """Lease these promises, but those that are held or no longer due, and return which."""
    by_town: dict[int, list[UUID]] = {}
    for row in rows:
        by_town.setdefault(row.tenant_id, []).append(row.id)
    session.execute(
        LEASE_OF_ONE, [{"town": town, "ids": ids, "now": now, "until": until} for town, ids in by_town.items()]
    )
    named = (Promise.tenant_id.in_(by_town), Promise.id.in_([row.id for row in rows]))
    return set(session.scalars(select(Promise.id).where(*named, Promise.leased_until == until)))


def _lease_of_one() -> Update:
    """Say it for one municipality; the driver sends it for all of a batch at once."""
    town, ids = bindparam("town", type_=Integer), bindparam("ids", type_=ARRAY(Uuid))
    free = (
        select(Promise.id)
        .where(Promise.tenant_id == town, Promise.id == any_(ids), *is_due(bindparam("now", type_=DateTime(True))))
        .with_for_update(skip_locked=True)
    )
    table: Any = Promise.__table__
    return update(table).where(table.c.tenant_id == town, table.c.id.in_(free)).values(leased_until=bindparam("until"))


LEASE_OF_ONE = _lease_of_one()

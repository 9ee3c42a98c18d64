"""Sends what was promised to the queue, and again when it was lost on the way.

Any number of dispatchers may run. A promise whose row is locked is being worked on; one that is still in line is
left there; one that is neither although its lease is over was lost with its worker or its queue, and is sent again.
What was promised for a municipality that is suspended waits until it goes on.
"""

import time
from datetime import timedelta

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import or_, select

from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.outbox import Promise
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
    with visiting(Place(Door.DISPATCHER)) as session:
        now = clock.now()
        due = session.scalars(
            select(Promise)
            .where(
                Promise.done_at.is_(None),
                Promise.gave_up_at.is_(None),
                Promise.run_after <= now,
                Promise.tenant_id.in_(municipalities.ids_in_service()),
                or_(Promise.leased_until.is_(None), Promise.leased_until < now),
            )
            .order_by(Promise.run_after)
            .limit(BATCH)
            .with_for_update(skip_locked=True, of=Promise)
        ).all()
        chosen = []
        for promise in due:
            waits = promise.leased_until is not None and enqueue.in_line(
                store, promise.tenant_id, promise.id, promise.attempts
            )
            promise.leased_until = now + lease
            if not waits:
                chosen.append((promise.tenant_id, promise.id, promise.attempts))
    for tenant_id, promise_id, attempts in chosen:
        enqueue.send(store, tenant_id, promise_id, attempts)
    return len(chosen)

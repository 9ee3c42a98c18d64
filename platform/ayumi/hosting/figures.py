"""Figures for the machine room: what waits, since when, and how much each municipality uses. Counts, never people."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ayumi.hosting.health import GIVEN_UP_LATELY
from ayumi.hosting.seats import taken_everywhere
from ayumi.kernel import clock
from ayumi.kernel.db import Rows
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise
from ayumi.municipalities.model import Municipality
from ayumi.municipalities.queries import ids_in_service

SIGNING = "signed_heads"  # the kind of job that signs heads of journals, each hour

# How long a job may have waited: label -> (from, until).
AGES: dict[str, tuple[timedelta, timedelta]] = {
    "1m": (timedelta(0), timedelta(minutes=1)),
    "10m": (timedelta(minutes=1), timedelta(minutes=10)),
    "1h": (timedelta(minutes=10), timedelta(hours=1)),
    "1d": (timedelta(hours=1), timedelta(days=1)),
    "older": (timedelta(days=1), timedelta(days=36500)),
}


def waiting(session: Session) -> Rows:
    """Return (kind, oldest, a count for each age) of what is due and not done. Reads the index of what waits alone.

    What waits for a suspended municipality waits rightly, and is nobody's alarm.
    """
    now, due = clock.now(), Promise.run_after
    aged = [
        func.count().filter(due <= now - least, due > now - most).label(name) for name, (least, most) in AGES.items()
    ]
    return session.execute(
        select(Promise.kind, func.min(due).label("oldest"), *aged)
        .where(
            Promise.done_at.is_(None), Promise.gave_up_at.is_(None), due <= now, Promise.tenant_id.in_(ids_in_service())
        )
        .group_by(Promise.kind)
    ).all()


def planned(session: Session) -> int:
    """Return how much is promised for later."""
    later = and_(Promise.done_at.is_(None), Promise.gave_up_at.is_(None), Promise.run_after > clock.now())
    return session.scalar(select(func.count()).where(later)) or 0


def given_up(session: Session) -> Rows:
    """Return (kind, count) of what was tried in vain until lately."""
    return session.execute(
        select(Promise.kind, func.count().label("number"))
        .where(Promise.gave_up_at > clock.now() - GIVEN_UP_LATELY)
        .group_by(Promise.kind)
    ).all()


def signed_since(session: Session) -> datetime | None:
    """Return since when every journal's head has been signed: the hourly signing of whichever was signed longest ago.

    None without municipalities. Of one that has just come it is the moment in which it came.
    """
    newest = select(Promise.tenant_id, func.max(Promise.done_at)).where(Promise.kind == SIGNING)
    at = {row[0]: row[1] for row in session.execute(newest.group_by(Promise.tenant_id))}
    towns = session.execute(
        select(Municipality.id, Municipality.created_at).where(Municipality.id.in_(ids_in_service()))
    )
    return min((at.get(town.id) or town.created_at for town in towns), default=None)


def municipalities(session: Session) -> Rows:
    """Return (id, code, slug, is_suspended, seats, files, bytes) of every municipality that is here."""
    taken, kept = taken_everywhere(), _kept()
    return session.execute(
        select(
            Municipality.id,
            Municipality.code,
            Municipality.slug,
            Municipality.suspended_at.is_not(None).label("is_suspended"),
            func.coalesce(taken.c.used, 0).label("seats"),
            func.coalesce(kept.c.number, 0).label("files"),
            func.coalesce(kept.c.bytes, 0).label("bytes"),
        )
        .outerjoin(taken, taken.c.tenant_id == Municipality.id)
        .outerjoin(kept, kept.c.tenant_id == Municipality.id)
        .where(Municipality.left_at.is_(None))
        .order_by(Municipality.id)
    ).all()


def _kept() -> Any:
    return (
        select(StoredFile.tenant_id, func.count().label("number"), func.sum(StoredFile.size).label("bytes"))
        .group_by(StoredFile.tenant_id)
        .subquery("kept")
    )

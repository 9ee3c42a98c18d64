"""What caseworkers have to read, sifted, and how it stands by caseworker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_

from ayumi.accounts.model import Membership
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.participants.model import Participant
from ayumi.records.model import RecordStatus, RecordVersion, WeeklyRecord
from ayumi.records.queries import (
    Found,
    counted,
    is_late,
    is_missing,
    of_caseworker,
    open_concern,
    waiting,
    with_current,
)

ONLY = ("concerns", "requests", "again", "late")


@dataclass(frozen=True, slots=True)
class Sift:
    """Which weeks to read are asked for: of which caseworker, and of which kind (a word of ONLY, or all)."""

    caseworker_id: UUID | None = None
    only: str = ""


def page(sift: Sift, limit: int, offset: int = 0) -> Found:
    """Return some of the weeks to read that are asked for, and how many there are."""
    return counted(_sifted(sift, open_concern().label("open_concern")), limit, offset)


def order(sift: Sift) -> list[UUID]:
    """Return the weeks to read that are asked for, in the order of their list."""
    return list(db.session.scalars(_sifted(sift).with_only_columns(WeeklyRecord.id)))


def _sifted(sift: Sift, *columns: Any) -> Select[Any]:
    kinds: dict[str, ColumnElement[bool]] = {
        "concerns": open_concern(),
        "requests": RecordVersion.request_to_caseworker.is_not(None),
        "again": RecordVersion.version > 1,
        "late": is_late(),
    }
    query = of_caseworker(waiting(*columns), sift.caseworker_id)
    return query.where(kinds[sift.only]) if sift.only in kinds else query


def by_caseworker() -> Rows:
    """Return (caseworker_id, caseworker_name, to_read, oldest, concerns, requests, missing), by reading of the name."""
    unread = WeeklyRecord.status == RecordStatus.SUBMITTED
    query = (
        with_current()
        .outerjoin(Membership, Membership.id == Participant.caseworker_id)
        .with_only_columns(
            Participant.caseworker_id,
            Membership.name.label("caseworker_name"),
            func.count(case((unread, 1))).label("to_read"),
            func.min(case((unread, RecordVersion.submitted_at))).label("oldest"),
            func.count(case((open_concern(), 1))).label("concerns"),
            func.count(case((and_(unread, RecordVersion.request_to_caseworker.is_not(None)), 1))).label("requests"),
            func.count(case((is_missing(clock.today()), 1))).label("missing"),
        )
        .where(or_(unread, open_concern(), is_missing(clock.today())))
        .group_by(Participant.caseworker_id, Membership.name, Membership.kana)
    )
    return db.session.execute(query.order_by(Membership.kana, Membership.name)).all()

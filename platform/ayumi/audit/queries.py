"""Search the journal."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from ayumi.accounts.model import Membership
from ayumi.audit import about
from ayumi.audit.model import JournalCheck, SignedHead
from ayumi.audit.reading import EXPORTED, LOOKED
from ayumi.firms.model import Firm
from ayumi.kernel import clock, journal
from ayumi.kernel.chain import JournalHead
from ayumi.kernel.db import Rows, db, tenant
from ayumi.kernel.journal import READINGS, Entry

PER_PAGE: Final = 50
AT_ONCE: Final = 1000


class Kind(StrEnum):
    """What an entry tells of."""

    CHANGES = "changes"
    READS = "reads"
    EXPORTS = "exports"
    LOGINS = "logins"


OF_LOGINS: Final = (
    "account", "membership", "invitation", "reset_request", "identity_provider", "external_identity", "access_policy",
    "login_session",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sift:
    """Which entries are asked for; everything else is left open."""

    participant_id: UUID | None = None
    membership_id: UUID | None = None
    action: str = ""
    kind: Kind | None = None
    first: date | None = None
    last: date | None = None
    page: int = 1


def page(sift: Sift) -> tuple[Rows, int]:
    """Return one page of entries, newest first, and how many there are."""
    journal.write(db.session())
    start = (max(sift.page, 1) - 1) * PER_PAGE
    total = select(func.count()).select_from(Entry).where(*conditions(sift)).scalar_subquery()
    query = _columns(total.label("total")).where(*conditions(sift)).order_by(Entry.seq.desc())
    rows = db.session.execute(query.limit(PER_PAGE).offset(start)).all()
    return rows, rows[0].total if rows else 0


def every(sift: Sift) -> Iterator[Rows]:
    """Yield all entries asked for, oldest first, some at a time, each with the hash of the one before it."""
    journal.write(db.session())
    before = aliased(Entry)
    previous = select(before.hash).where(before.seq == Entry.seq - 1).scalar_subquery()
    chained = (func.coalesce(previous, "").label("previous"), cast(Entry.changes, Text).label("changes_text"))
    query = _columns(*chained).where(*conditions(sift)).order_by(Entry.seq)
    seq = 0
    while rows := db.session.execute(query.where(Entry.seq > seq).limit(AT_ONCE)).all():
        seq = rows[-1].seq
        yield rows


def conditions(sift: Sift) -> list[ColumnElement[bool]]:
    """Return what the entries must fulfil."""
    said = [_of_kind(sift.kind)] if sift.kind else []
    if sift.participant_id:
        said.append(about.entries_of(sift.participant_id))
    if sift.membership_id:
        said.append(Entry.membership_id == sift.membership_id)
    if sift.action:
        said.append(Entry.action == sift.action)
    if sift.first:
        said.append(Entry.at >= _midnight(sift.first))
    if sift.last:
        said.append(Entry.at < _midnight(sift.last + timedelta(days=1)))
    return said


def _of_kind(kind: Kind) -> ColumnElement[bool]:
    if kind is Kind.READS:
        return Entry.action == LOOKED
    if kind is Kind.EXPORTS:
        return Entry.action == EXPORTED
    of_logins = Entry.subject.in_(OF_LOGINS)
    if kind is Kind.LOGINS:
        return of_logins
    return not_(or_(Entry.action.in_(READINGS), of_logins))


def count(sift: Sift) -> int:
    """Return how many entries are asked for."""
    return db.session.scalar(select(func.count()).select_from(Entry).where(*conditions(sift))) or 0


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.JAPAN)


def _columns(*more: Any) -> Select[Any]:
    return (
        select(*Entry.__table__.c, Membership.name.label("who"), Firm.name.label("firm"), *more)
        .select_from(Entry)
        .outerjoin(Membership, Membership.id == Entry.membership_id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
    )


def head() -> JournalHead | None:
    """Return where the present municipality's journal stands."""
    return db.session.scalar(select(JournalHead))


def standing() -> Any:
    """Return (entries, signed_at, signed_seq, check, checked_at): how the journal stands, in one statement."""
    signed = select(SignedHead).order_by(SignedHead.seq.desc()).limit(1).subquery()
    check = select(JournalCheck).order_by(JournalCheck.asked_at.desc()).limit(1).subquery()
    return db.session.execute(
        select(
            func.coalesce(select(JournalHead.seq).where(JournalHead.tenant_id == tenant()).scalar_subquery(), 0).label(
                "entries"
            ),
            select(signed.c.signed_at).scalar_subquery().label("signed_at"),
            select(signed.c.seq).scalar_subquery().label("signed_seq"),
            select(check.c.status).scalar_subquery().label("check"),
            select(check.c.ended_at).scalar_subquery().label("checked_at"),
        )
    ).one()


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return id -> name of these members and firms."""
    people = select(Membership.id.label("id"), Membership.name.label("name")).where(Membership.id.in_(ids))
    houses = select(Firm.id.label("id"), Firm.name.label("name")).where(Firm.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(union_all(people, houses))}


def last_looks(participant_id: UUID) -> dict[UUID, datetime]:
    """Return membership id -> when they last looked at this person or took a file about them."""
    looks = (Entry.subject_id == participant_id, Entry.action.in_(READINGS), Entry.membership_id.is_not(None))
    query = select(Entry.membership_id, func.max(Entry.at)).where(*looks).group_by(Entry.membership_id)
    return {row[0]: row[1] for row in db.session.execute(query) if row[0]}


def members() -> Rows:
    """Return (id, name, firm) of everybody who has or had a place here, by kana."""
    query = select(Membership.id, Membership.name, Firm.name.label("firm")).outerjoin(
        Firm, Firm.id == Membership.firm_id
    )
    return db.session.execute(query.order_by(Membership.party.desc(), Membership.kana, Membership.name)).all()

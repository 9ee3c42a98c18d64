"""What happened, who did it and why: written beside every change, never altered, each entry chained to the last.

Entries are gathered while a transaction works and written at its very end, because writing the first one locks the
head of the municipality's chain: the lock is held for a moment, and nobody can be caught holding it while waiting for
something else.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, event, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from ayumi.kernel import clock, ids
from ayumi.kernel.db import Base, OfTenant, PlacedSession, Rows, db, here, in_municipality, place_of
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door

PENDING = "journal"  # in a session's info: (savepoint it was noted in, row)


class Entry(OfTenant, Base):
    """One thing that happened to one subject. Number, digest and hash are given by the database (see chain.py)."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "seq"),
        Index("ix_journal_entry_subject", "tenant_id", "subject_id", "at"),
        {
            "info": opened(
                staff="SI",
                firm="SI",
                employer="I",
                worker="SI",
                operator="I",
                accounts="I",
                glass=Grant(""),
                keeper=Grant("SIU", update=("why", "changes", "salt", "forgotten_at")),
                across={Door.ACCOUNTS: "true"},
            )
        },
    )

    subject: Mapped[str] = mapped_column(comment="table of the thing it happened to")
    subject_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(comment="past tense: submitted, approved, ...")
    status_before: Mapped[str | None]
    status_after: Mapped[str | None]
    why: Mapped[str | None]
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="field -> [before, after]")
    at: Mapped[datetime]
    door: Mapped[str]
    membership_id: Mapped[UUID | None] = mapped_column(comment="who; empty for the platform itself")
    account_id: Mapped[UUID | None] = mapped_column(comment="whose login it was, where somebody was logged in")
    firm_id: Mapped[UUID | None] = mapped_column(comment="the firm that may see it")
    employer_id: Mapped[UUID | None] = mapped_column(comment="the employer it concerns")
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="1, 2, 3 ... without a gap")
    salt: Mapped[str | None] = mapped_column(comment="goes with what was said: a digest alone cannot be guessed back")
    digest: Mapped[str] = mapped_column(server_default="", comment="sha-256 of the salt, why and changes")
    hash: Mapped[str] = mapped_column(
        server_default="", comment="sha-256 of all but why and changes, and the last hash"
    )
    forgotten_at: Mapped[datetime | None] = mapped_column(comment="since when it no longer says what, only that")


def note(
    subject: OfTenant,
    action: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
    changes: dict[str, Any] | None = None,
    for_firm: bool = True,
) -> None:
    """Write down that ``action`` happened to ``subject``, by whoever is here.

    ``for_firm``: the firm that may look at the subject may read this too. An employer's door may not read whose
    firm that is, so it is not asked there.
    """
    at_employer = here().employer_id is not None
    db.session.flush()
    note_of(
        subject.__tablename__,  # type: ignore[attr-defined]
        subject.id,
        action,
        status_before=before,
        status_after=after,
        why=why,
        changes=changes,
        firm_id=getattr(subject, "firm_id", None) if for_firm and not at_employer else None,
        employer_id=None if at_employer else getattr(subject, "employer_id", None),
    )


def note_of(
    subject: str,
    subject_id: UUID,
    action: str,
    *,
    session: Session | None = None,
    tenant_id: int | None = None,
    **said: Any,
) -> None:
    """Write down that ``action`` happened to the row of a table, whether or not the row is at hand.

    ``session`` and ``tenant_id``: where they are not those of the present place (logging in has no municipality).
    """
    session = session or db.session()
    place = place_of(session)
    row = dict.fromkeys(("status_before", "status_after", "why", "changes", "firm_id", "employer_id")) | said
    row |= {
        "tenant_id": tenant_id or place.tenant_id,
        "id": ids.new(),
        "subject": subject,
        "subject_id": subject_id,
        "action": action,
        "at": clock.now(),
        "door": place.door.value,
        "membership_id": place.membership_id,
        "account_id": place.account_id,
        "firm_id": place.firm_id or row["firm_id"],
        "employer_id": place.employer_id or row["employer_id"],
    }
    session.info.setdefault(PENDING, []).append((session.get_nested_transaction(), row))


def write(session: Session) -> None:
    """Write the gathered entries, after everything else of the transaction."""
    pending = session.info.pop(PENDING, None)
    if pending:
        session.flush()
        session.execute(insert(Entry.__table__).values([row for _savepoint, row in pending]))  # type: ignore[arg-type]


@event.listens_for(PlacedSession, "before_commit")
def _write_at_the_end(session: Session) -> None:
    if not session.in_nested_transaction():
        write(session)


@event.listens_for(PlacedSession, "after_soft_rollback")
def _forget_what_was_given_up(session: Session, previous: SessionTransaction) -> None:
    kept = [each for each in session.info.pop(PENDING, []) if previous.nested and each[0] is not previous]
    if kept:
        session.info[PENDING] = kept


def history(*subject_ids: UUID) -> Rows:
    """Return what happened to these things, newest first: action, statuses, why, at, membership_id, subject_id."""
    write(db.session())
    query = (
        select(
            Entry.subject,
            Entry.subject_id,
            Entry.action,
            Entry.status_before,
            Entry.status_after,
            Entry.why,
            Entry.changes,
            Entry.at,
            Entry.membership_id,
            Entry.door,
        )
        .where(Entry.subject_id.in_(subject_ids))
        .order_by(Entry.seq.desc())
    )
    return db.session.execute(query).all()

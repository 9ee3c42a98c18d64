"""What happened, who did it and why: written beside every change, never altered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import clock, ids
from ayumi.kernel.db import Base, OfTenant, Rows, db, here, in_municipality, tenant
from ayumi.kernel.doors import opened


class Entry(OfTenant, Base):
    """One thing that happened to one subject."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        in_municipality(),
        Index("ix_journal_entry_subject", "tenant_id", "subject_id", "at"),
        {"info": opened(staff="SI", firm="SI", employer="I", worker="SI")},
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
    firm_id: Mapped[UUID | None] = mapped_column(comment="the firm that may see it")
    employer_id: Mapped[UUID | None] = mapped_column(comment="the employer it concerns")


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
    place = here()
    at_employer = place.employer_id is not None
    db.session.flush()
    row = {
        "tenant_id": tenant(),
        "id": ids.new(),
        "subject": subject.__tablename__,  # type: ignore[attr-defined]
        "subject_id": subject.id,
        "action": action,
        "status_before": before,
        "status_after": after,
        "why": why,
        "changes": changes,
        "at": clock.now(),
        "door": place.door.value,
        "membership_id": place.membership_id,
        "firm_id": place.firm_id or (getattr(subject, "firm_id", None) if for_firm and not at_employer else None),
        "employer_id": place.employer_id or getattr(subject, "employer_id", None),
    }
    db.session.execute(insert(Entry.__table__).values(row))  # type: ignore[arg-type]


def history(*subject_ids: UUID) -> Rows:
    """Return what happened to these things, newest first: action, statuses, why, at, membership_id, subject_id."""
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
        .order_by(Entry.at.desc(), Entry.id.desc())
    )
    return db.session.execute(query).all()

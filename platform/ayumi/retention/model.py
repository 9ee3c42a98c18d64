"""How long what is kept, what must not be disposed of, and what was."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Artefact(StrEnum):
    """Kinds of what is kept, each with a class of its own."""

    CASE = "case"
    SUPPORT_RECORD = "support_record"
    PLAN = "plan"
    CONSENT = "consent"
    PAYMENT_VOUCHER = "payment_voucher"
    CONTRACT = "contract"
    STATISTICS = "statistics"
    ACCESS_LOG = "access_log"


class RetentionClass(OfTenant, Base):
    """How many years a kind is kept, counted from 1 April after the fiscal year in which it was completed."""

    __tablename__ = "retention_class"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "artefact"),
        CheckConstraint("years BETWEEN 1 AND 30", name="years"),
        {"info": opened(staff="SIU", worker="SI", operator="SI")},
    )

    artefact: Mapped[Artefact] = mapped_column(choice(Artefact))
    years: Mapped[int | None] = mapped_column(comment="empty: for ever")
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class LegalHold(OfTenant, Base):
    """Somebody's papers that must stay, whatever their class says: an appeal, an inquiry, an inspection."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        Index(
            "uq_legal_hold_in_force",
            "tenant_id",
            "participant_id",
            unique=True,
            postgresql_where="lifted_at IS NULL",
        ),
        {"info": opened(staff="SIU", worker="S")},
    )

    participant_id: Mapped[UUID]
    why: Mapped[str]
    placed_by: Mapped[UUID]
    placed_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None]


class DisposalStatus(StrEnum):
    """Life of a disposal list."""

    DRAFTED = "drafted"
    HANDED_IN = "handed_in"
    APPROVED = "approved"
    GIVEN_UP = "given_up"
    CARRIED_OUT = "carried_out"


DISPOSAL_TRANSITIONS = Transitions(
    move(DisposalStatus.DRAFTED, DisposalStatus.HANDED_IN, Door.STAFF),
    move(DisposalStatus.DRAFTED, DisposalStatus.GIVEN_UP, Door.STAFF),
    move(DisposalStatus.HANDED_IN, DisposalStatus.GIVEN_UP, Door.STAFF),
    move(DisposalStatus.HANDED_IN, DisposalStatus.APPROVED, Door.STAFF),
    move(DisposalStatus.APPROVED, DisposalStatus.CARRIED_OUT, Door.WORKER),
)


class Disposal(OfTenant, Base):
    """A list of what may go, approved by a second person, carried out by the platform, and certified."""

    __tablename__ = "disposal"
    __table_args__ = (
        in_municipality(),
        refers("stored_file", "certificate_id"),
        {"info": opened(staff="SIU", worker="SU", keeper="S")},
    )

    due_on: Mapped[date] = mapped_column(comment="everything whose time is over on this day")
    status: Mapped[DisposalStatus] = mapped_column(choice(DisposalStatus))
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    carried_out_at: Mapped[datetime | None]
    erased: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="table -> rows, files -> number")
    certificate_id: Mapped[UUID | None]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class DisposalItem(OfTenant, Base):
    """One artefact of one person on a disposal list. Outlives what it names, so it names it by number only."""

    __tablename__ = "disposal_item"
    __table_args__ = (
        in_municipality(),
        refers("disposal", "disposal_id"),
        Index("ix_disposal_item_disposal", "tenant_id", "disposal_id"),
        Index("ix_disposal_item_subject", "tenant_id", "subject_id"),
        {
            "info": opened(
                staff="SIU",
                worker="SU",
                keeper=Grant("SU", update=("erased_at", "erased", "is_kept_back", "kept_back_why")),
            )
        },
    )

    disposal_id: Mapped[UUID]
    artefact: Mapped[Artefact] = mapped_column(choice(Artefact))
    subject: Mapped[str] = mapped_column(comment="table in which it stands")
    subject_id: Mapped[UUID] = mapped_column(comment="the person, contract or month; no foreign key: it will be gone")
    completed_on: Mapped[date]
    due_on: Mapped[date]
    is_kept_back: Mapped[bool] = mapped_column(server_default="false", default=False)
    kept_back_why: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    erased: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="table -> rows, files -> number")

"""Hosting municipalities: what each has booked, and operators let in behind the glass."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Plan(StrEnum):
    """What a municipality has booked."""

    TRIAL = "trial"
    STANDARD = "standard"
    LARGE = "large"


class Subscription(OfTenant, Base):
    """A municipality's plan and seats; one row each."""

    __tablename__ = "subscription"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id"),
        CheckConstraint("seats > 0", name="seats"),
        {"info": opened(staff="S", operator="SIU", across={Door.OPERATOR: "true"})},
    )

    plan: Mapped[Plan] = mapped_column(choice(Plan))
    seats: Mapped[int] = mapped_column(comment="people of its own staff who may have a place")
    changed_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class GlassStatus(StrEnum):
    """Life of one breaking of the glass."""

    ASKED = "asked"
    APPROVED = "approved"
    OPEN = "open"
    REFUSED = "refused"
    ENDED = "ended"
    REVIEWED = "reviewed"


TRANSITIONS = Transitions(
    move(GlassStatus.ASKED, GlassStatus.APPROVED, Door.OPERATOR),
    move(GlassStatus.ASKED, GlassStatus.OPEN, Door.OPERATOR),
    move(GlassStatus.ASKED, GlassStatus.REFUSED, Door.OPERATOR, Door.STAFF, Door.WORKER),
    move(GlassStatus.APPROVED, GlassStatus.OPEN, Door.STAFF),
    move(GlassStatus.APPROVED, GlassStatus.REFUSED, Door.OPERATOR, Door.STAFF, Door.WORKER),
    move(GlassStatus.OPEN, GlassStatus.ENDED, Door.OPERATOR, Door.STAFF, Door.WORKER),
    move(GlassStatus.ENDED, GlassStatus.REVIEWED, Door.STAFF),
)


class EndedBy(StrEnum):
    """Who or what ended it."""

    TIME = "time"
    OPERATOR = "operator"
    MUNICIPALITY = "municipality"


# What the municipality writes when it looks back is its own: the hosting console cannot read it.
FOR_OPERATORS = (
    "tenant_id", "id", "asked_by", "asked_by_name", "asked_at", "reason", "ticket", "hours", "needs_consent", "status",
    "approved_by", "approved_by_name", "approved_at", "agreed_by", "agreed_at", "refused_at", "refusal", "opened_at",
    "ends_at", "ended_at", "ended_by", "reviewed_by", "reviewed_at",
)  # fmt: skip
OPERATORS_PART = (
    "status", "needs_consent", "approved_by", "approved_by_name", "approved_at", "refused_at", "refusal", "opened_at",
    "ends_at", "ended_at", "ended_by",
)  # fmt: skip
STAFFS_PART = (
    "status", "agreed_by", "agreed_at", "refused_at", "refusal", "opened_at", "ends_at", "ended_at", "ended_by",
    "reviewed_by", "reviewed_at", "review",
)  # fmt: skip
WORKERS_PART = ("status", "refused_at", "refusal", "ended_at", "ended_by")
ASKED_BY_ONESELF = "asked_by = nullif(current_setting('ayumi.account_id', true), '')::uuid"


class GlassBreak(OfTenant, Base):
    """An operator's request to look into a municipality: reason, ticket, a second operator, at most four hours."""

    __tablename__ = "glass_break"
    __table_args__ = (
        in_municipality(),
        CheckConstraint("hours BETWEEN 1 AND 4", name="hours"),
        CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="two_operators"),
        CheckConstraint(
            "status NOT IN ('open', 'ended', 'reviewed') OR (approved_by IS NOT NULL"
            " AND (agreed_by IS NOT NULL OR NOT needs_consent) AND opened_at IS NOT NULL AND ends_at IS NOT NULL)",
            name="opened_by_all",
        ),
        CheckConstraint("extract(epoch from ends_at - opened_at) <= hours * 3600", name="length"),
        Index("ix_glass_break_asked_by", "tenant_id", "asked_by"),
        {
            "info": opened(
                across={Door.OPERATOR: "true", Door.ACCOUNTS: ASKED_BY_ONESELF},
                staff=Grant("SU", update=STAFFS_PART),
                operator=Grant("SIU", select=FOR_OPERATORS, update=OPERATORS_PART),
                accounts="S",
                worker=Grant("SU", update=WORKERS_PART),
            )
        },
    )

    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    reason: Mapped[str]
    ticket: Mapped[str]
    hours: Mapped[int]
    needs_consent: Mapped[bool] = mapped_column(comment="the municipality, too, must agree")
    status: Mapped[GlassStatus] = mapped_column(choice(GlassStatus))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), comment="the second operator")
    approved_by_name: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None] = mapped_column(comment="membership that agreed for the municipality")
    agreed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(comment="why it was refused; empty when nobody answered in time")
    opened_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[EndedBy | None] = mapped_column(choice(EndedBy))
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str | None] = mapped_column(deferred=True, comment="the municipality's own words afterwards")

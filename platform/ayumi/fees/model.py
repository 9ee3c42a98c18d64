"""Partner fees: a month's statement per employer, from confirmed days only, frozen when approved."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class StatementStatus(StrEnum):
    """Life of a fee statement."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    DROPPED = "dropped"


COMPILERS = (Door.STAFF, Door.FIRM)

TRANSITIONS = Transitions(
    move(StatementStatus.DRAFT, StatementStatus.SUBMITTED, *COMPILERS),
    move(StatementStatus.SUBMITTED, StatementStatus.RETURNED, Door.STAFF),
    move(StatementStatus.SUBMITTED, StatementStatus.APPROVED, Door.STAFF),
    move(StatementStatus.RETURNED, StatementStatus.SUBMITTED, *COMPILERS),
    move(StatementStatus.DRAFT, StatementStatus.DROPPED, *COMPILERS),
    move(StatementStatus.RETURNED, StatementStatus.DROPPED, *COMPILERS),
)

# What a firm may write of a statement. Nothing of approving: the database lets only the municipality approve.
FOR_FIRMS = (
    "edition",
    "status",
    "payer",
    "fee_kind",
    "tax_treatment",
    "tax_rate_pct",
    "employer_name",
    "net",
    "tax_included",
    "tax_added",
    "total",
    "note",
    "compiled_by",
    "compiled_at",
    "submitted_by",
    "submitted_at",
)


class LineKind(StrEnum):
    """What a line pays for."""

    DAYS = "days"
    ADJUSTMENT = "adjustment"


class ReturnReason(StrEnum):
    """Why an approver sends a line back."""

    DAYS = "days"
    PRICE = "price"
    CHANGED = "changed"
    PAPERS = "papers"
    OTHER = "other"


class AdjustmentReason(StrEnum):
    """Why a day that was paid is taken back."""

    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    CORRECTED = "corrected"


class LineStatus(StrEnum):
    """The approver's word on a line."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"


class Statement(OfTenant, Base):
    """What one employer is owed for one month. Approved: whole, right and frozen for good (triggers hold that)."""

    __tablename__ = "fee_statement"
    __table_args__ = (
        in_municipality(),
        refers("employer", "employer_id"),
        refers("membership", "compiled_by"),
        refers("membership", "submitted_by"),
        refers("membership", "approved_by"),
        UniqueConstraint(
            "tenant_id",
            "employer_id",
            "month",
            "delivery_firm_id",
            "number",
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_fee_statement_open",
            "tenant_id",
            "employer_id",
            "delivery_firm_id",
            unique=True,
            postgresql_where="status NOT IN ('approved', 'dropped')",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("approved_by <> submitted_by", name="two_people"),
        CheckConstraint("(status = 'approved') = (approved_at IS NOT NULL)", name="approved"),
        CheckConstraint("total = net + tax_added", name="total"),
        {"info": opened(staff="SIU", firm=Grant("SIU", update=FOR_FIRMS), worker="SI")},
    )

    employer_id: Mapped[UUID]
    month: Mapped[date] = mapped_column(comment="first day of the month it is made for")
    number: Mapped[int] = mapped_column(comment="1 is the month's own statement, 2 and on are later additions")
    edition: Mapped[int] = mapped_column(server_default="0", default=0, comment="counts submissions")
    status: Mapped[StatementStatus] = mapped_column(choice(StatementStatus))
    payer: Mapped[str] = mapped_column(comment="municipality or firm, from the agreement")
    fee_kind: Mapped[str]
    tax_treatment: Mapped[str]
    tax_rate_pct: Mapped[int]
    employer_name: Mapped[str] = mapped_column(comment="as it read when compiled")
    net: Mapped[int] = mapped_column(comment="sum of the lines, yen")
    tax_included: Mapped[int] = mapped_column(comment="consumption tax contained in net, yen; once per statement")
    tax_added: Mapped[int] = mapped_column(comment="consumption tax on top of net, yen; once per statement")
    total: Mapped[int] = mapped_column(comment="yen to be paid")
    note: Mapped[str | None]
    content_hash: Mapped[str | None] = mapped_column(comment="sha-256 over lines and days when approved")
    compiled_by: Mapped[UUID | None]
    compiled_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    delivery_firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="who compiles; empty: own staff"
    )
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")


class Line(OfTenant, Base):
    """One person's days at one unit price, or an adjustment of an earlier statement."""

    __tablename__ = "fee_line"
    __table_args__ = (
        in_municipality(),
        refers("fee_statement", "statement_id"),
        refers("placement", "placement_id"),
        refers("unit_price", "unit_price_id"),
        refers("fee_statement", "adjusts_statement_id"),
        CheckConstraint("amount = quantity * unit_price", name="amount"),
        CheckConstraint("kind = 'adjustment' OR quantity > 0", name="quantity"),
        CheckConstraint("(status = 'returned') = (return_reason IS NOT NULL)", name="returned"),
        Index("ix_fee_line_statement", "tenant_id", "statement_id"),
        {
            "info": opened(
                staff="SIUD",
                firm="SIUD",
                worker="SI",
                keeper=Grant("SDU", update=("placement_id", "nickname", "return_word", "adjusts_statement_id")),
            )
        },
    )

    statement_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(choice(LineKind))
    placement_id: Mapped[UUID | None] = mapped_column(comment="empty once the person's papers are disposed of")
    nickname: Mapped[str]
    quantity: Mapped[int] = mapped_column(comment="person-days; negative in an adjustment that takes back")
    unit_price_id: Mapped[UUID]
    unit_price: Mapped[int] = mapped_column(comment="yen per person-day, as it was")
    price_version: Mapped[int]
    amount: Mapped[int] = mapped_column(comment="yen")
    adjusts_statement_id: Mapped[UUID | None]
    reason: Mapped[AdjustmentReason | None] = mapped_column(choice(AdjustmentReason), comment="why an adjustment")
    status: Mapped[LineStatus] = mapped_column(choice(LineStatus))
    return_reason: Mapped[ReturnReason | None] = mapped_column(choice(ReturnReason))
    return_word: Mapped[str | None] = mapped_column(comment="what the approver adds to the reason")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")


class LineDay(OfTenant, Base):
    """A day behind a line. A day is paid at most once at a time: the database holds that."""

    __tablename__ = "fee_line_day"
    __table_args__ = (
        in_municipality(),
        refers("fee_line", "line_id"),
        refers("experience_day", "experience_day_id"),
        refers("fee_line_day", "takes_back"),
        UniqueConstraint("tenant_id", "line_id", "experience_day_id"),
        UniqueConstraint("tenant_id", "takes_back"),
        Index(
            "uq_fee_line_day_paid_once",
            "tenant_id",
            "experience_day_id",
            unique=True,
            postgresql_where="sign = 1 AND released_at IS NULL",
        ),
        CheckConstraint("sign IN (1, -1)", name="sign"),
        CheckConstraint("(sign = -1) = (takes_back IS NOT NULL)", name="takes_back"),
        {"info": opened(staff="SIUD", firm="SIUD", worker="SI", keeper=Grant("SDU", update=("experience_day_id",)))},
    )

    line_id: Mapped[UUID]
    experience_day_id: Mapped[UUID | None] = mapped_column(comment="empty once the person's papers are disposed of")
    held_on: Mapped[date]
    minutes: Mapped[int]
    sign: Mapped[int] = mapped_column(comment="1 pays the day, -1 takes it back")
    takes_back: Mapped[UUID | None] = mapped_column(comment="the day as it was paid, which this takes back")
    released_at: Mapped[datetime | None] = mapped_column(comment="taken back by an adjustment: may be paid again")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")

"""Partner employers: their sites, what they offer, the year's agreement and the price of a day."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import ITSELF_THE_EMPLOYER, OWN_OR_NOBODYS, Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Offer(StrEnum):
    """What an employer offers, each agreed on its own."""

    EXPERIENCE = "experience"
    VISIT = "visit"
    VOLUNTEER = "volunteer"
    PIECEWORK = "piecework"
    JOB = "job"


class EmployerStatus(StrEnum):
    """Life of a partner employer."""

    PROSPECT = "prospect"
    PARTNER = "partner"
    RESTING = "resting"


TRANSITIONS = Transitions(
    move(EmployerStatus.PROSPECT, EmployerStatus.PARTNER, Door.STAFF, Door.FIRM),
    move(EmployerStatus.PARTNER, EmployerStatus.RESTING, Door.STAFF),
    move(EmployerStatus.RESTING, EmployerStatus.PARTNER, Door.STAFF),
)


class Employer(OfTenant, Base):
    """A business that takes people in for work experience."""

    __tablename__ = "employer"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("contact_email = lower(contact_email)", name="email_lower"),
        {
            "info": opened(
                rules={Door.FIRM: OWN_OR_NOBODYS, Door.EMPLOYER: ITSELF_THE_EMPLOYER},
                staff="SIU",
                firm="SIU",
                worker="SI",
                employer=Grant("S", select=("tenant_id", "id", "name", "contact_name", "contact_email")),
            )
        },
    )

    name: Mapped[str]
    kana: Mapped[str | None]
    business: Mapped[str | None] = mapped_column(comment="trade in words: bakery, farm, care home")
    corporate_number: Mapped[str | None]
    offers: Mapped[list[str]] = mapped_column(server_default="{}", default=list, comment="values of Offer")
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    note: Mapped[str | None]
    status: Mapped[EmployerStatus] = mapped_column(choice(EmployerStatus))
    firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="found by this firm and shown to no other; empty: shown to every firm"
    )
    created_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class Site(OfTenant, Base):
    """A place of an employer where people work: management's yes is not yet the floor's yes."""

    __tablename__ = "employer_site"
    __table_args__ = (
        in_municipality(),
        refers("employer", "employer_id"),
        UniqueConstraint("tenant_id", "employer_id", "name"),
        {
            "info": opened(
                rules={Door.FIRM: OWN_OR_NOBODYS},
                staff="SIU",
                firm="SIU",
                worker="SI",
                employer=Grant("S", select=("tenant_id", "id", "employer_id", "name")),
            )
        },
    )

    employer_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str | None]
    offers: Mapped[str | None] = mapped_column(comment="what people can do there")
    capacity: Mapped[int | None] = mapped_column(comment="people at the same time")
    accepted_on: Mapped[date | None] = mapped_column(comment="the floor itself has agreed")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="as its employer")
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class FeeKind(StrEnum):
    """What the employer gets for taking people in."""

    COMMISSION = "commission"
    HONORARIUM = "honorarium"
    NONE = "none"


class TaxTreatment(StrEnum):
    """How consumption tax lies in the unit price."""

    INCLUDED = "included"
    ADDED = "added"
    OUTSIDE_SCOPE = "outside_scope"
    EXEMPT = "exempt"


class Payer(StrEnum):
    """Who pays the employer."""

    MUNICIPALITY = "municipality"
    FIRM = "firm"


class Agreement(OfTenant, Base):
    """What is agreed with an employer for one fiscal year (April to March)."""

    __tablename__ = "employer_agreement"
    __table_args__ = (
        in_municipality(),
        refers("employer", "employer_id"),
        UniqueConstraint("tenant_id", "employer_id", "fiscal_year"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint(
            "starts_on >= make_date(fiscal_year, 4, 1) AND ends_on <= make_date(fiscal_year + 1, 3, 31)",
            name="year",
        ),
        {
            "info": opened(
                rules={Door.FIRM: OWN_OR_NOBODYS},
                staff="SIU",
                firm="S",
                worker="SI",
                employer=Grant(
                    "S",
                    select=("tenant_id", "id", "employer_id", "fiscal_year", "fee_kind", "payer", "tax_treatment"),
                ),
            )
        },
    )

    employer_id: Mapped[UUID]
    fiscal_year: Mapped[int] = mapped_column(comment="year in which it begins in April")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    fee_kind: Mapped[FeeKind] = mapped_column(choice(FeeKind))
    payer: Mapped[Payer] = mapped_column(choice(Payer))
    tax_treatment: Mapped[TaxTreatment] = mapped_column(choice(TaxTreatment))
    insurance: Mapped[str | None] = mapped_column(comment="which insurance covers the people, in words")
    insured_until: Mapped[date | None]
    note: Mapped[str | None]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="as its employer")
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class PriceStatus(StrEnum):
    """Life of a unit price."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


PRICE_TRANSITIONS = Transitions(
    move(PriceStatus.PROPOSED, PriceStatus.APPROVED, Door.STAFF),
    move(PriceStatus.PROPOSED, PriceStatus.REJECTED, Door.STAFF),
)


class UnitPrice(OfTenant, Base):
    """Yen for one person-day from a date on. Entered by one person, approved by another, never edited."""

    __tablename__ = "unit_price"
    __table_args__ = (
        in_municipality(),
        refers("employer_agreement", "agreement_id"),
        refers("employer", "employer_id"),
        refers("membership", "entered_by"),
        refers("membership", "decided_by"),
        UniqueConstraint("tenant_id", "agreement_id", "version"),
        CheckConstraint("yen >= 0", name="yen"),
        CheckConstraint("tax_rate_pct BETWEEN 0 AND 100", name="tax_rate"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("decided_by <> entered_by", name="two_people"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("agreement_id", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where="status = 'approved'",
            name="ex_unit_price_one_at_a_time",
            using="gist",
        ),
        Index("ix_unit_price_employer", "tenant_id", "employer_id"),
        {
            "info": opened(
                rules={Door.FIRM: OWN_OR_NOBODYS},
                staff=Grant("SIU", update=("valid_to", "status", "decided_by", "decided_at", "reason", "firm_id")),
                firm="S",
                worker="SI",
                employer=Grant(
                    "S",
                    select=(
                        "tenant_id",
                        "id",
                        "employer_id",
                        "agreement_id",
                        "yen",
                        "tax_rate_pct",
                        "valid_from",
                        "valid_to",
                        "status",
                    ),
                ),
            )
        },
    )

    agreement_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    version: Mapped[int]
    yen: Mapped[int] = mapped_column(comment="yen per person-day")
    tax_rate_pct: Mapped[int] = mapped_column(comment="rate of consumption tax in force, in percent")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    status: Mapped[PriceStatus] = mapped_column(choice(PriceStatus))
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="as its employer")

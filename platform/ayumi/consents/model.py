"""What a person has agreed may be shared, with whom, and until when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Scope(StrEnum):
    """What may be shared with whom."""

    FIRM = "firm"
    EMPLOYER_PROFILE = "employer_profile"
    HELLO_WORK = "hello_work"
    MEDICAL = "medical"
    HEALTH = "health"


class Form(StrEnum):
    """How consent was given."""

    PAPER = "paper"
    SPOKEN = "spoken"


class ConsentStatus(StrEnum):
    """Life of a consent."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


TRANSITIONS = Transitions(
    move(ConsentStatus.IN_FORCE, ConsentStatus.WITHDRAWN, Door.STAFF),
    move(ConsentStatus.IN_FORCE, ConsentStatus.EXPIRED, Door.WORKER),
)


class Consent(OfTenant, Base):
    """One consent as given. Withdrawing it closes the firm's access at once."""

    __tablename__ = "consent"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("stored_file", "file_id"),
        CheckConstraint("expires_on IS NULL OR expires_on >= given_on", name="dates"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn"),
        Index("ix_consent_participant", "tenant_id", "participant_id"),
        {"info": opened(staff="SIU", firm="S", worker="SIU")},
    )

    participant_id: Mapped[UUID]
    scopes: Mapped[list[str]]
    form: Mapped[Form] = mapped_column(choice(Form))
    given_on: Mapped[date]
    expires_on: Mapped[date | None]
    witness: Mapped[str | None] = mapped_column(comment="who heard a spoken consent")
    file_id: Mapped[UUID | None] = mapped_column(comment="the scanned paper")
    withdrawn_on: Mapped[date | None]
    withdrawal_reason: Mapped[str | None]
    status: Mapped[ConsentStatus] = mapped_column(choice(ConsentStatus))
    for_firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="the firm it names; empty: any firm that the municipality commissions"
    )
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime]

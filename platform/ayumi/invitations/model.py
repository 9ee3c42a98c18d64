"""Who has been asked to join a municipality or a firm, and who asked to be let in again."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.accounts.model import Party
from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import ACCOUNT, Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class InvitationStatus(StrEnum):
    """Life of an invitation."""

    SENT = "sent"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


INVITATION_TRANSITIONS = Transitions(
    move(InvitationStatus.SENT, InvitationStatus.ACCEPTED, Door.ACCOUNTS),
    move(InvitationStatus.SENT, InvitationStatus.WITHDRAWN, Door.STAFF, Door.FIRM),
    move(InvitationStatus.SENT, InvitationStatus.EXPIRED, Door.WORKER),
    move(InvitationStatus.EXPIRED, InvitationStatus.SENT, Door.STAFF, Door.FIRM),
)


# Those who host see that an administrator has been invited, not who.
FOR_OPERATORS = ("tenant_id", "id", "party", "roles", "status", "invited_at", "expires_at", "times_sent", "accepted_at")


class Invitation(OfTenant, Base):
    """Somebody asked to join, with place and roles fixed by the inviter. The link itself lies elsewhere, hashed."""

    __tablename__ = "invitation"
    __table_args__ = (
        in_municipality(),
        CheckConstraint("(party = 'firm') = (firm_id IS NOT NULL)", name="firm"),
        CheckConstraint("party <> 'employer'", name="no_employer"),
        Index(
            "uq_invitation_waiting",
            "tenant_id",
            "email",
            "party",
            "firm_id",
            unique=True,
            postgresql_where="status = 'sent'",
            postgresql_nulls_not_distinct=True,
        ),
        {
            "info": opened(
                across={Door.ACCOUNTS: "true"},
                staff="SIU",
                firm="SIU",
                accounts=Grant("SU", update=("status", "accepted_at", "account_id")),
                worker="SU",
                operator=Grant("SI", select=FOR_OPERATORS),
            )
        },
    )

    email: Mapped[str]
    name: Mapped[str]
    kana: Mapped[str | None]
    party: Mapped[Party] = mapped_column(choice(Party))
    roles: Mapped[list[str]]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    ends_on: Mapped[date | None] = mapped_column(comment="last day of the place they are asked into")
    status: Mapped[InvitationStatus] = mapped_column(choice(InvitationStatus))
    invited_by: Mapped[UUID | None] = mapped_column(comment="membership; empty for an operator")
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    times_sent: Mapped[int] = mapped_column(server_default="1", default=1)
    accepted_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Lost(StrEnum):
    """What somebody can no longer come in with."""

    PASSWORD = "password"
    SECOND_FACTOR = "second_factor"


class ResetStatus(StrEnum):
    """Life of a request to be let in again."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


RESET_TRANSITIONS = Transitions(
    move(ResetStatus.ASKED, ResetStatus.APPROVED, Door.STAFF, Door.FIRM, Door.OWNER),
    move(ResetStatus.ASKED, ResetStatus.REFUSED, Door.STAFF, Door.FIRM),
    move(ResetStatus.ASKED, ResetStatus.EXPIRED, Door.WORKER),
)


class ResetRequest(OfTenant, Base):
    """Somebody who cannot come in asks a second person: their administrator, or the manager of their firm."""

    __tablename__ = "reset_request"
    __table_args__ = (
        in_municipality(),
        refers("membership", "membership_id"),
        Index(
            "uq_reset_request_waiting",
            "tenant_id",
            "membership_id",
            "lost",
            unique=True,
            postgresql_where="status = 'asked'",
        ),
        {
            "info": opened(
                across={Door.ACCOUNTS: ACCOUNT},
                staff=Grant("SU", update=("status", "decided_by", "decided_at")),
                firm=Grant("SU", update=("status", "decided_by", "decided_at")),
                accounts="SI",
                worker="SU",
            )
        },
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    membership_id: Mapped[UUID]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    lost: Mapped[Lost] = mapped_column(choice(Lost))
    status: Mapped[ResetStatus] = mapped_column(choice(ResetStatus))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]

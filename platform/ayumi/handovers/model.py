"""A firm's people handed over to the next firm: what was decided, by whom, and how many it concerned."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, in_municipality, refers
from ayumi.kernel.doors import opened


class HandOver(OfTenant, Base):
    """One operation that has been carried out. Whom it concerned is told by each person's own history."""

    __tablename__ = "hand_over"
    __table_args__ = (
        in_municipality(),
        refers("membership", "decided_by"),
        CheckConstraint("from_firm_id <> to_firm_id", name="two_firms"),
        {"info": opened(staff="SI")},
    )

    from_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    to_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    starts_on: Mapped[date] = mapped_column(comment="first day on which the next firm supports")
    why: Mapped[str]
    people: Mapped[int] = mapped_column(comment="how many were handed over")
    unseen: Mapped[int] = mapped_column(comment="how many were left, because whoever decided may not see them")
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]

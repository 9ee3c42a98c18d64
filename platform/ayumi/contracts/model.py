"""The contract that lets a firm work for a municipality, and for how long."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, in_municipality
from ayumi.kernel.doors import opened


class Contract(OfTenant, Base):
    """A firm's commission by one municipality. Outside its dates the firm writes nothing."""

    __tablename__ = "contract"
    __table_args__ = (
        in_municipality(),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index("ix_contract_firm", "tenant_id", "firm_id"),
        {"info": opened(staff="SIU", firm="S", worker="S")},
    )

    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    title: Mapped[str]
    purpose: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

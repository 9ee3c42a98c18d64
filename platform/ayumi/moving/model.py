"""A municipality that leaves: everything packed, handed over, and erased."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import ids
from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class PackingStatus(StrEnum):
    """Life of a packing."""

    ASKED = "asked"
    PACKING = "packing"
    PACKED = "packed"
    FAILED = "failed"


TRANSITIONS = Transitions(
    move(PackingStatus.ASKED, PackingStatus.PACKING, Door.WORKER),
    move(PackingStatus.PACKING, PackingStatus.PACKING, Door.WORKER),
    move(PackingStatus.PACKING, PackingStatus.PACKED, Door.WORKER),
    move(PackingStatus.PACKING, PackingStatus.FAILED, Door.WORKER),
)


class Packing(OfTenant, Base):
    """One export of everything a municipality has, with its manifest."""

    __tablename__ = "packing"
    __table_args__ = (
        in_municipality(),
        refers("stored_file", "file_id"),
        {"info": opened(staff="SI", worker="SU", keeper=Grant("SU", update=("file_id",)))},
    )

    status: Mapped[PackingStatus] = mapped_column(choice(PackingStatus))
    asked_by: Mapped[UUID | None] = mapped_column(comment="membership; empty for an operator at the command line")
    asked_at: Mapped[datetime]
    tables_done: Mapped[int] = mapped_column(server_default="0", default=0)
    tables_total: Mapped[int] = mapped_column(server_default="0", default=0)
    rows: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    manifest_sha256: Mapped[str | None]
    packed_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None]


class ErasureCertificate(Base):
    """What is left of a municipality that has moved out: that it was erased, when, and how much."""

    __tablename__ = "erasure_certificate"
    __table_args__ = (
        {"info": opened(operator="S", why_shared="outlives the municipality it speaks of; holds counts only")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    erased_at: Mapped[datetime]
    erased: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="table -> rows, files -> number")
    manifest_sha256: Mapped[str | None] = mapped_column(comment="of the packing that was handed over")
    journal_hash: Mapped[str | None] = mapped_column(comment="head of its journal at the end")
    file_key: Mapped[str] = mapped_column(comment="where the paper lies in the file store")

"""Firms and NPOs that municipalities contract."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import ids
from ayumi.kernel.db import Base, choice
from ayumi.kernel.doors import opened


class FirmKind(StrEnum):
    """Legal kind of a contractor."""

    NPO = "npo"
    COMPANY = "company"
    SOCIAL_WELFARE_CORPORATION = "social_welfare_corporation"
    COOPERATIVE = "cooperative"
    OTHER = "other"


class Firm(Base):
    """A contractor. It may serve several municipalities, each under a contract of its own."""

    __tablename__ = "firm"
    __table_args__ = (
        {
            "info": opened(
                staff="SI",
                firm="S",
                accounts="S",
                worker="S",
                glass="S",
                keeper="S",
                why_shared="one firm may serve several municipalities; holds its public name only",
            )
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    name: Mapped[str]
    kana: Mapped[str]
    kind: Mapped[FirmKind] = mapped_column(choice(FirmKind))
    created_at: Mapped[datetime]

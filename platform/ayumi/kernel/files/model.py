"""What is known of a kept file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, in_municipality
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door


class StoredFile(OfTenant, Base):
    """A file of one municipality. The bytes lie in the store under their own hash."""

    __tablename__ = "stored_file"
    __table_args__ = (
        in_municipality(),
        {
            "info": opened(
                staff="SI",
                firm="SI",
                worker="SI",
                keeper="SID",
                operator=Grant("S", select=("tenant_id", "size")),
                across={Door.OPERATOR: "true"},
            )
        },
    )

    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    content_type: Mapped[str]
    filename: Mapped[str]
    purpose: Mapped[str] = mapped_column(comment="consent, confirmation, import, statement, report")
    subject_id: Mapped[UUID | None] = mapped_column(comment="the thing it belongs to")
    firm_id: Mapped[UUID | None] = mapped_column(comment="the firm that may open it")
    kept_at: Mapped[datetime]
    membership_id: Mapped[UUID | None]

    @property
    def key(self) -> str:
        """Where its bytes lie in the store."""
        return f"t/{self.tenant_id}/{self.sha256[:2]}/{self.sha256}"

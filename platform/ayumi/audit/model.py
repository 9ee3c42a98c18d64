"""The head of a municipality's journal as it stood at a moment, signed, and where the signature was laid down."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, in_municipality
from ayumi.kernel.doors import opened


class SignedHead(OfTenant, Base):
    """Who changes the journal afterwards would have to change this too, and what lies in the file store."""

    __tablename__ = "signed_head"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "seq"),
        {"info": opened(staff="S", worker="SI", keeper="S")},
    )

    seq: Mapped[int] = mapped_column(BigInteger, comment="number of the entry it stood at")
    hash: Mapped[str]
    signed_at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(comment="Ed25519 over the canonical statement, base64url")
    key_id: Mapped[str] = mapped_column(comment="which key signed")
    file_key: Mapped[str] = mapped_column(comment="where the statement lies in the file store")

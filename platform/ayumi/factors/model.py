"""What somebody shows besides a password: an authenticator app, a passkey, a recovery code."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import ids
from ayumi.kernel.db import Base
from ayumi.kernel.doors import opened

WHY_SHARED = "factors belong to a person, not to a place"


class AuthenticatorApp(Base):
    """The app that shows somebody six digits every thirty seconds (TOTP, RFC 6238); one each."""

    __tablename__ = "authenticator_app"
    __table_args__ = ({"info": opened(accounts="SIUD", why_shared=WHY_SHARED)},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="counts once a first code has been typed")
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="a code works once: its time step")


class Passkey(Base):
    """A key pair whose private half never leaves somebody's device (WebAuthn)."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("credential_id"),
        Index("ix_passkey_account", "account_id"),
        {"info": opened(accounts="SIUD", why_shared=WHY_SHARED)},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    credential_id: Mapped[str] = mapped_column(comment="base64url")
    public_key: Mapped[str] = mapped_column(comment="base64url of its COSE form")
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(comment="as its owner calls it")
    transports: Mapped[list[str]]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of the codes on paper for the day the device is lost; each works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        Index("ix_recovery_code_account", "account_id"),
        {"info": opened(accounts="SIUD", why_shared=WHY_SHARED)},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

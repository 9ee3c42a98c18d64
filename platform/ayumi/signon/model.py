"""Logging in with a municipality's own identity provider (OpenID Connect)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel import ids
from ayumi.kernel.db import Base, OfTenant, in_municipality
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door

# The secret goes in and is never read back in the console.
WITHOUT_SECRET = ("tenant_id", "id", "label", "issuer", "client_id", "is_enabled", "changed_at", "tried_at", "edition")


class IdentityProvider(OfTenant, Base):
    """A municipality's provider; one each."""

    __tablename__ = "identity_provider"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id"),
        {
            "info": opened(
                across={Door.ACCOUNTS: "true"},
                staff=Grant("SIU", select=WITHOUT_SECRET),
                accounts="S",
            )
        },
    )

    label: Mapped[str] = mapped_column(comment="what the button says, e.g. 盛岡市の職員認証")
    issuer: Mapped[str] = mapped_column(comment="https address, as it stands in its tokens")
    client_id: Mapped[str]
    sealed_client_secret: Mapped[str] = mapped_column(deferred=True)
    is_enabled: Mapped[bool] = mapped_column(server_default="false", default=False)
    changed_at: Mapped[datetime]
    tried_at: Mapped[datetime | None] = mapped_column(comment="when it last let somebody through just as it is now")
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class ExternalIdentity(Base):
    """Whom a provider means by one of its subjects. Linked once, at the first login of an invited person."""

    __tablename__ = "external_identity"
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "subject"),
        UniqueConstraint("tenant_id", "issuer", "account_id"),
        {"info": opened(accounts="SID", why_shared="login comes before any municipality")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime]

"""Find a municipality's provider, and whom its subjects mean."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ayumi.accounts import queries as accounts
from ayumi.accounts import rules as logins
from ayumi.accounts.model import Account, Membership, Party
from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.kernel.sealed import BrokenSeal, unseal
from ayumi.municipalities.model import AccessPolicy, Municipality
from ayumi.signon.client import Configuration
from ayumi.signon.model import ExternalIdentity, IdentityProvider


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door of a municipality: whose it is, and the provider behind it."""

    tenant_id: int
    slug: str
    name: str
    band: int
    label: str
    is_enabled: bool
    configuration: Configuration


def redirect_uri(slug: str) -> str:
    """Return the one address a provider may send people back to."""
    return f"{settings().base_url}/signon/{slug}/callback"


def entrance(session: Session, slug: str) -> Entrance | None:
    """Return the door of a municipality in service that has a provider. Asked through the accounts door."""
    row = session.execute(
        select(Municipality, IdentityProvider, IdentityProvider.sealed_client_secret)
        .join(IdentityProvider, IdentityProvider.tenant_id == Municipality.id)
        .where(Municipality.slug == slug, Municipality.suspended_at.is_(None), Municipality.left_at.is_(None))
    ).first()
    if row is None:
        return None
    town, provider = row.Municipality, row.IdentityProvider
    try:
        secret = unseal(row.sealed_client_secret)
    except BrokenSeal:  # sealed with a key we no longer have: the provider will not accept us
        secret = ""
    return Entrance(
        tenant_id=town.id,
        slug=town.slug,
        name=town.name,
        band=town.band,
        label=provider.label,
        is_enabled=provider.is_enabled,
        configuration=Configuration(provider.issuer, provider.client_id, secret, redirect_uri(town.slug)),
    )


def named(session: Session, typed: str) -> Rows:
    """Return (slug, name, prefecture) of the municipalities with a provider that somebody may mean: by their name, or
    by their name in addresses. Some names exist twice.
    """
    query = (
        select(Municipality.slug, Municipality.name, Municipality.prefecture)
        .join(IdentityProvider, IdentityProvider.tenant_id == Municipality.id)
        .where(
            or_(Municipality.slug == typed.lower(), Municipality.name == typed),
            IdentityProvider.is_enabled,
            Municipality.suspended_at.is_(None),
            Municipality.left_at.is_(None),
        )
        .order_by(Municipality.code)
    )
    return session.execute(query).all()


def linked_account(session: Session, *, tenant_id: int, issuer: str, subject: str) -> UUID | None:
    """Return the account a subject has been linked with."""
    return session.scalar(
        select(ExternalIdentity.account_id).where(
            ExternalIdentity.tenant_id == tenant_id,
            ExternalIdentity.issuer == issuer,
            ExternalIdentity.subject == subject,
        )
    )


def works_here(session: Session, *, tenant_id: int, account_id: UUID) -> bool:
    """Whether an open account is on the staff of a municipality today. Says for this transaction whose it asks."""
    logins.claim(session, account_id)
    today = clock.today()
    query = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.account_id == account_id,
            Membership.party == Party.STAFF,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Account.closed_at.is_(None),
        )
    )
    return session.scalar(query) is not None


def account_at(session: Session, *, tenant_id: int, email: str) -> UUID | None:
    """Return the account with this address, if it is on the staff of this municipality."""
    account = accounts.by_email(session, email)
    if account is None or not works_here(session, tenant_id=tenant_id, account_id=account.id):
        return None
    return account.id


def provider() -> IdentityProvider | None:
    """Return the provider of the present municipality."""
    return db.session.scalar(select(IdentityProvider))


def policy() -> AccessPolicy:
    """Return what the present municipality asks of those who log in."""
    return db.session.scalars(select(AccessPolicy)).one()


def staff_accounts() -> Rows:
    """Return (account_id,) of everybody on the staff today."""
    today = clock.today()
    query = select(Membership.account_id).where(
        Membership.party == Party.STAFF,
        Membership.starts_on <= today,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
    )
    return db.session.execute(query).all()

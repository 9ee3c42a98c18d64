"""Who is behind a session key, and where they belong. Asked through the accounts door."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Account, LoginSession, Membership, OneTimeLink, Party
from ayumi.accounts.tokens import digest
from ayumi.firms.model import Firm
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.municipalities.model import AccessPolicy, Municipality


def of_session(session: Session, *, account_id: UUID, key: str) -> Rows:
    """Return one row per membership in force of the account behind a living session (one with empty
    membership columns when it has none), or nothing.
    """
    now, today = clock.now(), clock.today()
    in_force = [
        Membership.account_id == Account.id,
        Membership.starts_on <= today,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
    ]
    return session.execute(
        select(LoginSession, Account, Membership, Municipality, AccessPolicy, Firm.name.label("firm_name"))
        .join(Account, Account.id == LoginSession.account_id)
        .outerjoin(Membership, and_(*in_force))
        .outerjoin(Municipality, Municipality.id == Membership.tenant_id)
        .outerjoin(AccessPolicy, AccessPolicy.tenant_id == Membership.tenant_id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .where(
            LoginSession.key_hash == digest(key),
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.ends_at > now,
            Account.closed_at.is_(None),
        )
        .order_by(Municipality.name, Membership.party)
    ).all()


def by_email(session: Session, email: str) -> Account | None:
    """Return the open account with this address."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.closed_at.is_(None)))


def by_token(session: Session, token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the link this token belongs to, spent or not."""
    query = select(OneTimeLink).where(OneTimeLink.token_hash == digest(token))
    return session.scalar(query.with_for_update() if lock else query)


def colleagues(party: Party, *, firm_id: UUID | None = None, on: date | None = None) -> Rows:
    """Return (id, name, kana, roles) of the present municipality's people of one party, by kana.

    Asked through the door of whoever is here, not through the accounts door.
    """
    day = on or clock.today()
    query = (
        select(Membership.id, Membership.name, Membership.kana, Membership.roles)
        .where(Membership.party == party, or_(Membership.ends_on.is_(None), Membership.ends_on >= day))
        .order_by(Membership.kana, Membership.name)
    )
    if firm_id is not None:
        query = query.where(Membership.firm_id == firm_id)
    return db.session.execute(query).all()


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """Return membership id -> name as shown in this place."""
    if not ids:
        return {}
    rows = db.session.execute(select(Membership.id, Membership.name).where(Membership.id.in_(ids)))
    return {row.id: row.name for row in rows}

"""Those who host: asked by link, made by following it. Their flag stands on the account, not on any membership."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.accounts import passwords, queries, rules, tokens
from ayumi.accounts.model import Account, LinkPurpose, OneTimeLink
from ayumi.accounts.rules import LinkSpent
from ayumi.kernel import clock
from ayumi.kernel.db import Rows
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _

LENGTH = timedelta(days=3)


def invite(session: Session, *, email: str, name: str) -> str:
    """Make a link by which somebody becomes an operator; return its token, which goes into one mail."""
    token, now = tokens.fresh(), clock.now()
    session.add(
        OneTimeLink(
            token_hash=tokens.digest(token),
            purpose=LinkPurpose.OPERATOR,
            email=email.strip().lower(),
            name=name,
            roles=[],
            created_at=now,
            expires_at=now + LENGTH,
            code_attempts=0,
        )
    )
    session.flush()
    return token


def asked(session: Session, token: str, *, lock: bool = False) -> OneTimeLink:
    """Return the living invitation behind a token; raise LinkSpent."""
    link = queries.by_token(session, token, lock=lock)
    if link is None or link.purpose is not LinkPurpose.OPERATOR or link.used_at or link.expires_at <= clock.now():
        raise LinkSpent
    return link


def accept(session: Session, token: str, *, name: str, password: str) -> UUID:
    """Make an operator of the invited address. Who has an account already proves it with its password."""
    link = asked(session, token, lock=True)
    account = queries.by_email(session, link.email)
    if account is None:
        rules.check_password(password, holds=(name, link.email))
        account = rules.add_account(session, email=link.email, name=name, password=password)
    elif not passwords.fits(account.password_hash, password):
        text = _("You already have an account: please use its password.")
        raise Invalid(text, fields={"password": text})
    account.is_operator = True
    link.used_at, link.account_id = clock.now(), account.id
    session.flush()
    return account.id


def others(session: Session, *, but: UUID) -> Sequence[UUID]:
    """Return the accounts of all operators but one. Asked through the operators' door, which reads no address."""
    living = (Account.is_operator, Account.closed_at.is_(None), Account.id != but)
    return session.scalars(select(Account.id).where(*living).order_by(Account.id)).all()


def addresses(session: Session, accounts: Sequence[UUID]) -> Rows:
    """Return (id, name, email, language) of these accounts. Addresses are for the worker's door only."""
    return session.execute(
        select(Account.id, Account.name, Account.email, Account.language).where(Account.id.in_(accounts))
    ).all()

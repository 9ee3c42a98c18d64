"""How an employer's contact person comes in: a link by mail, then a code sent to the same address. No password.

The link alone opens nothing, because mails are forwarded and links are followed by scanners; the code alone opens
nothing either. Both are kept as hashes only. Works through the worker's door (links) and the accounts door (codes).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.accounts import passwords, queries, rules, tokens
from ayumi.accounts.model import Account, LinkPurpose, Membership, OneTimeLink, Party, Role
from ayumi.kernel import clock
from ayumi.kernel.errors import Conflict
from ayumi.kernel.words import _

CODE_LENGTH = timedelta(minutes=10)
MOST_TRIES = 5
RENEWABLE = timedelta(days=120)


class AccountClosed(Conflict):
    """Links are not sent to somebody whose account has been closed."""

    message = _("The account of this address has been closed.")


@dataclass(frozen=True, slots=True)
class Admission:
    """Who has come in, with the key for their browser, and for which month they were asked."""

    account: Account
    key: str
    month: date


def ensure(session: Session, *, tenant_id: int, employer_id: UUID, email: str, name: str) -> UUID:
    """Make sure that this address has an account without password and its place at the employer."""
    row = session.execute(select(Account.id, Account.closed_at).where(Account.email == email)).one_or_none()
    if row is not None and row.closed_at is not None:
        raise AccountClosed
    account_id: UUID = row.id if row else rules.add_account(session, email=email, name=name, password=None).id
    place = {"tenant_id": tenant_id, "account_id": account_id, "party": Party.EMPLOYER, "employer_id": employer_id}
    if session.scalar(select(Membership.id).filter_by(**place)) is None:
        session.add(Membership(**place, roles=[Role.CONTACT.value], name=name, starts_on=clock.today()))
        session.flush()
    return account_id


def make_link(
    session: Session,
    *,
    tenant_id: int,
    employer_id: UUID,
    account_id: UUID,
    email: str,
    name: str,
    month: date,
    length: timedelta,
) -> str:
    """Make a link for a month and return its token, which goes into one mail and nowhere else."""
    token, now = tokens.fresh(), clock.now()
    session.add(
        OneTimeLink(
            token_hash=tokens.digest(token),
            purpose=LinkPurpose.EMPLOYER,
            tenant_id=tenant_id,
            employer_id=employer_id,
            account_id=account_id,
            email=email,
            name=name,
            party=Party.EMPLOYER,
            roles=[Role.CONTACT.value],
            month=month,
            created_at=now,
            expires_at=now + length,
            code_attempts=0,
        )
    )
    session.flush()
    return token


def known(session: Session, token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the employer's link of this token, spent or not."""
    link = queries.by_token(session, token, lock=lock)
    return link if link is not None and link.purpose is LinkPurpose.EMPLOYER else None


def living(session: Session, token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the employer's link of this token while it can still be used."""
    link = known(session, token, lock=lock)
    return link if link is not None and is_living(link) else None


def is_living(link: OneTimeLink) -> bool:
    """Tell whether a link can still be used."""
    return link.used_at is None and link.expires_at > clock.now()


def renew(session: Session, token: str) -> tuple[str, OneTimeLink] | None:
    """Make a new link like an earlier one, for the same address; None when there was none, or too long ago."""
    link = known(session, token)
    if link is None or link.month is None or clock.now() - link.created_at > RENEWABLE:
        return None
    fresh = make_link(
        session,
        tenant_id=municipality_of(link),
        employer_id=_said(link.employer_id),
        account_id=_said(link.account_id),
        email=link.email,
        name=link.name or "",
        month=link.month,
        length=link.expires_at - link.created_at,
    )
    return fresh, link


def make_code(session: Session, token: str) -> tuple[str, OneTimeLink] | None:
    """Give a living link a new code of six digits, good for ten minutes and five tries."""
    link = living(session, token, lock=True)
    if link is None:
        return None
    code = tokens.fresh_code()
    link.code_hash, link.code_attempts = passwords.hashed(code), 0
    link.code_expires_at = clock.now() + CODE_LENGTH
    return code, link


def admit(session: Session, token: str, *, code: str, user_agent: str | None) -> Admission | None:
    """Spend the link and open a session that reaches this one employer; None, and one try less, for a wrong code."""
    link = living(session, token, lock=True)
    if link is None or not _fits(link, code):
        return None
    now = clock.now()
    link.used_at, link.code_hash, link.code_expires_at = now, None, None
    account = session.get_one(Account, _said(link.account_id))
    if account.closed_at is not None or link.month is None:
        return None
    key = rules.open_session(
        session,
        account,
        user_agent=user_agent,
        only_tenant_id=link.tenant_id,
        only_employer_id=link.employer_id,
    )
    return Admission(account, key, link.month)


def _fits(link: OneTimeLink, code: str) -> bool:
    if link.code_expires_at is None or link.code_expires_at <= clock.now() or link.code_attempts >= MOST_TRIES:
        return False
    link.code_attempts += 1
    return passwords.fits(link.code_hash, code)


def municipality_of(link: OneTimeLink) -> int:
    """Return whose link it is."""
    if link.tenant_id is None:
        raise ValueError("an employer's link names its municipality")
    return link.tenant_id


def _said(id: UUID | None) -> UUID:
    if id is None:
        raise ValueError("an employer's link names its employer and account")
    return id

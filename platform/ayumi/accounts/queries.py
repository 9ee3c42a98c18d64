"""Accounts, their sessions and where they belong. Asked through the accounts door."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Account, LoginSession, Membership, OneTimeLink, Party
from ayumi.accounts.tokens import digest
from ayumi.accounts.whereabouts import of_account
from ayumi.firms.model import Firm
from ayumi.japan.romaji import romaji
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.municipalities.model import AccessPolicy, Municipality

# What stands at the end of a municipality's name and of its reading; three marks of a reading are left at least.
PLACE_KIND = re.compile("[市区町村]$|(?<=[ァ-ー]{3})(シ|ク|チョウ|マチ|ムラ|ソン)$")
PLACE_WORDS = (Municipality.name, Municipality.kana, Municipality.slug, Firm.name, Firm.kana)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: unused, and in all."""

    idle: timedelta = timedelta(hours=2)
    whole: timedelta = timedelta(hours=12)


def strictest(policies: Iterable[Any]) -> Limits:
    """Return the limits that satisfy every place somebody belongs to, by what is asked there: ``idle_minutes
    session_hours``, both None where nothing is.
    """
    asked = [each for each in policies if each.idle_minutes is not None]
    if not asked:
        return Limits()
    return Limits(
        idle=timedelta(minutes=min(each.idle_minutes for each in asked)),
        whole=timedelta(hours=min(each.session_hours for each in asked)),
    )


def limits(session: Session, account_id: UUID) -> Limits:
    """Return how long a session of this account may last. Asked in the account's own place."""
    query = (
        select(AccessPolicy.idle_minutes, AccessPolicy.session_hours)
        .join(Membership, Membership.tenant_id == AccessPolicy.tenant_id)
        .where(*of_account(session, account_id), Membership.party != Party.EMPLOYER, *in_force())
    )
    return strictest(session.execute(query))


def in_force(today: Any = None) -> tuple[ColumnElement[bool], ...]:
    """Conditions for memberships that count on a day, today's unless it is said."""
    today = clock.today() if today is None else today
    return Membership.starts_on <= today, or_(Membership.ends_on.is_(None), Membership.ends_on >= today)


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


def by_key(session: Session, key: str) -> LoginSession:
    """Return the session of this key."""
    return session.scalars(select(LoginSession).where(LoginSession.key_hash == digest(key))).one()


def municipalities_of(session: Session, account_id: UUID) -> Sequence[int]:
    """Return the municipalities in service an account works in or for. Asked in the account's own place."""
    query = (
        select(Municipality.id)
        .join(Membership, Membership.tenant_id == Municipality.id)
        .where(
            *of_account(session, account_id),
            Membership.party != Party.EMPLOYER,
            Municipality.suspended_at.is_(None),
            *in_force(),
        )
        .order_by(Municipality.id)
        .distinct()
    )
    return session.scalars(query).all()


def to_tell(session: Session, account_id: UUID, session_id: UUID) -> tuple[Any, Any]:
    """Return (name, email, language, closed_at) of an account and (user_agent, address) of one of its sessions."""
    account = select(Account.name, Account.email, Account.language, Account.closed_at).where(Account.id == account_id)
    login = select(LoginSession.id, LoginSession.user_agent, LoginSession.address).where(LoginSession.id == session_id)
    return session.execute(account).one(), session.execute(login).one()


def words_about(session: Session, account: Account) -> tuple[str, ...]:
    """Return what a stranger may know of somebody: names, address, municipalities, firms. In the account's place."""
    rows = session.execute(
        select(Membership.name, Membership.kana, *PLACE_WORDS)
        .join(Municipality, Municipality.id == Membership.tenant_id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .where(*of_account(session, account.id))
    )
    return words(account.name, account.email.partition("@")[0], *(word for row in rows for word in row))


def words_of_place(session: Session, *, tenant_id: int, firm_id: UUID | None = None) -> tuple[str, ...]:
    """Return the names of a municipality, and of a firm, that somebody is about to belong to."""
    query = select(*PLACE_WORDS).outerjoin(Firm, Firm.id == firm_id).where(Municipality.id == tenant_id)
    return words(*session.execute(query).one())


def words(*found: str | None) -> tuple[str, ...]:
    """Return these words, without the kind of place (市, シ), and those in kana also in Latin letters."""
    said = [form for word in found if word for form in (word, PLACE_KIND.sub("", word))]
    sounds = [romaji(part) for word in said if is_reading(word) for part in word.split("\u3000")]
    return tuple(dict.fromkeys(word for word in (*said, *sounds) if word))


def is_reading(word: str) -> bool:
    """Tell whether a word is written in katakana."""
    return all("ァ" <= mark <= "ー" or mark.isspace() for mark in word)


def sessions(session: Session, account_id: UUID, *, key: str) -> Rows:
    """Return id, device, address, method and times of living sessions, this one (``is_this``) first."""
    is_this = LoginSession.key_hash == digest(key)
    query = (
        select(
            LoginSession.id,
            is_this.label("is_this"),
            LoginSession.user_agent,
            LoginSession.address,
            LoginSession.method,
            LoginSession.second_factor_at,
            LoginSession.started_at,
            LoginSession.seen_at,
        )
        .where(LoginSession.account_id == account_id, *living_now())
        .order_by(is_this.desc(), LoginSession.seen_at.desc())
    )
    return session.execute(query).all()


def living_now() -> tuple[ColumnElement[bool], ...]:
    """Conditions under which a session has not ended."""
    return LoginSession.ended_at.is_(None), LoginSession.ends_at > clock.now()


def living(session: Session, account_id: UUID) -> Any:
    """Return (password_set_at, has_password, sessions) of an account."""
    count = (
        select(func.count())
        .select_from(LoginSession)
        .where(LoginSession.account_id == account_id, *living_now())
        .scalar_subquery()
    )
    has_password = Account.password_hash.is_not(None).label("has_password")
    query = select(Account.password_set_at, has_password, count.label("sessions")).where(Account.id == account_id)
    return session.execute(query).one()

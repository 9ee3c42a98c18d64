"""Logging in and out. Works through the accounts door."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, true, update
from sqlalchemy.orm import Session

from ayumi.accounts import passwords, queries, tokens
from ayumi.accounts.model import (
    Account,
    LoginMethod,
    LoginSession,
)
from ayumi.accounts.queries import Limits
from ayumi.kernel import clock, ids
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _

FOR_EMPLOYERS = Limits(idle=timedelta(hours=2), whole=timedelta(hours=2))
SEEN_EVERY = timedelta(minutes=1)


class LinkSpent(Conflict):
    """A link that has been used, or whose time is over."""

    message = _("This link has been used already or has expired. Please ask for a new one.")


def authenticate(session: Session, *, email: str, password: str) -> Account | None:
    """Return the account these credentials belong to; takes equally long whether or not there is one."""
    account = queries.by_email(session, email)
    fits = passwords.fits(account.password_hash if account else None, password)
    return account if fits else None


def open_session(
    session: Session,
    account: Account,
    *,
    user_agent: str | None,
    method: LoginMethod = LoginMethod.PASSWORD,
    second_factor: bool = False,
    address: str | None = None,
    device_hash: str | None = None,
    only_tenant_id: int | None = None,
    only_employer_id: UUID | None = None,
) -> str:
    """Start a session and return its key, which is shown to the browser and to nobody else."""
    key, now = tokens.fresh(), clock.now()
    limits = FOR_EMPLOYERS if only_employer_id else queries.limits(session, account.id)
    session.add(
        LoginSession(
            key_hash=tokens.digest(key),
            account_id=account.id,
            method=method,
            started_at=now,
            second_factor_at=now if second_factor else None,
            confirmed_at=now,
            seen_at=now,
            ends_at=until(now, limits, now),
            user_agent=(user_agent or "")[:200],
            address=address,
            device_hash=device_hash,
            only_tenant_id=only_tenant_id,
            only_employer_id=only_employer_id,
        )
    )
    return key


def is_over(login: Any, limits: Limits) -> bool:
    """Whether a session has gone unused for too long, or has lasted long enough.

    The limits are those of today: a municipality that makes them stricter is obeyed by sessions that run already.
    """
    return bool(clock.now() >= min(login.started_at + limits.whole, login.seen_at + limits.idle))


def keep_alive(connection: Connection, login: Any, limits: Limits) -> None:
    """Move the idle limit of a session that is being used. ``login``: ``session_id started_at seen_at``."""
    now = clock.now()
    if now - login.seen_at >= SEEN_EVERY:
        ends_at = until(login.started_at, limits, now)
        connection.execute(
            update(LoginSession).where(LoginSession.id == login.session_id).values(seen_at=now, ends_at=ends_at)
        )


def until(started_at: datetime, limits: Limits, now: datetime) -> datetime:
    """When a session ends that is used now: never beyond its absolute limit."""
    return min(now + limits.idle, started_at + limits.whole)


def end_session(session: Session, key: str) -> None:
    """End the session of this key."""
    session.execute(
        update(LoginSession).where(LoginSession.key_hash == tokens.digest(key)).values(ended_at=clock.now())
    )


def end_sessions(session: Session, account_id: UUID, *, but: str | None = None) -> int:
    """End every session of an account at once, except the one with the key ``but``; return how many."""
    kept = LoginSession.key_hash != tokens.digest(but) if but else true()
    ended = session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), kept)
        .values(ended_at=clock.now())
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def end_one(session: Session, account_id: UUID, session_id: UUID) -> bool:
    """End one session of an account; False when it has none such."""
    ended = session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def confirm(session: Session, key: str, *, second_factor: bool) -> str:
    """Note that the owner of a session has proved again who they are; return the new key it goes by from now on."""
    fresh, now = tokens.fresh(), clock.now()
    values: dict[str, Any] = {"confirmed_at": now, "key_hash": tokens.digest(fresh)}
    if second_factor:
        values["second_factor_at"] = now
    session.execute(update(LoginSession).where(LoginSession.key_hash == tokens.digest(key)).values(values))
    return fresh


def check_password(password: str, *, holds: Iterable[str] = ()) -> None:
    """Raise Invalid when a new password is too weak. ``holds``: words about its owner that it must not hold."""
    fault = passwords.fault(password, holds=holds)
    if fault is not None:
        raise Invalid(fault, fields={"password": fault})


def change_password(session: Session, account: Account, *, old: str, new: str, key: str) -> str:
    """Give an account another password; every session but this one ends. Return the key this one goes by now."""
    if not passwords.fits(account.password_hash, old):
        text = _("This is not your present password.")
        raise Invalid(text, fields={"old": text})
    fault = passwords.fault(new, holds=queries.words_about(session, account))
    if fault is not None:
        raise Invalid(fault, fields={"new": fault})
    account.password_hash, account.password_set_at = passwords.hashed(new), clock.now()
    end_sessions(session, account.id, but=key)
    return confirm(session, key, second_factor=False)


def add_account(session: Session, *, email: str, name: str, password: str | None, id: UUID | None = None) -> Account:
    """Add an account."""
    account = Account(
        id=id or ids.new(),
        email=email.strip().lower(),
        name=name,
        password_hash=passwords.hashed(password) if password else None,
        is_operator=False,
        language="ja",
        password_set_at=clock.now() if password else None,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def claim(session: Session, account_id: UUID) -> None:
    """Say for the rest of this transaction whose memberships are meant: one sees and adds only one's own."""
    session.connection().exec_driver_sql(Place(Door.ACCOUNTS, account_id=account_id).declaration())

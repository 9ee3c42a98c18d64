"""Tells the owner of an account by mail what has been done with it, so that a stranger cannot do it unseen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from ayumi.accounts import queries
from ayumi.accounts.model import Account, LoginSession
from ayumi.kernel import clock, journal
from ayumi.kernel.outbox import promise
from ayumi.notices import security
from ayumi.notices.post import NotSent
from ayumi.notices.security import What

log = structlog.get_logger(__name__)


def tell(session: Session, account: Account, what: What, *, key: str) -> None:
    """Tell an account's owner by mail what happened, and write it into the journal of each of their places.

    ``key``: of the session it happened in, whose time, device and address the mail names. Where the account belongs
    to a municipality the mail is that municipality's later work; an operator's is sent at once.
    """
    session.flush()
    login = queries.by_key(session, key)
    towns = write_down(session, account.id, what.value)
    if towns:
        _later(session, towns, account.id, what, login.id)
    else:
        _now(account, what, login)


def write_down(session: Session, account_id: UUID, word: str, changes: dict[str, Any] | None = None) -> Sequence[int]:
    """Write what somebody did with their account into the journal of each of their places; return these."""
    towns = queries.municipalities_of(session, account_id)
    for tenant_id in towns:
        journal.note_of("account", account_id, word, session=session, tenant_id=tenant_id, changes=changes)
    return towns


def _later(session: Session, towns: Sequence[int], account_id: UUID, what: What, session_id: UUID) -> None:
    promise(
        "account_notice",
        session=session,
        tenant_id=towns[0],
        account_id=account_id,
        session_id=session_id,
        what=what.value,
        at=int(clock.now().timestamp()),
    )


def _now(account: Account, what: What, login: LoginSession) -> None:
    at: datetime = clock.now()
    try:
        security.send(account, what, login=login, at=at)
    except NotSent:
        log.warning("notice not sent", what=what.value)

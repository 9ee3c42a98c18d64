"""Somebody who cannot come in, and the second person who lets them in again.

Asking and following the link work through the accounts door; deciding through the door of whoever decides.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ayumi.accounts import passwords, tokens
from ayumi.accounts import queries as accounts
from ayumi.accounts import rules as logins
from ayumi.accounts.model import Account, LinkPurpose, Membership, OneTimeLink, Party
from ayumi.accounts.rules import LinkSpent
from ayumi.factors import rules as factors
from ayumi.invitations import queries
from ayumi.invitations.model import RESET_TRANSITIONS, Lost, ResetRequest, ResetStatus
from ayumi.invitations.schemas import Checked
from ayumi.kernel import clock, ids, journal, outbox, states
from ayumi.kernel.db import Rows, db, here, visiting
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _

LENGTH = timedelta(hours=1)
PURPOSES = {Lost.PASSWORD: LinkPurpose.PASSWORD_RESET, Lost.SECOND_FACTOR: LinkPurpose.SECOND_FACTOR_RESET}


class NotOnesOwn(Refused):
    """It needs a second person."""

    message = _("Nobody lets themselves in: please ask another administrator.")


def ask(email: str, lost: Lost) -> None:
    """Write a request in each place of an address. For an address that is not known the same work is done in vain."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        account = accounts.by_email(session, email)
        account_id = account.id if account else uuid4()
    passwords.fits(None, email)
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        for place in _places(session, account_id):
            _ask_in(session, place, lost)


def _places(session: Session, account_id: UUID) -> Rows:
    today = clock.today()
    query = select(Membership.tenant_id, Membership.id, Membership.account_id, Membership.firm_id).where(
        Membership.account_id == account_id,
        Membership.party.in_((Party.STAFF, Party.FIRM)),
        Membership.starts_on <= today,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
    )
    return session.execute(query).all()


def _ask_in(session: Session, place: Any, lost: Lost) -> None:
    row = {
        "tenant_id": place.tenant_id,
        "id": ids.new(),
        "account_id": place.account_id,
        "membership_id": place.id,
        "firm_id": place.firm_id,
        "lost": lost,
        "status": ResetStatus.ASKED,
        "asked_at": clock.now(),
    }
    made = session.scalar(insert(ResetRequest).values(row).on_conflict_do_nothing().returning(ResetRequest.id))
    if made is not None:
        journal.note_of(
            "reset_request",
            made,
            "asked",
            session=session,
            tenant_id=place.tenant_id,
            firm_id=place.firm_id,
            status_after=ResetStatus.ASKED.value,
        )


def approve(request: ResetRequest, *, checked: Checked) -> ResetRequest:
    """Say that it is really them; a job mails the link that opens for an hour."""
    return _decide(request, ResetStatus.APPROVED, why=checked.value)


def refuse(request: ResetRequest) -> ResetRequest:
    """Say no: nothing is sent."""
    return _decide(request, ResetStatus.REFUSED, why=None)


def _decide(request: ResetRequest, status: ResetStatus, *, why: str | None) -> ResetRequest:
    if request.account_id == here().account_id:
        raise NotOnesOwn
    if request.status is status:
        return request
    if request.asked_at <= clock.now() - queries.RESET_WAITS:
        raise states.IllegalMove
    states.change(request, status, table=RESET_TRANSITIONS, action=status.value, why=why)
    request.decided_by, request.decided_at = here().membership_id, clock.now()
    if status is ResetStatus.APPROVED:
        outbox.promise("reset_mail", once=f"reset_mail:{request.id}", request_id=request.id)
    return request


def drop_of(membership_id: UUID) -> None:
    """Refuse what somebody asked whose place has ended."""
    waiting = select(ResetRequest).where(
        ResetRequest.membership_id == membership_id, ResetRequest.status == ResetStatus.ASKED
    )
    for each in db.session.scalars(waiting.with_for_update()).all():
        states.change(each, ResetStatus.REFUSED, table=RESET_TRANSITIONS, action="refused", why="place ended")


def expire_all() -> int:
    """Mark the requests that nobody has decided for three days, and return how many they were."""
    over = db.session.scalars(
        select(ResetRequest)
        .where(ResetRequest.status == ResetStatus.ASKED, ResetRequest.asked_at <= clock.now() - queries.RESET_WAITS)
        .with_for_update(skip_locked=True)
    ).all()
    for each in over:
        states.change(each, ResetStatus.EXPIRED, table=RESET_TRANSITIONS, action="expired")
    return len(over)


def make_link(session: Session, request_id: UUID, *, tenant_id: int) -> tuple[str, OneTimeLink, Any]:
    """Make the link of an approved request. Return its token, which goes into one mail and nowhere else, the link, and
    whose account it is.
    """
    request = session.get(ResetRequest, (tenant_id, request_id))
    if request is None or request.status is not ResetStatus.APPROVED:
        raise NotFound
    owner = queries.owner(session, request.account_id)
    if owner is None:
        raise NotFound
    token, now = tokens.fresh(), clock.now()
    link = OneTimeLink(
        token_hash=tokens.digest(token),
        purpose=PURPOSES[request.lost],
        tenant_id=tenant_id,
        firm_id=request.firm_id,
        account_id=request.account_id,
        email=owner.email,
        roles=[],
        created_at=now,
        expires_at=now + LENGTH,
    )
    session.add(link)
    session.flush()
    return token, link, owner


def set_password(session: Session, token: str, *, password: str) -> Account:
    """Follow a link to a new password. Every session ends, and the owner is told by mail."""
    link, account = _follow(session, token, LinkPurpose.PASSWORD_RESET)
    logins.check_password(password, holds=accounts.words_about(session, account))
    account.password_hash, account.password_set_at = passwords.hashed(password), clock.now()
    _done(session, link, account, Lost.PASSWORD)
    return account


def clear_factors(session: Session, token: str) -> Account:
    """Follow a link that takes away app, passkeys and recovery codes. Every session ends; the owner is told by mail."""
    link, account = _follow(session, token, LinkPurpose.SECOND_FACTOR_RESET)
    factors.forget_all(session, account.id)
    _done(session, link, account, Lost.SECOND_FACTOR)
    return account


def _follow(session: Session, token: str, purpose: LinkPurpose) -> tuple[OneTimeLink, Account]:
    link = queries.living_reset(session, token, lock=True)
    if link is None or link.purpose is not purpose or link.account_id is None:
        raise LinkSpent
    logins.claim(session, link.account_id)
    account = session.get_one(Account, link.account_id)
    if account.closed_at is not None:
        raise LinkSpent
    return link, account


def _done(session: Session, link: OneTimeLink, account: Account, lost: Lost) -> None:
    link.used_at = clock.now()
    session.flush()
    logins.end_sessions(session, account.id)
    tenant_id = link.tenant_id
    journal.note_of(
        "account", account.id, f"{lost.value}_reset", session=session, tenant_id=tenant_id, firm_id=link.firm_id
    )
    outbox.promise(
        "reset_notice",
        session=session,
        tenant_id=tenant_id,
        account_id=account.id,
        lost=lost.value,
        number=ids.new(),
    )

"""Find invitations, requests to be let in again, and who has a place here already."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ayumi.accounts import queries as accounts
from ayumi.accounts import rules as logins
from ayumi.accounts.model import Account, LinkPurpose, Membership, OneTimeLink, Party
from ayumi.firms.model import Firm
from ayumi.invitations.model import Invitation, InvitationStatus, ResetRequest, ResetStatus
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, here, one, visiting
from ayumi.kernel.tenancy import Door, Place

RESET_WAITS = timedelta(days=3)
RESET_PURPOSES = (LinkPurpose.PASSWORD_RESET, LinkPurpose.SECOND_FACTOR_RESET)


@dataclass(frozen=True, slots=True)
class Known:
    """The place of an address that has one here, in force or over."""

    membership_id: UUID
    ends_on: date | None

    @property
    def is_over(self) -> bool:
        """Whether it is over."""
        return self.ends_on is not None and self.ends_on < clock.today()


def place_of_address(email: str, *, tenant_id: int, party: Party, firm_id: UUID | None) -> Known | None:
    """Return the place that an address has on this side of one municipality; of other places nothing is said."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        account = accounts.by_email(session, email)
        if account is None:
            return None
        logins.claim(session, account.id)
        row = session.execute(
            select(Membership.id, Membership.ends_on).where(
                Membership.tenant_id == tenant_id,
                Membership.account_id == account.id,
                Membership.party == party,
                Membership.firm_id.is_not_distinct_from(firm_id),
            )
        ).first()
        return Known(row.id, row.ends_on) if row else None


def invitation(invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """Return an invitation of this place, or raise NotFound."""
    return one(Invitation, invitation_id, lock=lock)


def waiting(email: str, *, party: Party, firm_id: UUID | None) -> Invitation | None:
    """Return the invitation that already waits for an answer from this address."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.email == email,
            Invitation.party == party,
            Invitation.firm_id.is_not_distinct_from(firm_id),
            Invitation.status == InvitationStatus.SENT,
        )
    )


def open_ones(*, firm_id: UUID | None = None) -> Rows:
    """Return the invitations that wait, and those whose time is over and which could be sent again: the newest first.

    Columns: id, name, kana, email, party, roles, firm_id, firm_name, ends_on, status, invited_at, expires_at,
    times_sent and by (the name of the inviter).
    """
    query = (
        select(
            Invitation.id,
            Invitation.name,
            Invitation.kana,
            Invitation.email,
            Invitation.party,
            Invitation.roles,
            Invitation.firm_id,
            Firm.name.label("firm_name"),
            Invitation.ends_on,
            Invitation.status,
            Invitation.invited_at,
            Invitation.expires_at,
            Invitation.times_sent,
            Membership.name.label("by"),
        )
        .outerjoin(Firm, Firm.id == Invitation.firm_id)
        .outerjoin(Membership, Membership.id == Invitation.invited_by)
        .where(Invitation.status.in_((InvitationStatus.SENT, InvitationStatus.EXPIRED)))
        .order_by(Invitation.status.desc(), Invitation.invited_at.desc())
    )
    return db.session.execute(query.where(Invitation.firm_id == firm_id) if firm_id else query).all()


def waiting_of_staff(*, but: UUID | None = None) -> int:
    """Return how many invitations into the own house wait, this one not counted."""
    query = select(func.count(Invitation.id)).where(
        Invitation.party == Party.STAFF,
        Invitation.status == InvitationStatus.SENT,
        Invitation.id.is_distinct_from(but),
    )
    return db.session.scalar(query) or 0


def of_link(session: Session, token: str, *, lock: bool = False) -> tuple[OneTimeLink, Invitation] | None:
    """Return a living link and the invitation that waits behind it. Asked through the accounts door."""
    link = accounts.by_token(session, token, lock=lock)
    if link is None or link.purpose is not LinkPurpose.INVITATION or link.used_at or link.expires_at <= clock.now():
        return None
    asked = select(Invitation).where(Invitation.tenant_id == link.tenant_id, Invitation.id == link.invitation_id)
    found = session.scalar(asked.with_for_update() if lock else asked)
    return (link, found) if found is not None and is_living(found) else None


def waiting_for(session: Session, *, tenant_id: int, email: str, lock: bool = False) -> Invitation | None:
    """Return the invitation to a municipality's staff that waits for this address. Asked through the accounts door."""
    asked = select(Invitation).where(
        Invitation.tenant_id == tenant_id,
        Invitation.email == email.strip().lower(),
        Invitation.party == Party.STAFF,
        Invitation.status == InvitationStatus.SENT,
    )
    found = session.scalar(asked.with_for_update() if lock else asked)
    return found if found is not None and is_living(found) else None


def is_living(invitation: Invitation) -> bool:
    """Tell whether an invitation can still be accepted."""
    over = invitation.ends_on is not None and invitation.ends_on < clock.today()
    return invitation.status is InvitationStatus.SENT and invitation.expires_at > clock.now() and not over


def reset_request(request_id: UUID, *, lock: bool = False) -> ResetRequest:
    """Return a request to be let in again, or raise NotFound."""
    return one(ResetRequest, request_id, lock=lock)


def is_by_those_who_host(session: Session, request_id: UUID) -> bool:
    """Tell whether an approved request was decided at the command line, by nobody of the municipality or firm."""
    return session.scalar(select(ResetRequest.decided_by).where(ResetRequest.id == request_id)) is None


def waiting_resets() -> Rows:
    """Return who asks to be let in again and waits for whoever is here, the oldest first: id, name, kana, roles,
    firm_name, lost, asked_at. Nobody sees their own: it needs a second person.
    """
    query = (
        select(
            ResetRequest.id,
            ResetRequest.lost,
            ResetRequest.asked_at,
            ResetRequest.membership_id,
            Membership.name,
            Membership.kana,
            Membership.roles,
            Firm.name.label("firm_name"),
        )
        .join(Membership, Membership.id == ResetRequest.membership_id)
        .outerjoin(Firm, Firm.id == ResetRequest.firm_id)
        .where(
            ResetRequest.status == ResetStatus.ASKED,
            ResetRequest.asked_at > clock.now() - RESET_WAITS,
            ResetRequest.account_id.is_distinct_from(here().account_id),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= clock.today()),
        )
        .order_by(ResetRequest.asked_at)
    )
    return db.session.execute(query).all()


def living_reset(session: Session, token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the reset link of this token while it can still be used. Asked through the accounts door."""
    link = accounts.by_token(session, token, lock=lock)
    if link is None or link.purpose not in RESET_PURPOSES or link.used_at or link.expires_at <= clock.now():
        return None
    return link


def owner(session: Session, account_id: UUID) -> Any:
    """Return (name, email, language) of an account that is not closed, or None."""
    return session.execute(
        select(Account.name, Account.email, Account.language).where(
            Account.id == account_id, Account.closed_at.is_(None)
        )
    ).first()

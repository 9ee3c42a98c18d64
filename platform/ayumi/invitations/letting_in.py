"""A municipality's only administrator who cannot come in: there is no second person, so those who host let them in.

Done at the command line, through the owner's door. The link goes to the administrator's own address and nobody else
sees it; the municipality reads in its journal who let them in, and why.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.invitations.model import RESET_TRANSITIONS, Lost, ResetRequest, ResetStatus
from ayumi.kernel import clock, ids, journal, outbox, states
from ayumi.kernel.db import Rows, add, db
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.kernel.words import _

LONGEST = 500


class NoAdministrator(NotFound):
    """The address is not that of somebody who administers this municipality."""

    message = _("Nobody with this address administers this municipality.")


class NotAlone(Conflict):
    """There is a second person."""

    message = _("Another administrator of this municipality can let them in: this is not for those who host.")


def let_in(email: str, lost: Lost, *, by: str, reason: str) -> ResetRequest:
    """Let the only administrator of the present municipality in again; a job mails the link that opens for an hour."""
    by, reason = by.strip(), reason.strip()
    if not by or not reason or len(reason) > LONGEST:
        raise Invalid(_("Who lets them in, and why, has to be written down, in 500 characters at most."))
    administrators = _administrators()
    locked_out = next((each for each in administrators if each.email == email.strip().lower()), None)
    if locked_out is None:
        raise NoAdministrator
    if _can_decide(administrators, but=locked_out.account_id):
        raise NotAlone
    request = _waiting(locked_out.id, lost) or _asked(locked_out, lost)
    states.change(request, ResetStatus.APPROVED, table=RESET_TRANSITIONS, action="approved", why=f"{by}: {reason}")
    request.decided_at = clock.now()
    outbox.promise("reset_mail", once=f"reset_mail:{request.id}", request_id=request.id)
    return request


def _administrators() -> Rows:
    today = clock.today()
    return db.session.execute(
        select(Membership.id, Membership.account_id, Account.email)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.party == Party.STAFF,
            Membership.roles.contains([Role.ADMINISTRATOR.value]),
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Account.closed_at.is_(None),
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    ).all()


def _can_decide(administrators: Rows, *, but: UUID) -> bool:
    """Tell whether one of the others can come in: who asks to be let in, too, cannot."""
    asking = set(
        db.session.scalars(select(ResetRequest.membership_id).where(ResetRequest.status == ResetStatus.ASKED)).all()
    )
    return any(each.account_id != but and each.id not in asking for each in administrators)


def _waiting(membership_id: UUID, lost: Lost) -> ResetRequest | None:
    return db.session.scalar(
        select(ResetRequest).where(
            ResetRequest.membership_id == membership_id,
            ResetRequest.lost == lost,
            ResetRequest.status == ResetStatus.ASKED,
        )
    )


def _asked(place: Any, lost: Lost) -> ResetRequest:
    request = add(
        ResetRequest(
            id=ids.new(),
            account_id=place.account_id,
            membership_id=place.id,
            lost=lost,
            status=ResetStatus.ASKED,
            asked_at=clock.now(),
        )
    )
    journal.note(request, "asked", after=ResetStatus.ASKED.value)
    return request

"""The pledge of secrecy: once for each place, before the first look at anybody. Works through the accounts door."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Membership
from ayumi.kernel import clock, journal
from ayumi.kernel.errors import NotFound


def pledge(session: Session, *, tenant_id: int, membership_id: UUID) -> date:
    """Write down that somebody pledged secrecy for their place, on its first day only; return that day."""
    membership = session.scalar(
        select(Membership).where(Membership.tenant_id == tenant_id, Membership.id == membership_id).with_for_update()
    )
    if membership is None:
        raise NotFound
    if membership.confidentiality_pledge_on is None:
        membership.confidentiality_pledge_on = clock.today()
        session.flush()
        journal.note_of(
            "membership",
            membership_id,
            "pledged",
            session=session,
            tenant_id=tenant_id,
            firm_id=membership.firm_id,
            changes={"confidentiality_pledge_on": [None, str(clock.today())]},
        )
    return membership.confidentiality_pledge_on

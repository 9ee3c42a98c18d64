"""Seats: who takes one, and whether a municipality has one left of those it has booked."""

from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, func, or_, select

from ayumi.accounts.model import Membership, Party
from ayumi.hosting.model import Subscription
from ayumi.invitations import queries as invitations
from ayumi.kernel import clock
from ayumi.kernel.db import db, tenant
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _

NONE_LEFT = _(
    "All %(seats)s seats that the municipality has booked are taken, waiting invitations included. "
    "End a place, withdraw an invitation, or ask whoever hosts Ayumi for more seats."
)


def in_force() -> ColumnElement[bool]:
    """Holds for memberships that have not ended."""
    return or_(Membership.ends_on.is_(None), Membership.ends_on >= clock.today())


def taken_everywhere() -> Subquery:
    """How many seats of each municipality are taken: tenant_id, used."""
    return (
        select(Membership.tenant_id, func.count().label("used"))
        .where(Membership.party == Party.STAFF, in_force())
        .group_by(Membership.tenant_id)
        .subquery("seats_used")
    )


def check(*, but: UUID | None = None) -> None:
    """Refuse one more invitation (``but``: this one, which may wait already) when every seat is taken.

    Two who invite at the same moment are asked one after the other.
    """
    seats = db.session.scalar(select(Subscription.seats))
    if seats is None:
        return
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"seats:{tenant()}"))))
    working = select(func.count(Membership.id)).where(Membership.party == Party.STAFF, in_force())
    if (db.session.scalar(working) or 0) + invitations.waiting_of_staff(but=but) >= seats:
        raise Invalid(NONE_LEFT, seats=seats)

"""Find incidents. Who looks after them sees all; everybody else those they have entered."""

from uuid import UUID

from sqlalchemy import or_, select

from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.incidents.model import Incident, IncidentStatus
from ayumi.kernel import clock
from ayumi.kernel import db as database
from ayumi.kernel.db import Rows, db
from ayumi.kernel.errors import NotFound

RESPONSIBLE = (Role.SECTION_HEAD, Role.ADMINISTRATOR)


def one(id: UUID, *, of: UUID | None = None) -> Incident:
    """Return an incident, or raise NotFound. ``of``: only if this membership has entered it."""
    found = database.one(Incident, id)
    if of is not None and found.entered_by != of:
        raise NotFound
    return found


def every(*, of: UUID | None = None) -> Rows:
    """Return all incidents, the open ones first, then by the day they became known, the newest first."""
    query = (
        select(
            Incident.id,
            Incident.title,
            Incident.known_on,
            Incident.people,
            Incident.grounds,
            Incident.status,
            Incident.preliminary_reported_on,
            Incident.finally_reported_on,
            Membership.name.label("by"),
        )
        .outerjoin(Membership, Membership.id == Incident.entered_by)
        .order_by(Incident.status == IncidentStatus.CLOSED, Incident.known_on.desc(), Incident.entered_at.desc())
    )
    return db.session.execute(query if of is None else query.where(Incident.entered_by == of)).all()


def unfinished() -> Rows:
    """Return the incidents that are not closed, those known first on top."""
    query = (
        select(
            Incident.id,
            Incident.title,
            Incident.known_on,
            Incident.grounds,
            Incident.status,
            Incident.preliminary_reported_on,
            Incident.finally_reported_on,
        )
        .where(Incident.status != IncidentStatus.CLOSED)
        .order_by(Incident.known_on, Incident.entered_at)
    )
    return db.session.execute(query).all()


def responsible() -> Rows:
    """Return (id, name, email) of those who look after incidents. Addresses are for the worker's door."""
    today = clock.today()
    query = (
        select(Membership.id, Membership.name, Account.email)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.party == Party.STAFF,
            Membership.roles.overlap([role.value for role in RESPONSIBLE]),
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Account.closed_at.is_(None),
        )
    )
    return db.session.execute(query).all()

"""Ask somebody to join, ask again, take it back. Role and place are fixed by whoever invites."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ayumi.accounts import tokens
from ayumi.accounts.model import ROLES_OF, LinkPurpose, OneTimeLink, Party, Role
from ayumi.accounts.rules import LinkSpent
from ayumi.invitations import queries
from ayumi.invitations.model import (
    INVITATION_TRANSITIONS,
    Invitation,
    InvitationStatus,
)
from ayumi.invitations.schemas import WAITS
from ayumi.kernel import clock, ids, journal, outbox, states
from ayumi.kernel.db import add, db, here, tenant
from ayumi.kernel.errors import Conflict, Invalid, NotFound, Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _

LENGTH = timedelta(days=7)


class HasAPlace(Invalid):
    """Somebody is invited who works here already."""

    message = _("Somebody with this address works here already. You find them in the list.")


class WaitsAlready(Invalid):
    """Somebody is invited who has been invited."""

    message = WAITS


def invite(
    *,
    id: UUID | None = None,
    email: str,
    name: str,
    party: Party,
    roles: Sequence[Role],
    kana: str | None = None,
    firm_id: UUID | None = None,
    ends_on: date | None = None,
    by_mail: bool = True,
) -> UUID:
    """Ask somebody to join; a job mails the link, unless the caller does. The same ``id`` again asks nobody twice."""
    if id and db.session.scalar(select(Invitation.id).where(Invitation.id == id)):
        return id
    check(party, roles, firm_id=firm_id, ends_on=ends_on)
    email = email.strip().lower()
    _refuse_twice(email, party, firm_id)
    now = clock.now()
    made = Invitation(
        id=id or ids.new(),
        email=email,
        name=name,
        kana=kana,
        party=party,
        roles=[role.value for role in ROLES_OF[party] if role in roles],
        firm_id=firm_id,
        ends_on=ends_on,
        status=InvitationStatus.SENT,
        invited_by=here().membership_id,
        invited_at=now,
        expires_at=now + LENGTH,
    )
    journal.note(add(made), "invited", after=made.status.value, changes={"roles": [[], made.roles]})
    if by_mail:
        _promise_mail(made)
    return made.id


def check(party: Party, roles: Sequence[Role], *, firm_id: UUID | None, ends_on: date | None) -> None:
    """Refuse roles of another side, a firm that is not one's own, and a place that would be over before it begins."""
    if here().door is Door.FIRM and (party is not Party.FIRM or firm_id != here().firm_id):
        raise Refused
    if not roles or any(role not in ROLES_OF[party] for role in roles):
        text = _("There is no such role on that side.")
        raise Invalid(text, fields={"roles": text})
    if ends_on is not None and ends_on < clock.today():
        raise Invalid(fields={"ends_on": _("This day is over.")})


def _refuse_twice(email: str, party: Party, firm_id: UUID | None) -> None:
    hosting = here().door is Door.OPERATOR  # reads no addresses; there the unique key speaks
    if not hosting and queries.waiting(email, party=party, firm_id=firm_id) is not None:
        raise WaitsAlready(fields={"email": WaitsAlready.message})
    known = queries.place_of_address(email, tenant_id=tenant(), party=party, firm_id=firm_id)
    if known is not None and not known.is_over:
        raise HasAPlace(fields={"email": HasAPlace.message})


def send_again(invitation: Invitation) -> Invitation:
    """Mail a fresh link; the links before it open nothing any more."""
    if invitation.status is InvitationStatus.EXPIRED:
        if queries.waiting(invitation.email, party=invitation.party, firm_id=invitation.firm_id) is not None:
            raise Conflict(WaitsAlready.message)
        states.change(invitation, InvitationStatus.SENT, table=INVITATION_TRANSITIONS, action="sent_again")
    elif invitation.status is InvitationStatus.SENT:
        journal.note(invitation, "sent_again")
    else:
        raise states.IllegalMove
    invitation.times_sent += 1
    invitation.expires_at = clock.now() + LENGTH
    _promise_mail(invitation)
    return invitation


def withdraw(invitation: Invitation) -> None:
    """Take an invitation back: its links open nothing any more. Done twice it is done once."""
    if invitation.status is InvitationStatus.WITHDRAWN:
        return
    states.change(invitation, InvitationStatus.WITHDRAWN, table=INVITATION_TRANSITIONS, action="withdrawn")


def expire_all() -> int:
    """Mark the invitations whose time is over, and return how many they were."""
    over = db.session.scalars(
        select(Invitation)
        .where(Invitation.status == InvitationStatus.SENT, Invitation.expires_at <= clock.now())
        .with_for_update(skip_locked=True)
    ).all()
    for each in over:
        states.change(each, InvitationStatus.EXPIRED, table=INVITATION_TRANSITIONS, action="expired")
    return len(over)


def make_link(session: Session, invitation_id: UUID, *, tenant_id: int) -> tuple[str, Invitation]:
    """Make the one link that opens an invitation, and return its token, which goes into one mail and nowhere else."""
    found = session.get(Invitation, (tenant_id, invitation_id))
    if found is None:
        raise NotFound
    if not queries.is_living(found):
        raise LinkSpent
    token, now = tokens.fresh(), clock.now()
    void_links(session, invitation_id)
    session.add(
        OneTimeLink(
            token_hash=tokens.digest(token),
            purpose=LinkPurpose.INVITATION,
            tenant_id=tenant_id,
            invitation_id=invitation_id,
            firm_id=found.firm_id,
            email=found.email,
            name=found.name,
            party=found.party,
            roles=found.roles,
            created_at=now,
            expires_at=found.expires_at,
        )
    )
    session.flush()
    return token, found


def void_links(session: Session, invitation_id: UUID) -> None:
    """Let the links of an invitation open nothing any more."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.invitation_id == invitation_id, OneTimeLink.used_at.is_(None))
        .values(expires_at=clock.now())
    )


def _promise_mail(invitation: Invitation) -> None:
    number = invitation.times_sent
    outbox.promise(
        "invitation_mail", once=f"invitation_mail:{invitation.id}:{number}", invitation_id=invitation.id, number=number
    )

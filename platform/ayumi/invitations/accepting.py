"""Turn an invitation into a place. Works through the accounts door, where one acts for one's own account only."""

from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.accounts import passwords
from ayumi.accounts import queries as accounts
from ayumi.accounts import rules as logins
from ayumi.accounts.model import Account, Membership, OneTimeLink
from ayumi.accounts.rules import LinkSpent
from ayumi.factors.model import Passkey
from ayumi.invitations import queries
from ayumi.invitations.model import INVITATION_TRANSITIONS, Invitation, InvitationStatus
from ayumi.kernel import clock, journal
from ayumi.kernel.errors import Refused


def by_link(session: Session, token: str, *, account_id: UUID) -> Membership:
    """Accept with the link from the mail, for an account that has proved itself and has the invited address.

    ``session`` is in this account's own place. Link and invitation are held, so that two clicks accept once.
    """
    link, invitation = _living(session, token)
    account = session.get_one(Account, account_id)
    if account.email != invitation.email:
        raise Refused
    link.used_at, link.account_id = clock.now(), account.id
    return accept(session, invitation, account)


def with_password(
    session: Session, token: str, *, account_id: UUID, name: str, password: str, municipality: str
) -> UUID:
    """Accept with the link from the mail by choosing a password, for an address that nobody can come in with yet.

    ``account_id``: of the account whose place ``session`` is in; a new one is made under it.
    """
    link, invitation = _living(session, token)
    account = accounts.by_email(session, invitation.email)
    if account is not None and (account.id != account_id or can_come_in(session, account)):
        raise LinkSpent
    about = accounts.words(name, invitation.name, invitation.kana, municipality, invitation.email.partition("@")[0])
    place = accounts.words_of_place(session, tenant_id=invitation.tenant_id, firm_id=invitation.firm_id)
    logins.check_password(password, holds=(*about, *place))
    if account is None:
        account = logins.add_account(session, email=invitation.email, name=name, password=password, id=account_id)
    else:
        account.password_hash = passwords.hashed(password)
    account.password_set_at = clock.now()
    link.used_at, link.account_id = clock.now(), account.id
    accept(session, invitation, account)
    return account.id


def can_come_in(session: Session, account: Account) -> bool:
    """Tell whether an account has something to come in with; an employer's contact person has links only."""
    if account.password_hash is not None:
        return True
    return session.scalar(select(Passkey.id).where(Passkey.account_id == account.id).limit(1)) is not None


def _living(session: Session, token: str) -> tuple[OneTimeLink, Invitation]:
    found = queries.of_link(session, token, lock=True)
    if found is None:
        raise LinkSpent
    return found


def accept(session: Session, invitation: Invitation, account: Account) -> Membership:
    """Give an account the place it was invited into. Somebody who comes back gets their old place, and pledges anew."""
    membership = _place(session, invitation, account)
    INVITATION_TRANSITIONS.find(invitation.status, InvitationStatus.ACCEPTED)
    invitation.status = InvitationStatus.ACCEPTED
    invitation.accepted_at, invitation.account_id = clock.now(), account.id
    session.flush()
    note = partial(journal.note_of, session=session, tenant_id=invitation.tenant_id, firm_id=invitation.firm_id)
    note("invitation", invitation.id, "accepted", status_before="sent", status_after=invitation.status.value)
    note("membership", membership.id, "joined", changes={"roles": [[], membership.roles]})
    return membership


def _place(session: Session, invitation: Invitation, account: Account) -> Membership:
    known = session.scalar(
        select(Membership)
        .where(
            Membership.tenant_id == invitation.tenant_id,
            Membership.account_id == account.id,
            Membership.party == invitation.party,
            Membership.firm_id.is_not_distinct_from(invitation.firm_id),
        )
        .with_for_update()
    )
    if known is None:
        return _new_place(session, invitation, account)
    if not _is_over(known.ends_on):
        return known
    known.roles, known.ends_on, known.starts_on = list(invitation.roles), invitation.ends_on, clock.today()
    known.confidentiality_pledge_on = None
    return known


def _new_place(session: Session, invitation: Invitation, account: Account) -> Membership:
    made = Membership(
        tenant_id=invitation.tenant_id,
        account_id=account.id,
        party=invitation.party,
        roles=list(invitation.roles),
        name=account.name,
        kana=invitation.kana,
        firm_id=invitation.firm_id,
        starts_on=clock.today(),
        ends_on=invitation.ends_on,
    )
    session.add(made)
    session.flush()
    return made


def _is_over(ends_on: date | None) -> bool:
    return ends_on is not None and ends_on < clock.today()

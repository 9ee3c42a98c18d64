"""Who may be put at a person's side: people of the house, and people of a firm under contract."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.contracts import queries as contracts
from ayumi.contracts.queries import Access
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _

CASEWORK = (Role.CASEWORKER, Role.SUPERVISING_CASEWORKER)
OWN_SUPPORT = (Role.EMPLOYMENT_SUPPORT_WORKER, *CASEWORK)
FIRM_SUPPORT = (Role.SUPPORTER, Role.MANAGER)
LEADING = (Role.SUPERVISING_CASEWORKER, Role.SECTION_HEAD)
FIRM_LEADING = (Role.MANAGER,)
SEEING = (*OWN_SUPPORT, Role.SECTION_HEAD)

NOT_HERE = _("This person does not work here (any more). Please choose again.")


def with_roles(party: Party, roles: Sequence[Role], *, firm_id: UUID | None = None) -> Rows:
    """Return (id, name, kana, roles, firm_id) of a party's people in force who hold one of these roles, by kana."""
    today = clock.today()
    query = (
        select(Membership.id, Membership.name, Membership.kana, Membership.roles, Membership.firm_id)
        .where(
            Membership.party == party,
            Membership.roles.overlap([role.value for role in roles]),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .order_by(Membership.kana, Membership.name)
    )
    return db.session.execute(query.where(Membership.firm_id == firm_id) if firm_id else query).all()


def check_caseworker(membership_id: UUID | None, *, before: UUID | None = None) -> None:
    """Refuse somebody who is no caseworker here; whoever it was before may stay."""
    if membership_id in (None, before):
        return
    if membership_id not in {row.id for row in caseworkers()}:
        raise Invalid(fields={"caseworker_id": NOT_HERE})


def check_firm(firm_id: UUID | None, *, before: UUID | None = None) -> None:
    """Refuse a firm that is not under contract today; the firm it was before may stay."""
    if firm_id in (None, before):
        return
    assert firm_id is not None
    access, _until = contracts.access(firm_id, clock.today())
    if access is not Access.OPEN:
        raise Invalid(fields={"delivery_firm_id": _("This firm has no contract today. Please choose again.")})


def supporters_for(firm_id: UUID | None) -> Rows:
    """Return who can support: of this firm, or of the own house."""
    if firm_id is None:
        return with_roles(Party.STAFF, OWN_SUPPORT)
    return with_roles(Party.FIRM, FIRM_SUPPORT, firm_id=firm_id)


def check_supporters(membership_ids: Sequence[UUID], firm_id: UUID | None) -> None:
    """Refuse supporters who belong to another place than the one that supports."""
    if not set(membership_ids) <= {row.id for row in supporters_for(firm_id)}:
        sentence = _("Some of them do not work where this person is supported. Please choose again.")
        raise Invalid(fields={"supporter_ids": sentence})


def check_named(membership_ids: Sequence[UUID]) -> None:
    """Refuse outsiders, and a list without anybody who could lift the restriction again."""
    rows = {row.id: set(row.roles) for row in nameable()}
    if not set(membership_ids) <= set(rows):
        raise Invalid(fields={"staff_ids": NOT_HERE})
    leading = {role.value for role in LEADING}
    if not any(rows[each] & leading for each in membership_ids):
        sentence = _("Name at least one supervising caseworker or section head, who can open this person again.")
        raise Invalid(fields={"staff_ids": sentence})


def caseworkers() -> Rows:
    """Return who can be a person's caseworker."""
    return with_roles(Party.STAFF, CASEWORK)


def nameable() -> Rows:
    """Return who can be named for a restricted person."""
    return with_roles(Party.STAFF, SEEING)


def leading_addresses() -> Rows:
    """Return (id, name, email) of those who lead. Addresses are for the worker's door only."""
    ids = [row.id for row in with_roles(Party.STAFF, LEADING)]
    query = select(Membership.id, Membership.name, Account.email).join(Account, Account.id == Membership.account_id)
    return db.session.execute(query.where(Membership.id.in_(ids), Account.closed_at.is_(None))).all()

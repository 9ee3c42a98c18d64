"""Who is behind a session key, and where they belong: read by every request, so as columns, and put together once."""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, Uuid, bindparam, select

from ayumi.accounts.model import Account, LoginSession, Membership
from ayumi.accounts.queries import in_force
from ayumi.accounts.tokens import digest
from ayumi.accounts.whereabouts import NAMED, towns_of, within
from ayumi.firms.model import Firm
from ayumi.kernel import clock
from ayumi.kernel.db import Rows
from ayumi.kernel.spread import is_spread
from ayumi.municipalities.model import AccessPolicy, Municipality

WHO = (
    LoginSession.id.label("session_id"),
    LoginSession.started_at,
    LoginSession.seen_at,
    LoginSession.method,
    LoginSession.second_factor_at,
    LoginSession.confirmed_at,
    LoginSession.only_tenant_id,
    LoginSession.only_employer_id,
    Account.id.label("account_id"),
    Account.email,
    Account.name.label("account_name"),
    Account.language,
    Account.is_operator,
)
THERE = (
    Membership.id.label("membership_id"),
    Membership.tenant_id,
    Membership.party,
    Membership.roles,
    Membership.name,
    Membership.firm_id,
    Membership.employer_id,
    Membership.confidentiality_pledge_on,
    AccessPolicy.idle_minutes,
    AccessPolicy.session_hours,
    AccessPolicy.second_factor_required,
    AccessPolicy.single_sign_on_only,
)
TOWN = (
    Municipality.slug,
    Municipality.name.label("municipality"),
    Municipality.band,
    Municipality.is_demonstration,
    Municipality.suspended_at,
)
LIVING = (
    LoginSession.key_hash == bindparam("key_hash"),
    LoginSession.account_id == bindparam("account_id"),
    LoginSession.ended_at.is_(None),
    LoginSession.ends_at > bindparam("now"),
    Account.closed_at.is_(None),
)
MEMBERSHIPS = (
    select(*THERE)
    .outerjoin(AccessPolicy, AccessPolicy.tenant_id == Membership.tenant_id)
    .where(Membership.account_id == bindparam("account_id"), *in_force(bindparam("today", type_=Date())))
)
# An account's memberships and what is asked there, gathered before anything is joined to them.
PLACE = (
    MEMBERSHIPS.where(within(towns_of(bindparam("account_id", type_=Uuid()))))
    .add_columns(Membership.account_id)
    .cte("place")
    .prefix_with("MATERIALIZED")
    .c
)


def firm_name(firm_id: Any) -> ColumnElement[str]:
    """Return the name of a place's firm, looked for where there is one: few places are a firm's."""
    return select(Firm.name).where(Firm.id == firm_id).scalar_subquery().label("firm_name")


OF_SESSION = (
    select(*WHO, *(PLACE[each.key] for each in THERE), *TOWN, firm_name(PLACE.firm_id))
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(PLACE.account_id.table, PLACE.account_id == Account.id)
    .outerjoin(Municipality, Municipality.id == PLACE.tenant_id)
    .where(*LIVING)
    .order_by(Municipality.name, PLACE.party)
)
# The same where municipalities are spread over several machines: first what every machine has, then the few that the
# account belongs to are asked for its places there.
WHO_AND_WHERE = (
    select(*WHO, towns_of(LoginSession.account_id).label("towns"))
    .join(Account, Account.id == LoginSession.account_id)
    .where(*LIVING)
)
PLACES_THERE = (
    MEMBERSHIPS.where(within(NAMED))
    .add_columns(*TOWN, firm_name(Membership.firm_id))
    .join(Municipality, Municipality.id == Membership.tenant_id)
    .order_by(Municipality.name, Membership.party)
)
Found = namedtuple("Found", OF_SESSION.selected_columns.keys())  # type: ignore[misc]


def of_session(connection: Connection, *, account_id: UUID, key: str) -> Rows:
    """Return one row per membership in force of the account behind a living session (one with empty
    membership columns when it has none), or nothing.
    """
    said = {"account_id": account_id, "key_hash": digest(key), "now": clock.now(), "today": clock.today()}
    return _of_session_spread(connection, said) if is_spread(connection) else connection.execute(OF_SESSION, said).all()


def _of_session_spread(connection: Connection, said: dict[str, Any]) -> Sequence[Any]:
    found = connection.execute(WHO_AND_WHERE, said).one_or_none()
    if found is None:
        return []
    *who, towns = found
    places: Sequence[Any] = connection.execute(PLACES_THERE, {**said, NAMED.key: towns}).all() if towns else ()
    return [Found(*who, *place) for place in places] or [Found(*who, *(None,) * (len(Found._fields) - len(who)))]

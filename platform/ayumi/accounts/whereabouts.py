"""In which municipalities an account has places: who logs in is looked for there and nowhere else.

A directory (``Whereabouts``) says so, because memberships lie by municipality. On one machine a trigger keeps it beside
them, and every query looks into it by itself. Where municipalities are spread over several machines, no trigger may
write to what lies on all of them, and only municipalities that are named before a query begins spare the others: there
what makes a membership writes it down first, and the directory is asked first.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Integer, any_, bindparam, event, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import InstrumentedAttribute, Mapper, Session, object_session
from sqlalchemy.types import TypeEngine

from ayumi.accounts.model import Membership, Whereabouts
from ayumi.kernel.spread import is_spread

Account = UUID | ColumnElement[UUID] | InstrumentedAttribute[UUID]
Towns = ColumnElement[Sequence[int]]
NUMBERS: TypeEngine[Sequence[int]] = ARRAY(Integer)
NAMED = bindparam("towns", type_=NUMBERS)


def towns_of(account: Account) -> Towns:
    """Return the numbers of the municipalities in which an account has places, now or once, as one value of a query."""
    return func.array(select(Whereabouts.tenant_id).where(Whereabouts.account_id == account).scalar_subquery())


def within(towns: Towns) -> ColumnElement[bool]:
    """Return the condition that a membership lies in one of these municipalities."""
    return Membership.tenant_id == any_(towns)


def of_account(session: Session, account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for an account's memberships, wherever they lie. Asked in the account's own place."""
    towns = towns_of(account_id)
    if is_spread(session):
        towns = bindparam(None, session.scalar(select(towns)), type_=NUMBERS)
    return Membership.account_id == account_id, within(towns)


def write_down(connection: Connection, tenant_id: int, accounts: Iterable[UUID]) -> None:
    """Say that these accounts have places in a municipality."""
    rows = [{"tenant_id": tenant_id, "account_id": each} for each in sorted(set(accounts))]
    if rows:
        connection.execute(insert(Whereabouts).on_conflict_do_nothing(), rows)


@event.listens_for(Membership, "before_insert")
def _come(mapper: Mapper[Membership], connection: Connection, made: Membership) -> None:
    session = object_session(made)
    if session is not None and is_spread(session):
        write_down(connection, made.tenant_id, [made.account_id])

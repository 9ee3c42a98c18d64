"""People who work here: who has a place, since when and until when, and how they come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import Select, func, or_, select

from ayumi.accounts.model import Account, LoginSession, Membership, Party
from ayumi.factors.model import AuthenticatorApp, Passkey
from ayumi.firms.model import Firm
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, here, visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, Place

SOON = timedelta(days=60)
SEEN_FOR = timedelta(days=365)  # for so long somebody who has left stays in the list
WORKING = (Party.STAFF, Party.FIRM)


@dataclass(frozen=True, slots=True)
class Coming:
    """How an account comes in: when it was last seen, and whether it has a second factor."""

    seen_at: datetime | None = None
    has_factor: bool = False


def every(*, left: bool = False, held: Any = None) -> Rows:
    """Return who has a place here (``left``: who had one until lately), own staff first, then firm by firm.

    Columns: id, account_id, party, roles, name, kana, firm_id, firm_name, starts_on, ends_on and pledged_on. A firm
    sees its own people. ``held``: what another feature knows of them, a sub-query of membership_id and people.
    """
    over = Membership.ends_on < clock.today()
    query = _people()
    if held is not None:
        query = query.add_columns(func.coalesce(held.c.people, 0).label("people"))
        query = query.outerjoin(held, held.c.membership_id == Membership.id)
    if left:
        query = query.where(over, Membership.ends_on >= clock.today() - SEEN_FOR)
    else:
        query = query.where(or_(Membership.ends_on.is_(None), ~over))
    return db.session.execute(query.order_by(Firm.kana.nulls_first(), Membership.kana, Membership.name)).all()


def one(membership_id: UUID, *, lock: bool = False) -> Any:
    """Return somebody who works or worked here, or raise NotFound. A firm finds its own people only."""
    query = _people().where(Membership.id == membership_id)
    found = db.session.execute(query.with_for_update(of=Membership) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def _people() -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Membership.id,
            Membership.account_id,
            Membership.party,
            Membership.roles,
            Membership.name,
            Membership.kana,
            Membership.firm_id,
            Firm.name.label("firm_name"),
            Membership.starts_on,
            Membership.ends_on,
            Membership.confidentiality_pledge_on.label("pledged_on"),
        )
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .where(Membership.party.in_(WORKING))
    )
    return query.where(Membership.firm_id == here().firm_id) if here().door is Door.FIRM else query


def coming(account_ids: Collection[UUID]) -> dict[UUID, Coming]:
    """Return how these accounts come in. Ask for people of the present place only."""
    seen = select(func.max(LoginSession.seen_at)).where(LoginSession.account_id == Account.id).scalar_subquery()
    app = select(AuthenticatorApp.account_id).where(
        AuthenticatorApp.account_id == Account.id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    passkey = select(Passkey.id).where(Passkey.account_id == Account.id)
    query = select(Account.id, seen.label("seen_at"), or_(app.exists(), passkey.exists()).label("has_factor"))
    with visiting(Place(Door.ACCOUNTS)) as session:
        rows = session.execute(query.where(Account.id.in_(account_ids))).all()
    return {row.id: Coming(row.seen_at, row.has_factor) for row in rows}


def edition_of(member: Any) -> int:
    """Return a number that changes with all that can be changed about a place."""
    said = (member.name, member.kana, sorted(member.roles), member.ends_on)
    return crc32(repr(said).encode()) & 0x3FFFFFFF


def is_over(member: Any) -> bool:
    """Tell whether a place has ended."""
    return member.ends_on is not None and member.ends_on < clock.today()


def is_leaving(member: Any) -> bool:
    """Tell whether a place ends soon."""
    return member.ends_on is not None and clock.today() <= member.ends_on <= clock.today() + SOON


def other_places(account_id: UUID, *, but: UUID, on: date) -> int:
    """Return in how many other places an account works on a day, wherever they are."""
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        query = select(func.count(Membership.id)).where(
            Membership.account_id == account_id,
            Membership.id != but,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= on),
        )
        return session.scalar(query) or 0

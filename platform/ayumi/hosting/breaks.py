"""Find breaks of the glass: those of operators, those of a municipality, and the one that lets somebody in."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from ayumi.accounts.model import Account, Membership, Party, Role
from ayumi.hosting.model import GlassBreak, GlassStatus
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, one
from ayumi.kernel.journal import Entry
from ayumi.municipalities.model import Municipality

VIEWED: Final = "viewed"
SHOWN = (
    GlassBreak.id,
    GlassBreak.status,
    GlassBreak.asked_by,
    GlassBreak.asked_by_name,
    GlassBreak.asked_at,
    GlassBreak.reason,
    GlassBreak.ticket,
    GlassBreak.hours,
    GlassBreak.opened_at,
    GlassBreak.ends_at,
    GlassBreak.ended_at,
)


def letting_in(session: Session, account_id: UUID, slug: str) -> Any:
    """Return the break that lets an operator into a municipality right now, or None. Asked through the accounts door,
    which shows everybody their own only.
    """
    return session.execute(
        select(*SHOWN, Municipality.id.label("tenant_id"), Municipality)
        .join(Municipality, Municipality.id == GlassBreak.tenant_id)
        .where(
            Municipality.slug == slug,
            Municipality.left_at.is_(None),
            GlassBreak.asked_by == account_id,
            GlassBreak.status == GlassStatus.OPEN,
            GlassBreak.opened_at <= clock.now(),
            GlassBreak.ends_at > clock.now(),
        )
    ).one_or_none()


def every(session: Session, *, most: int = 100) -> Rows:
    """Return all breaks of all municipalities, what waits or is open first, the newest first."""
    return session.execute(
        _first_the_running(
            select(*SHOWN, Municipality.name.label("municipality"), Municipality.slug).join(
                Municipality, Municipality.id == GlassBreak.tenant_id
            )
        ).limit(most)
    ).all()


def ours(*, most: int = 100) -> Rows:
    """Return the present municipality's breaks in the same order."""
    return db.session.execute(_first_the_running(select(*SHOWN)).limit(most)).all()


def _first_the_running(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    order = case(
        (GlassBreak.status == GlassStatus.OPEN, 0),
        (GlassBreak.status.in_((GlassStatus.ASKED, GlassStatus.APPROVED)), 1),
        (GlassBreak.status == GlassStatus.ENDED, 2),
        else_=3,
    )
    return query.order_by(order, GlassBreak.asked_at.desc())


def open_here() -> Rows:
    """Return the breaks through which somebody can look into the present municipality right now."""
    now = clock.now()
    running = (GlassBreak.status == GlassStatus.OPEN, GlassBreak.opened_at <= now, GlassBreak.ends_at > now)
    return db.session.execute(select(*SHOWN).where(*running).order_by(GlassBreak.ends_at)).all()


def waiting_here(most: int) -> tuple[int, Rows]:
    """Return how many breaks need something of the present municipality, and the first: to agree, open, to review."""
    wanted = (GlassStatus.ASKED, GlassStatus.APPROVED, GlassStatus.OPEN, GlassStatus.ENDED)
    total = db.session.scalar(select(func.count(GlassBreak.id)).where(GlassBreak.status.in_(wanted))) or 0
    rows = _first_the_running(select(*SHOWN).where(GlassBreak.status.in_(wanted))).limit(most)
    return total, db.session.execute(rows).all() if total else []


def review_of(break_id: UUID) -> str | None:
    """Return what the present municipality wrote when it looked back."""
    return db.session.scalar(select(GlassBreak.review).where(GlassBreak.id == break_id))


def one_here(break_id: UUID) -> GlassBreak:
    """Return this break of the present municipality, or raise NotFound."""
    return one(GlassBreak, break_id)


def waits_for_an_operator(broken: GlassBreak) -> bool:
    """Tell whether a second operator has yet to decide."""
    return broken.status is GlassStatus.ASKED


def to_be_told() -> Rows:
    """Return (id, name, email, language) of the present municipality's administrators and section heads. Addresses
    are for the worker's door only.
    """
    today = clock.today()
    return db.session.execute(
        select(Membership.id, Membership.name, Account.email, Account.language)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.party == Party.STAFF,
            Membership.roles.overlap([Role.ADMINISTRATOR.value, Role.SECTION_HEAD.value]),
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Account.closed_at.is_(None),
        )
        .order_by(Membership.id)
    ).all()


def views(break_id: UUID) -> Rows:
    """Return (at, changes) of everything that was looked at through a break, in order."""
    return db.session.execute(
        select(Entry.at, Entry.changes)
        .where(Entry.subject == GlassBreak.__tablename__, Entry.subject_id == break_id, Entry.action == VIEWED)
        .order_by(Entry.at, Entry.seq)
    ).all()

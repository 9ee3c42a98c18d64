"""What those who host may know of municipalities: counts, sizes and moments. Asked through the operator's door, which
can read no name of anybody.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, cast, func, or_, select, text
from sqlalchemy.orm import Session

from ayumi.accounts.model import Membership, Party
from ayumi.hosting.health import GIVEN_UP_LATELY, LATE, NEARLY_FULL, STORAGE, Conditions, State, with_health
from ayumi.hosting.model import GlassBreak, GlassStatus, Plan, Subscription
from ayumi.hosting.seats import in_force, taken_everywhere
from ayumi.invitations.model import Invitation
from ayumi.japan.kana import to_katakana
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise
from ayumi.municipalities.model import AccessPolicy, Municipality
from ayumi.reports.model import MonthlyReport

PER_PAGE = 50
SORTS = ("name", "code", "seats", "storage", "jobs", "report")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody narrows the table to, and how it is sorted."""

    words: str = ""
    state: State | None = None
    plan: Plan | None = None
    sort: str = "code"
    down: bool = False


def page(session: Session, wanted: Wanted, *, page: int = 1) -> tuple[int, Rows]:
    """Return how many municipalities there are, and one page of them with their counts and states."""
    query, conditions = _table()
    query = _narrowed(query, wanted, conditions)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(_sorted(query, wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return total, rows


def counts(session: Session) -> dict[State, int]:
    """Return how many municipalities are in each state."""
    query, _conditions = _table()
    found = query.subquery()
    row = session.execute(select(*(func.count().filter(found.c[state.value]).label(state.value) for state in State)))
    return {State(name): number for name, number in row.one()._mapping.items()}


def of_one(session: Session, tenant_id: int) -> Any:
    """Return the line of one municipality."""
    query, _conditions = _table()
    return session.execute(query.where(Municipality.id == tenant_id)).one()


def _table() -> tuple[Select[*tuple[Any, ...]], Conditions]:
    taken, jobs, files, reports = taken_everywhere(), _jobs(), _files(), _reports()
    limit = case(
        *((Subscription.plan == plan, size) for plan, size in STORAGE.items() if plan is not None),
        else_=STORAGE[None],
    )
    stored = func.coalesce(files.c.bytes, 0)
    conditions = with_health(
        {
            State.SUSPENDED: Municipality.suspended_at.is_not(None),
            State.GIVEN_UP: func.coalesce(jobs.c.given_up, 0) > 0,
            State.LATE: func.coalesce(jobs.c.late, 0) > 0,
            State.STORAGE: stored >= cast(limit * NEARLY_FULL, BigInteger),
            State.UNREPORTED: reports.c.month.is_(None),
        },
        left=Municipality.left_at.is_not(None),
    )
    query = (
        select(
            Municipality.id,
            Municipality.slug,
            Municipality.code,
            Municipality.name,
            Municipality.kana,
            Municipality.prefecture,
            Municipality.is_demonstration,
            Municipality.created_at,
            Municipality.suspended_at,
            Municipality.left_at,
            Subscription.plan,
            Subscription.seats,
            func.coalesce(taken.c.used, 0).label("used"),
            func.coalesce(jobs.c.open, 0).label("open_jobs"),
            func.coalesce(jobs.c.late, 0).label("late_jobs"),
            func.coalesce(jobs.c.given_up, 0).label("given_up_jobs"),
            jobs.c.oldest,
            stored.label("bytes"),
            limit.label("bytes_limit"),
            func.coalesce(files.c.number, 0).label("files"),
            reports.c.month,
            *(condition.label(state.value) for state, condition in conditions.items()),
        )
        .outerjoin(Subscription, Subscription.tenant_id == Municipality.id)
        .outerjoin(taken, taken.c.tenant_id == Municipality.id)
        .outerjoin(jobs, jobs.c.tenant_id == Municipality.id)
        .outerjoin(files, files.c.tenant_id == Municipality.id)
        .outerjoin(reports, reports.c.tenant_id == Municipality.id)
    )
    return query, conditions


def _narrowed(query: Select[*tuple[Any, ...]], wanted: Wanted, conditions: Conditions) -> Select[*tuple[Any, ...]]:
    if wanted.state is not None:
        query = query.where(conditions[wanted.state])
    if wanted.plan is not None:
        query = query.where(Subscription.plan == wanted.plan)
    for word in wanted.words.split():
        columns = (Municipality.name, Municipality.prefecture, Municipality.slug)
        named = [column.contains(word, autoescape=True) for column in columns]
        kana = Municipality.kana.startswith(to_katakana(word), autoescape=True)
        query = query.where(or_(*named, kana, Municipality.code.startswith(word, autoescape=True)))
    return query


def _sorted(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    named: dict[str, Any] = {str(column.key): column for column in query.selected_columns}
    chosen = {
        "name": Municipality.kana,
        "code": Municipality.code,
        "seats": named["used"],
        "storage": named["bytes"],
        "jobs": named["open_jobs"],
        "report": named["month"],
    }[wanted.sort]
    return query.order_by(chosen.desc().nulls_last() if wanted.down else chosen.asc().nulls_last(), Municipality.slug)


def _jobs() -> Any:
    now = clock.now()
    waiting = and_(Promise.done_at.is_(None), Promise.gave_up_at.is_(None), Promise.run_after <= now)
    return (
        select(
            Promise.tenant_id,
            func.count().filter(waiting).label("open"),
            func.count().filter(waiting, Promise.run_after < now - LATE).label("late"),
            func.count().filter(Promise.gave_up_at > now - GIVEN_UP_LATELY).label("given_up"),
            func.min(Promise.run_after).filter(waiting).label("oldest"),
        )
        .group_by(Promise.tenant_id)
        .subquery("jobs")
    )


def _files() -> Any:
    size = func.sum(StoredFile.size)
    return (
        select(StoredFile.tenant_id, cast(size, BigInteger).label("bytes"), func.count().label("number"))
        .group_by(StoredFile.tenant_id)
        .subquery("files")
    )


def _reports() -> Any:
    return (
        select(MonthlyReport.tenant_id, func.max(MonthlyReport.month).label("month"))
        .where(MonthlyReport.is_current)
        .group_by(MonthlyReport.tenant_id)
        .subquery("reports")
    )


def open_jobs(session: Session, tenant_id: int | None = None) -> Rows:
    """Return open jobs by kind: (kind, fresh, hour, day, older, given_up), of one municipality or of all."""
    now = clock.now()
    age, waiting = now - Promise.run_after, and_(Promise.gave_up_at.is_(None), Promise.run_after <= now)
    minutes = func.extract("epoch", age) / 60
    bounds = {"fresh": (0, 10), "hour": (10, 60), "day": (60, 1440), "older": (1440, 10**9)}
    query = (
        select(
            Promise.kind,
            *(
                func.count().filter(waiting, minutes >= least, minutes < most).label(name)
                for name, (least, most) in bounds.items()
            ),
            func.count().filter(Promise.gave_up_at > now - GIVEN_UP_LATELY).label("given_up"),
        )
        .where(Promise.done_at.is_(None), or_(waiting, Promise.gave_up_at > now - GIVEN_UP_LATELY))
        .group_by(Promise.kind)
        .order_by(Promise.kind)
    )
    return session.execute(query if tenant_id is None else query.where(Promise.tenant_id == tenant_id)).all()


def seats_by_role(session: Session, tenant_id: int) -> Rows:
    """Return (party, role, how many) of the people in force."""
    role = func.unnest(Membership.roles).label("role")
    return session.execute(
        select(Membership.party, role, func.count().label("number"))
        .where(Membership.tenant_id == tenant_id, in_force())
        .group_by(Membership.party, role)
        .order_by(Membership.party, role)
    ).all()


def invitations(tenant_id: int) -> Rows:
    """Return (roles, status, invited_at, expires_at) of what operators and others have sent out: nobody's name."""
    return db.session.execute(
        select(Invitation.roles, Invitation.status, Invitation.invited_at, Invitation.expires_at)
        .where(Invitation.tenant_id == tenant_id, Invitation.party == Party.STAFF)
        .order_by(Invitation.invited_at.desc())
        .limit(10)
    ).all()


def subscription(session: Session, tenant_id: int) -> Subscription | None:
    """Return what a municipality has booked."""
    return session.scalar(select(Subscription).where(Subscription.tenant_id == tenant_id))


def access_policy(tenant_id: int) -> AccessPolicy | None:
    """Return what a municipality asks of those who log in."""
    return db.session.scalar(select(AccessPolicy).where(AccessPolicy.tenant_id == tenant_id))


def models(session: Session) -> Rows:
    """Return (slug, name, is_demonstration) of the municipalities one may start from, demonstrations first."""
    return session.execute(
        select(Municipality.slug, Municipality.name, Municipality.is_demonstration)
        .where(Municipality.left_at.is_(None))
        .order_by(Municipality.is_demonstration.desc(), Municipality.code.nulls_last(), Municipality.slug)
    ).all()


def known_codes(session: Session) -> dict[str, str]:
    """Return code -> slug of the municipalities that are on the platform."""
    rows = session.execute(select(Municipality.code, Municipality.slug))
    return {str(row.code): row.slug for row in rows if row.code}


def slugs(session: Session) -> set[str]:
    """Return every name in addresses that is taken."""
    return set(session.scalars(select(Municipality.slug)))


def schema_version(session: Session) -> str:
    """Return the revision of the database's tables."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def breaks_waiting(session: Session) -> int:
    """Return how many requests wait for a second operator."""
    waiting = select(func.count(GlassBreak.id)).where(GlassBreak.status == GlassStatus.ASKED)
    return session.scalar(waiting) or 0

"""Who would be handed over from one firm to the next, and what that means for each of them."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select

from ayumi.accounts.model import Membership, Role
from ayumi.fees.model import Statement, StatementStatus
from ayumi.handovers.model import HandOver
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, one
from ayumi.participants import reach
from ayumi.participants.model import NamedStaff, Participant, Status, Supporter
from ayumi.participants.queries import visible
from ayumi.participants.reach import Sight
from ayumi.placements.model import DayStatus, ExperienceDay, Placement
from ayumi.placements.rules import OPEN
from ayumi.records.model import RecordStatus, WeeklyRecord

UNFINISHED = (RecordStatus.EXPECTED, RecordStatus.DRAFT, RecordStatus.RETURNED)
LEADING = (Role.SUPERVISING_CASEWORKER, Role.SECTION_HEAD)
UNSETTLED = (StatementStatus.DRAFT, StatementStatus.RETURNED, StatementStatus.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody who would be handed over; ``sight``: what the next firm may see of them from the first day on."""

    row: Any
    sight: Sight

    @property
    def is_agreed(self) -> bool:
        """Whether a consent in force covers the next firm. If not, it is asked for again."""
        return self.sight.firm_id is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hand-over would do, before it is done."""

    from_firm_id: UUID
    to_firm_id: UUID
    starts_on: date
    people: tuple[Going, ...]
    unseen: int
    others: Rows
    statements: int

    @property
    def to_ask(self) -> tuple[Going, ...]:
        """Those whose consent does not cover the next firm."""
        return tuple(each for each in self.people if not each.is_agreed)

    @property
    def stamp(self) -> str:
        """What somebody saw who now decides: when anybody changes anything of it, the stamp is another."""
        said = [(self.from_firm_id, self.to_firm_id, self.starts_on)]
        said += [(*each.row, each.sight) for each in self.people]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def plan(from_firm_id: UUID, to_firm_id: UUID, starts_on: date) -> Plan:
    """Return what would become of everybody whom a firm supports and whom whoever is here may see."""
    rows = db.session.execute(_people(from_firm_id, starts_on)).all()
    sights = reach.agreed_by([row.id for row in rows], to_firm_id, max(starts_on, clock.today()))
    going = tuple(Going(row, sights[row.id]) for row in rows)
    unseen, others = _unseen(from_firm_id)
    return Plan(from_firm_id, to_firm_id, starts_on, going, unseen, others, _statements(from_firm_id))


def supported_by(firm_id: UUID) -> ColumnElement[bool]:
    """Holds for people whom this firm supports and whose support has not ended."""
    return and_(Participant.delivery_firm_id == firm_id, Participant.status != Status.ENDED)


def _people(firm_id: UUID, starts_on: date) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Participant.id,
        Participant.family_name,
        Participant.given_name,
        Participant.family_kana,
        Participant.given_kana,
        Participant.case_number,
        Participant.status,
        Participant.is_restricted,
        Participant.edition,
        Membership.name.label("caseworker_name"),
        _supporters(),
        _weeks(firm_id, WeeklyRecord.week_start >= week_start(starts_on)).label("weeks_going"),
        _weeks(firm_id, WeeklyRecord.week_start < week_start(starts_on)).label("weeks_staying"),
        _placements().label("placements"),
        _unpaid(firm_id).label("unpaid"),
    )
    return (
        select(*columns)
        .outerjoin(Membership, Membership.id == Participant.caseworker_id)
        .where(supported_by(firm_id), visible())
        .order_by(Participant.kana_key, Participant.id)
    )


def _supporters() -> Any:
    names = func.string_agg(Membership.name, "、").label("names")
    query = select(names).join(Supporter, Supporter.membership_id == Membership.id)
    return query.where(Supporter.participant_id == Participant.id).scalar_subquery().label("supporters")


def _weeks(firm_id: UUID, when: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count(WeeklyRecord.id))
        .where(WeeklyRecord.participant_id == Participant.id, unfinished(firm_id), when)
        .scalar_subquery()
    )


def unfinished(firm_id: UUID) -> ColumnElement[bool]:
    """Holds for weeks that this firm has still to hand in."""
    return and_(WeeklyRecord.delivery_firm_id == firm_id, WeeklyRecord.status.in_(UNFINISHED))


def _placements() -> ScalarSelect[int]:
    query = select(func.count(Placement.id)).where(Placement.participant_id == Participant.id)
    return query.where(Placement.status.in_(OPEN)).scalar_subquery()


def _unpaid(firm_id: UUID) -> ScalarSelect[int]:
    query = select(func.count(ExperienceDay.id)).where(ExperienceDay.participant_id == Participant.id)
    return query.where(
        ExperienceDay.delivery_firm_id == firm_id,
        ExperienceDay.settled_at.is_(None),
        ExperienceDay.status != DayStatus.WITHDRAWN,
    ).scalar_subquery()


def _unseen(firm_id: UUID) -> tuple[int, Rows]:
    """How many people of this firm are not here to see, and who can hand them over: names, and nothing of whom."""
    hidden = and_(supported_by(firm_id), ~visible())
    count = db.session.scalar(select(func.count(Participant.id)).where(hidden)) or 0
    ids = select(Participant.id).where(hidden)
    named = select(NamedStaff.membership_id).where(NamedStaff.participant_id.in_(ids))
    workers = select(Participant.caseworker_id).where(hidden)
    leads = Membership.roles.overlap([role.value for role in LEADING])
    query = select(Membership.name).where(leads, or_(Membership.id.in_(named), Membership.id.in_(workers)))
    return count, db.session.execute(query.order_by(Membership.kana, Membership.name)).all() if count else []


def _statements(firm_id: UUID) -> int:
    query = select(func.count(Statement.id)).where(Statement.delivery_firm_id == firm_id)
    return db.session.scalar(query.where(Statement.status.in_(UNSETTLED))) or 0


def done(hand_over_id: UUID) -> HandOver:
    """Return a hand-over that has been carried out, or raise NotFound."""
    return one(HandOver, hand_over_id)


def every() -> Rows:
    """Return the hand-overs so far, the latest first."""
    return db.session.execute(
        select(
            HandOver.id,
            HandOver.from_firm_id,
            HandOver.to_firm_id,
            HandOver.starts_on,
            HandOver.people,
            HandOver.decided_at,
        ).order_by(HandOver.decided_at.desc())
    ).all()

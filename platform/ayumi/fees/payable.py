"""Which days may be paid now and at what price, which wait and why, and which paid days must be taken back.

Everybody who shows or makes a fee asks here, so that a preview and a statement cannot differ.
"""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ayumi.employers.model import Agreement, Employer, FeeKind, PriceStatus, TaxTreatment, UnitPrice
from ayumi.fees.model import AdjustmentReason, Line, LineDay, Statement, StatementStatus
from ayumi.firms.model import Firm
from ayumi.kernel.db import Rows, db
from ayumi.kernel.kept import kept
from ayumi.placements.model import DayStatus, ExperienceDay, Placement


class Fate(StrEnum):
    """What will become of a day that no statement pays, or of one that is paid and must not be."""

    PAYABLE = "payable"
    TAKE_BACK = "take_back"
    NO_PRICE = "no_price"
    NO_AGREEMENT = "no_agreement"
    NO_FEE = "no_fee"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"


class Terms(NamedTuple):
    """What all lines of one statement have in common."""

    payer: str
    fee_kind: str
    tax_treatment: str
    tax_rate_pct: int


def agreed(day: Any = ExperienceDay) -> ColumnElement[bool]:
    """Holds for the agreement that is in force on a day."""
    in_force = day.held_on.between(Agreement.starts_on, Agreement.ends_on)
    return and_(Agreement.employer_id == day.employer_id, in_force)


def priced(day: Any = ExperienceDay) -> ColumnElement[bool]:
    """Holds for the approved price of that agreement on that day."""
    in_force = day.held_on.between(UnitPrice.valid_from, UnitPrice.valid_to)
    return and_(UnitPrice.agreement_id == Agreement.id, UnitPrice.status == PriceStatus.APPROVED, in_force)


WITHOUT_FEE = or_(Agreement.fee_kind == FeeKind.NONE, UnitPrice.yen == 0)
# Written out, not asked with a parameter: a plan that is kept finds the index of what is paid once by it.
LIVE = and_(LineDay.sign == literal_column("1"), LineDay.released_at.is_(None))
TAXED = (TaxTreatment.INCLUDED, TaxTreatment.ADDED)


def of(employer_id: UUID, firm_id: UUID | None) -> ColumnElement[bool]:
    """Holds for the days at this employer that this firm (None: own staff) accompanied."""
    return and_(ExperienceDay.employer_id == employer_id, ExperienceDay.delivery_firm_id.is_not_distinct_from(firm_id))


def free(until: date, *conditions: ColumnElement[bool]) -> Rows:
    """Return the confirmed days up to a date that can be paid, by person and date, with price and terms."""
    query = (
        select(
            ExperienceDay.id,
            ExperienceDay.placement_id,
            ExperienceDay.held_on,
            ExperienceDay.minutes,
            Placement.nickname,
            UnitPrice.id.label("price_id"),
            UnitPrice.yen,
            UnitPrice.version,
            Agreement.payer,
            Agreement.fee_kind,
            Agreement.tax_treatment,
            case((Agreement.tax_treatment.in_(TAXED), UnitPrice.tax_rate_pct), else_=0).label("tax_rate_pct"),
        )
        .select_from(ExperienceDay)
        .join(Placement, Placement.id == ExperienceDay.placement_id)
        .join(Agreement, agreed())
        .join(UnitPrice, priced())
        .where(ExperienceDay.status == DayStatus.CONFIRMED, ExperienceDay.held_on <= until, _unpaid())
        .where(not_(WITHOUT_FEE), *conditions)  # what else _fate asks is said by the joins
        .order_by(Placement.nickname, ExperienceDay.placement_id, ExperienceDay.held_on)
    )
    return db.session.execute(query).all()


def to_take_back(employer_id: UUID, firm_id: UUID | None) -> Rows:
    """Return the paid days that are no longer as they were paid, with the line and the terms of their statement."""
    query = (
        select(
            LineDay.id,
            LineDay.experience_day_id,
            LineDay.held_on,
            LineDay.minutes,
            Line.placement_id,
            Line.nickname,
            Line.unit_price_id,
            Line.unit_price,
            Line.price_version,
            Line.statement_id,
            Statement.payer,
            Statement.fee_kind,
            Statement.tax_treatment,
            Statement.tax_rate_pct,
            _why_back().label("reason"),
        )
        .select_from(LineDay)
        .join(Line, Line.id == LineDay.line_id)
        .join(Statement, Statement.id == Line.statement_id)
        .join(ExperienceDay, ExperienceDay.id == LineDay.experience_day_id)
        .where(_no_longer_right(), of(employer_id, firm_id))
        .order_by(Statement.month, Statement.number, Line.position, LineDay.held_on)
        .with_for_update(of=LineDay)
    )
    return db.session.execute(query).all()


def waiting(until: date, *, employer_id: UUID | None = None) -> Rows:
    """Return ``(employer_id, employer_name, firm_id, firm_name, fate, days, amount, hidden)``: what no statement
    holds yet, up to a date.

    ``hidden`` counts days that the firm which accompanied them may no longer see: the municipality compiles those.
    """
    said = {"until": until} | ({"employer": employer_id} if employer_id else {})
    return db.session.execute(_waiting(of_one=employer_id is not None), said).all()


@kept
def _waiting(*, of_one: bool) -> Select[Any]:
    employer = bindparam("employer", type_=Uuid)
    free = _free_by_fate(*[ExperienceDay.employer_id == employer] * of_one)
    left = union_all(free, _taken_back().where(*[Statement.employer_id == employer] * of_one)).subquery()
    return (
        select(left, Employer.name.label("employer_name"), Firm.name.label("firm_name"))
        .join(Employer, Employer.id == left.c.employer_id)
        .outerjoin(Firm, Firm.id == left.c.firm_id)
    )


def _free_by_fate(*conditions: ColumnElement[bool]) -> Any:
    """Unpaid days are few among all there ever were, which no plan knows: they are found before anything is joined."""
    until = bindparam("until", type_=Date)
    found = select(ExperienceDay).where(
        _unpaid(), ExperienceDay.status != DayStatus.WITHDRAWN, ExperienceDay.held_on <= until, *conditions
    )
    day: Any = aliased(ExperienceDay, found.cte("unpaid").prefix_with("MATERIALIZED"))
    fate = _fate(day)
    return (
        select(
            day.employer_id,
            day.delivery_firm_id.label("firm_id"),
            fate.label("fate"),
            func.count().label("days"),
            func.coalesce(func.sum(UnitPrice.yen), 0).label("amount"),
            func.count().filter(day.firm_id.is_distinct_from(day.delivery_firm_id)).label("hidden"),
        )
        .select_from(day)
        .outerjoin(Agreement, agreed(day))
        .outerjoin(UnitPrice, priced(day))
        .group_by(day.employer_id, day.delivery_firm_id, fate)
    )


def _taken_back() -> Any:
    return (
        select(
            Statement.employer_id,
            Statement.delivery_firm_id.label("firm_id"),
            literal(Fate.TAKE_BACK.value).label("fate"),
            func.count().label("days"),
            (-func.sum(Line.unit_price)).label("amount"),
            literal(0).label("hidden"),
        )
        .select_from(LineDay)
        .join(Line, Line.id == LineDay.line_id)
        .join(Statement, Statement.id == Line.statement_id)
        .join(ExperienceDay, ExperienceDay.id == LineDay.experience_day_id)
        .where(_no_longer_right())
        .group_by(Statement.employer_id, Statement.delivery_firm_id)
    )


def outdated() -> ColumnElement[bool]:
    """Holds for a day in a statement that would not be compiled into it like this today.

    Expects LineDay, Line and Statement joined, and day, agreement and price by outer joins (a firm may no longer
    see a day: then nothing is said of it).
    """
    other_terms = or_(
        Agreement.payer != Statement.payer,
        Agreement.fee_kind != Statement.fee_kind,
        Agreement.tax_treatment != Statement.tax_treatment,
    )
    wrong = or_(_changed(), UnitPrice.id.is_distinct_from(Line.unit_price_id), other_terms)
    return and_(
        ExperienceDay.id.is_not(None),
        or_(and_(LineDay.sign == 1, wrong), and_(LineDay.sign == -1, not_(_changed()))),
    )


def _unpaid() -> ColumnElement[bool]:
    return ~exists().where(LineDay.experience_day_id == ExperienceDay.id, LIVE)


def _fate(day: Any) -> ColumnElement[str]:
    return case(
        (day.status == DayStatus.RECORDED, Fate.UNCONFIRMED.value),
        (day.status == DayStatus.DISPUTED, Fate.DISPUTED.value),
        (Agreement.id.is_(None), Fate.NO_AGREEMENT.value),
        (WITHOUT_FEE, Fate.NO_FEE.value),
        (UnitPrice.id.is_(None), Fate.NO_PRICE.value),
        else_=Fate.PAYABLE.value,
    )


def _no_longer_right() -> ColumnElement[bool]:
    return and_(Statement.status == StatementStatus.APPROVED, LIVE, _changed())


def _changed() -> ColumnElement[bool]:
    """The day is not confirmed, or not as it stands in the line."""
    return or_(
        ExperienceDay.status != DayStatus.CONFIRMED,
        ExperienceDay.held_on != LineDay.held_on,
        ExperienceDay.minutes != LineDay.minutes,
        ExperienceDay.placement_id != Line.placement_id,
    )


def _why_back() -> ColumnElement[str]:
    return case(
        (ExperienceDay.status == DayStatus.DISPUTED, AdjustmentReason.DISPUTED.value),
        (ExperienceDay.status == DayStatus.WITHDRAWN, AdjustmentReason.WITHDRAWN.value),
        (ExperienceDay.status == DayStatus.RECORDED, AdjustmentReason.REOPENED.value),
        else_=AdjustmentReason.CORRECTED.value,
    )

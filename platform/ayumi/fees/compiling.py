"""A statement's lines made from days: one per placement and unit price, and one per earlier line that is taken back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Integer, cast, delete, func, select, update

from ayumi.employers.model import TaxTreatment
from ayumi.fees import payable
from ayumi.fees.model import AdjustmentReason, Line, LineDay, LineKind, LineStatus, Statement
from ayumi.fees.payable import Terms
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids
from ayumi.kernel.db import add_all, db


class Kept(NamedTuple):
    """What days of one line have in common."""

    placement_id: UUID
    nickname: str
    price_id: UUID
    unit_price: int
    version: int
    adjusts: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One day to be paid, or, with ``takes_back``, one to be taken back."""

    day_id: UUID
    held_on: date
    minutes: int
    terms: Terms
    line: Kept
    takes_back: UUID | None = None

    @property
    def sign(self) -> int:
        """1 pays, -1 takes back."""
        return 1 if self.takes_back is None else -1


@dataclass(frozen=True, slots=True)
class Due:
    """What a statement to be made pays and takes back, all under the same terms."""

    terms: Terms
    days: Sequence[Item]
    back: Sequence[Item]


def due(employer_id: UUID, firm_id: UUID | None, month: Month, present: Terms | None = None) -> Due | None:
    """Return what the statement to be made holds, or None when there is nothing to pay or take back.

    A statement has one payer, one kind of fee and one rate of tax. Days under other terms follow in a statement of
    their own: first those of the earliest day, and what is only taken back last.
    """
    days, back = _free(employer_id, firm_id, month), _back(employer_id, firm_id)
    terms = _terms(days, back, present)
    if terms is None:
        return None
    return Due(terms, _under(terms, days), _under(terms, back))


def _terms(days: Sequence[Item], back: Sequence[Item], present: Terms | None) -> Terms | None:
    if present is not None and any(item.terms == present for item in chain(days, back)):
        return present
    first = min(days, key=lambda item: item.held_on, default=None) or next(iter(back), None)
    return first.terms if first else None


def write(statement: Statement, due: Due) -> None:
    """Put into a statement of these terms what is to be paid and taken back, and sum it up."""
    days = due.days
    if due.back:
        _release(due.back)  # what was corrected can be paid anew from here on
        scope = (statement.employer_id, statement.delivery_firm_id)
        days = _under(due.terms, _free(*scope, Month.of(statement.month)))
    _put(statement, chain(_grouped(days), _grouped(due.back)))
    sum_up(statement)


def _under(terms: Terms, items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.terms == terms]


def clear(statement: Statement) -> None:
    """Take all lines out; what they had taken back is paid again as before."""
    db.session.flush()
    mine = select(Line.id).where(Line.statement_id == statement.id)
    backs = select(LineDay.takes_back).where(LineDay.line_id.in_(mine), LineDay.takes_back.is_not(None))
    released = db.session.scalars(backs).all()
    for gone in (delete(LineDay).where(LineDay.line_id.in_(mine)), delete(Line).where(Line.id.in_(mine))):
        db.session.execute(gone, execution_options={"synchronize_session": False})
    _set_released(released, None)


def sum_up(statement: Statement) -> None:
    """Sum the lines and work out the tax, once for the statement, cut off to the whole yen."""
    net = select(func.coalesce(func.sum(Line.amount), 0)).where(Line.statement_id == statement.id).scalar_subquery()
    rate = statement.tax_rate_pct
    contained = rate if statement.tax_treatment == TaxTreatment.INCLUDED else 0
    on_top = rate if statement.tax_treatment == TaxTreatment.ADDED else 0
    row = db.session.execute(
        select(net.label("net"), _share(net, contained, 100 + contained), _share(net, on_top, 100))
    ).one()
    statement.net, statement.tax_included, statement.tax_added = row
    statement.total = statement.net + statement.tax_added
    db.session.flush()


def terms_in(statement: Statement) -> Terms:
    """Return a statement's terms."""
    return Terms(statement.payer, statement.fee_kind, statement.tax_treatment, statement.tax_rate_pct)


def _share(amount: Any, part: int, whole: int) -> Any:
    """PostgreSQL's div cuts off towards zero, so what is taken back is taxed like what was paid."""
    return cast(func.div(cast(amount, BigInteger) * part, whole), Integer)


def _free(employer_id: UUID, firm_id: UUID | None, month: Month) -> list[Item]:
    return [
        Item(
            row.id,
            row.held_on,
            row.minutes,
            Terms(row.payer.value, row.fee_kind.value, row.tax_treatment.value, row.tax_rate_pct),
            Kept(row.placement_id, row.nickname, row.price_id, row.yen, row.version),
        )
        for row in payable.free(month.last, payable.of(employer_id, firm_id))
    ]


def _back(employer_id: UUID, firm_id: UUID | None) -> list[Item]:
    return [
        Item(
            row.experience_day_id,
            row.held_on,
            row.minutes,
            Terms(row.payer, row.fee_kind, row.tax_treatment, row.tax_rate_pct),
            Kept(
                row.placement_id,
                row.nickname,
                row.unit_price_id,
                row.unit_price,
                row.price_version,
                row.statement_id,
                row.reason,
            ),
            takes_back=row.id,
        )
        for row in payable.to_take_back(employer_id, firm_id)
    ]


def _release(back: Iterable[Item]) -> None:
    _set_released([item.takes_back for item in back if item.takes_back], clock.now())


def _set_released(line_day_ids: Sequence[UUID | None], at: Any) -> None:
    if line_day_ids:
        db.session.execute(update(LineDay).where(LineDay.id.in_(line_day_ids)).values(released_at=at))


def _grouped(items: Iterable[Item]) -> Iterator[tuple[Kept, list[Item]]]:
    """Days by line, in the order in which the lines' first days were found."""
    found = list(items)
    order = {line: number for number, line in reversed(list(enumerate(item.line for item in found)))}
    found.sort(key=lambda item: (order[item.line], item.held_on))
    for line, days in groupby(found, key=lambda item: item.line):
        yield line, list(days)


def _put(statement: Statement, grouped: Iterable[tuple[Kept, list[Item]]]) -> None:
    lines, days = [], []
    for position, (line, items) in enumerate(grouped, 1):
        made = _line(statement, line, position, sum(item.sign for item in items))
        lines.append(made)
        days += [_day(made, item) for item in items]
    add_all(lines)
    add_all(days)


def _line(statement: Statement, line: Kept, position: int, quantity: int) -> Line:
    return Line(
        id=ids.new(),
        statement_id=statement.id,
        position=position,
        kind=LineKind.DAYS if line.adjusts is None else LineKind.ADJUSTMENT,
        placement_id=line.placement_id,
        nickname=line.nickname,
        quantity=quantity,
        unit_price_id=line.price_id,
        unit_price=line.unit_price,
        price_version=line.version,
        amount=quantity * line.unit_price,
        adjusts_statement_id=line.adjusts,
        reason=AdjustmentReason(line.reason) if line.reason else None,
        status=LineStatus.OPEN,
        firm_id=statement.firm_id,
    )


def _day(line: Line, item: Item) -> LineDay:
    return LineDay(
        line_id=line.id,
        experience_day_id=item.day_id,
        held_on=item.held_on,
        minutes=item.minutes,
        sign=item.sign,
        takes_back=item.takes_back,
        firm_id=line.firm_id,
    )

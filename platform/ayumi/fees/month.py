"""A month's fees side by side: each employer's statement, last month's, and what no statement holds yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select, true

from ayumi.employers.model import Payer
from ayumi.fees import content, payable
from ayumi.fees.content import SaidLine
from ayumi.fees.model import Line, Statement, StatementStatus
from ayumi.fees.own import handed_in_here
from ayumi.fees.payable import Fate
from ayumi.firms.model import Firm
from ayumi.japan.calendar import Month
from ayumi.kernel.db import Rows, db, here
from ayumi.kernel.kept import MY_FIRM, kept

OPEN = (StatementStatus.DRAFT, StatementStatus.SUBMITTED, StatementStatus.RETURNED)
SHOWN = (*OPEN, StatementStatus.APPROVED)
COLUMNS = tuple(getattr(Statement, column.key) for column in Statement.__table__.columns)
TO_COMPILE = (Fate.PAYABLE, Fate.TAKE_BACK)
ASKING = (Fate.NO_PRICE, Fate.NO_AGREEMENT, Fate.DISPUTED)
"""What an approver should know of before signing: days of this employer that are left out."""

Key = tuple[UUID, UUID | None]
"""An employer and who accompanied the days there: a firm, or own staff."""


@dataclass(frozen=True, slots=True)
class Left:
    """What no statement holds yet of one employer and one side: per fate the days and what they come to."""

    employer_name: str = ""
    firm_name: str | None = None
    days: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    hidden: int = 0

    @property
    def to_compile(self) -> int:
        """Days to be paid or taken back."""
        return sum(self.days.get(fate, 0) for fate in TO_COMPILE)

    @property
    def amount(self) -> int:
        """What they come to, before tax that is added."""
        return sum(self.amounts.get(fate, 0) for fate in TO_COMPILE)

    @property
    def asking(self) -> Mapping[str, int]:
        """Fates that raise a question, with their days."""
        return {fate.value: self.days[fate] for fate in ASKING if self.days.get(fate)}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One employer's month (of one side). ``statement``: its columns, or None while there is none.

    ``elsewhere``: a statement of another month that is still in work, so that none can be begun for this one.
    """

    key: Key
    employer_name: str
    firm_name: str | None
    statement: Any | None
    lines: tuple[SaidLine, ...]
    days_before: int
    amount_before: int
    left: Left
    elsewhere: Any | None

    @property
    def employer_id(self) -> UUID:
        """The employer."""
        return self.key[0]

    @property
    def firm_id(self) -> UUID | None:
        """The firm that accompanied the days; None for own staff."""
        return self.key[1]

    @property
    def days(self) -> int:
        """Person-days in the statement, or those that it would have."""
        return self.left.to_compile if self.statement is None else int(self.statement.days)

    @property
    def amount(self) -> int:
        """Yen in the statement, or what it would come to before tax that is added."""
        return self.left.amount if self.statement is None else int(self.statement.total)

    @property
    def prices(self) -> list[int]:
        """The unit prices in the statement, each once."""
        return list(dict.fromkeys(line.unit_price for line in self.lines))

    @property
    def outdated(self) -> int:
        """Days in the statement that have changed since it was compiled."""
        return sum(len(line.outdated) for line in self.lines)

    @property
    def is_decidable(self) -> bool:
        """Whether it waits for approval and whoever is here did not hand it in themselves."""
        found = self.statement
        return found is not None and found.status is StatementStatus.SUBMITTED and not found.is_own

    @property
    def questions(self) -> int:
        """How many things an approver should look at before signing."""
        if self.statement is None or self.statement.status is StatementStatus.APPROVED:
            return 0
        return sum((bool(self.outdated), len(self.left.asking), self.amount < 0))


@dataclass(frozen=True, slots=True)
class MonthOverview:
    """All fees of a month."""

    month: Month
    rows: tuple[MonthRow, ...]

    def of_status(self, *statuses: StatementStatus) -> list[MonthRow]:
        """Rows that have a statement of one of these states."""
        return [row for row in self.rows if row.statement is not None and row.statement.status in statuses]

    def total(self, *statuses: StatementStatus) -> int:
        """Yen in statements of these states."""
        return sum(row.amount for row in self.of_status(*statuses))

    def days(self, *statuses: StatementStatus) -> int:
        """Person-days in statements of these states."""
        return sum(row.days for row in self.of_status(*statuses))

    @property
    def before(self) -> tuple[int, int]:
        """Last month's person-days and yen, each employer counted once."""
        known = {row.key: (row.days_before, row.amount_before) for row in self.rows}.values()
        return sum(days for days, _amount in known), sum(amount for _days, amount in known)

    def by_payer(self) -> list["PayerSum"]:
        """What each payer has to pay: the municipality, and firms that pay and are reimbursed."""
        found: dict[tuple[str, str], list[MonthRow]] = defaultdict(list)
        for row in self.of_status(StatementStatus.APPROVED, StatementStatus.SUBMITTED):
            payer = row.statement.payer if row.statement else ""
            found[(payer, (row.firm_name or "") if payer == Payer.FIRM else "")].append(row)
        order = sorted(found, key=lambda key: (key[0] != Payer.MUNICIPALITY, key[1]))
        return [PayerSum(payer, firm, MonthOverview(self.month, tuple(found[payer, firm]))) for payer, firm in order]


@dataclass(frozen=True, slots=True)
class PayerSum:
    """A payer and the statements it pays."""

    payer: str
    firm_name: str
    part: MonthOverview

    @property
    def employers(self) -> int:
        """Employers that are paid."""
        return len({row.employer_id for row in self.part.rows})

    @property
    def approved(self) -> int:
        """Yen approved."""
        return self.part.total(StatementStatus.APPROVED)

    @property
    def submitted(self) -> int:
        """Yen that wait for approval."""
        return self.part.total(StatementStatus.SUBMITTED)


def overview(month: Month, *, mine: bool = False) -> MonthOverview:
    """Return a month's fees, by employer. ``mine``: only what whoever is here compiles themselves. Four questions."""
    statements, left = _statements_around(month, mine), _left(month, mine)
    shown = [row for row in statements if row.month == month.first]
    lines = content.lines_of([row.id for row in shown])
    before = _sums_by_key(row for row in statements if row.month == month.previous.first)
    elsewhere = {_key(row): row for row in statements if row.status in OPEN and row.month != month.first}
    keys = [(_key(row), row) for row in shown]
    keys += [(key, None) for key in left.keys() - {key for key, _row in keys}]
    rows = [
        MonthRow(
            key,
            row.employer_name if row is not None else left[key].employer_name,
            row.firm_name if row is not None else left[key].firm_name,
            row,
            lines[row.id] if row is not None else (),
            *before.get(key, (0, 0)),
            left.get(key, Left()),
            elsewhere.get(key),
        )
        for key, row in keys
    ]
    return MonthOverview(month, tuple(sorted(rows, key=_by_name)))


def left_of(statement: Statement) -> Left:
    """Return what no statement holds of one statement's employer and side, up to the end of its month."""
    rows = payable.waiting(Month.of(statement.month).last, employer_id=statement.employer_id)
    return _by_key(rows).get(_key(statement), Left())


def to_compile(month: Month) -> list[tuple[Key, Left]]:
    """Return what whoever is here has still to compile up to a month: confirmed days in no statement."""
    waiting = [(key, left) for key, left in _left(month, mine=True).items() if left.to_compile]
    return sorted(waiting, key=lambda each: each[1].employer_name)


def days_of_statements() -> Any:
    """A table of statement_id and its person-days."""
    return (
        select(Line.statement_id.label("statement_id"), func.sum(Line.quantity).label("days"))
        .group_by(Line.statement_id)
        .subquery()
    )


def _statements_around(month: Month, mine: bool) -> Rows:
    months = [month.first, month.previous.first]
    return db.session.execute(_around(mine=mine), {"months": months}).all()


@kept
def _around(*, mine: bool) -> Select[Any]:
    days = days_of_statements()
    around = and_(Statement.month.in_(bindparam("months", expanding=True)), Statement.status.in_(SHOWN))
    own = Statement.delivery_firm_id.is_not_distinct_from(MY_FIRM) if mine else true()
    return (
        select(
            *COLUMNS,
            func.coalesce(days.c.days, 0).label("days"),
            Firm.name.label("firm_name"),
            handed_in_here().label("is_own"),
        )
        .select_from(Statement)
        .outerjoin(days, days.c.statement_id == Statement.id)
        .outerjoin(Firm, Firm.id == Statement.delivery_firm_id)
        .where(or_(around, Statement.status.in_(OPEN)), own)
        .order_by(Statement.month, Statement.number)
    )


def _left(month: Month, mine: bool) -> dict[Key, Left]:
    rows = payable.waiting(month.last)
    return _by_key(row for row in rows if not mine or row.firm_id == here().firm_id)


def _by_key(rows: Iterable[Any]) -> dict[Key, Left]:
    found: dict[Key, Left] = {}
    for row in rows:
        key = (row.employer_id, row.firm_id)
        known = found.get(key, Left())
        found[key] = Left(
            row.employer_name,
            row.firm_name,
            known.days | {row.fate: row.days},
            known.amounts | {row.fate: row.amount},
            known.hidden + (row.hidden if row.fate == Fate.PAYABLE else 0),
        )
    return found


def _key(row: Any) -> Key:
    return row.employer_id, row.delivery_firm_id


def _sums_by_key(rows: Iterable[Any]) -> dict[Key, tuple[int, int]]:
    found: dict[Key, tuple[int, int]] = {}
    for row in rows:
        days, amount = found.get(_key(row), (0, 0))
        found[_key(row)] = (days + row.days, amount + row.total)
    return found


def _by_name(row: MonthRow) -> tuple[str, str, int]:
    return row.employer_name, row.firm_name or "", row.statement.number if row.statement is not None else 0

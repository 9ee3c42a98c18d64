"""What a statement says, line by line and day by day: the one source of page, preview, PDF, workbook and seal."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from ayumi.employers.model import Agreement, UnitPrice
from ayumi.fees.model import (
    AdjustmentReason,
    Line,
    LineDay,
    LineKind,
    LineStatus,
    ReturnReason,
    Statement,
    StatementStatus,
)
from ayumi.fees.payable import agreed, outdated, priced
from ayumi.firms.model import Firm
from ayumi.kernel.db import db, one
from ayumi.kernel.kept import kept
from ayumi.participants.model import Participant
from ayumi.participants.queries import visible
from ayumi.placements.model import ExperienceDay, Placement

NAMELESS = "＊＊＊"
LINE: Final = tuple(getattr(Line, column.key) for column in Line.__table__.columns)
STATEMENTS: Final[BindParameter[Any]] = bindparam("statements", expanding=True)


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day behind a line; ``outdated``: it has changed since."""

    experience_day_id: UUID | None
    held_on: date
    minutes: int
    sign: int
    outdated: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line with its days. Of a restricted person ``nickname`` tells nothing to those who may not see them; the seal
    is made over the ``sealed_name``, which no page shows.
    """

    id: UUID
    statement_id: UUID
    position: int
    kind: LineKind
    placement_id: UUID | None
    nickname: str
    sealed_name: str
    quantity: int
    unit_price_id: UUID
    unit_price: int
    price_version: int
    amount: int
    adjusts_statement_id: UUID | None
    adjusts_month: date | None
    reason: AdjustmentReason | None
    status: LineStatus
    return_reason: ReturnReason | None
    return_word: str | None
    days: tuple[SaidDay, ...]

    @property
    def outdated(self) -> tuple[SaidDay, ...]:
        """The days that have changed since the line was made: the line cannot be approved like this."""
        return tuple(day for day in self.days if day.outdated)


@dataclass(frozen=True, slots=True)
class Content:
    """A whole statement."""

    statement: Statement
    firm_name: str | None
    lines: tuple[SaidLine, ...]

    @property
    def paying(self) -> tuple[SaidLine, ...]:
        """Lines for days."""
        return tuple(line for line in self.lines if line.kind is LineKind.DAYS)

    @property
    def adjusting(self) -> tuple[SaidLine, ...]:
        """Lines that take back."""
        return tuple(line for line in self.lines if line.kind is LineKind.ADJUSTMENT)

    @property
    def quantity(self) -> int:
        """Person-days in all, those taken back subtracted."""
        return sum(line.quantity for line in self.lines)

    @property
    def open_lines(self) -> tuple[SaidLine, ...]:
        """Lines on which the approver has not spoken."""
        return tuple(line for line in self.lines if line.status is LineStatus.OPEN)

    @property
    def is_outdated(self) -> bool:
        """Whether a day has changed since."""
        return self.statement.status is not StatementStatus.APPROVED and any(line.outdated for line in self.lines)

    @property
    def seal(self) -> str:
        """SHA-256 over lines and days."""
        return hashlib.sha256(canonical(self)).hexdigest()

    @property
    def stamp(self) -> str:
        """What somebody saw who now acts on a draft: other lines, another note or state make another stamp."""
        statement = self.statement
        said = f"{self.seal}|{statement.status}|{statement.edition}|{statement.note or ''}"
        return hashlib.sha256(said.encode()).hexdigest()[:24]


def of(statement_id: UUID) -> Content:
    """Return what a statement says, or raise NotFound."""
    statement = one(Statement, statement_id)
    name = None
    if statement.delivery_firm_id is not None:
        name = db.session.scalar(select(Firm.name).where(Firm.id == statement.delivery_firm_id))
    return Content(statement, name, lines_of([statement_id])[statement_id])


def lines_of(statement_ids: Collection[UUID]) -> Mapping[UUID, tuple[SaidLine, ...]]:
    """Return statement -> its lines with their days, for one statement or a month of them (two questions)."""
    found: dict[UUID, tuple[SaidLine, ...]] = defaultdict(tuple)
    if not statement_ids:
        return found
    days = _days(statement_ids)
    for line in db.session.execute(_lines(), {"statements": list(statement_ids)}):
        found[line.statement_id] += (_said(line, tuple(days[line.id])),)
    return found


@kept
def _lines() -> Select[Any]:
    earlier = aliased(Statement)
    return (
        select(*LINE, earlier.month.label("adjusts_month"), _hidden().label("hidden"))
        .outerjoin(earlier, earlier.id == Line.adjusts_statement_id)
        .where(Line.statement_id.in_(STATEMENTS))
        .order_by(Line.position)
    )


def _hidden() -> ColumnElement[bool]:
    """Holds for lines of a person whom whoever is here may not see."""
    person = select(Placement.id).join(Participant, Participant.id == Placement.participant_id)
    return person.where(Placement.id == Line.placement_id, Participant.is_restricted, ~visible()).exists()


def _days(statement_ids: Collection[UUID]) -> Mapping[UUID, list[SaidDay]]:
    found: dict[UUID, list[SaidDay]] = defaultdict(list)
    for row in db.session.execute(_days_of_lines(), {"statements": list(statement_ids)}):
        found[row.line_id].append(
            SaidDay(row.experience_day_id, row.held_on, row.minutes, row.sign, bool(row.outdated))
        )
    return found


@kept
def _days_of_lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LineDay.line_id,
            LineDay.experience_day_id,
            LineDay.held_on,
            LineDay.minutes,
            LineDay.sign,
            and_(Statement.status != StatementStatus.APPROVED, outdated()).label("outdated"),
        )
        .select_from(LineDay)
        .join(Line, Line.id == LineDay.line_id)
        .join(Statement, Statement.id == Line.statement_id)
        .outerjoin(ExperienceDay, ExperienceDay.id == LineDay.experience_day_id)
        .outerjoin(Agreement, agreed())
        .outerjoin(UnitPrice, priced())
        .where(Line.statement_id.in_(STATEMENTS))
        .order_by(LineDay.held_on, LineDay.experience_day_id)
    )


def _said(line: Any, days: tuple[SaidDay, ...]) -> SaidLine:
    return SaidLine(
        id=line.id,
        statement_id=line.statement_id,
        position=line.position,
        kind=line.kind,
        placement_id=line.placement_id,
        nickname=NAMELESS if line.hidden else line.nickname,
        sealed_name=line.nickname,
        quantity=line.quantity,
        unit_price_id=line.unit_price_id,
        unit_price=line.unit_price,
        price_version=line.price_version,
        amount=line.amount,
        adjusts_statement_id=line.adjusts_statement_id,
        adjusts_month=line.adjusts_month,
        reason=line.reason,
        status=line.status,
        return_reason=line.return_reason,
        return_word=line.return_word,
        days=days,
    )


def canonical(content: Content) -> bytes:
    """The figures of a statement in one fixed spelling, over which its seal is made."""
    said = {
        "statement": _plain(
            content.statement,
            ("employer_id", "month", "number", "payer", "fee_kind", "tax_treatment", "tax_rate_pct")
            + ("net", "tax_included", "tax_added", "total"),
        ),
        "lines": [
            _plain(line, LINE_FIGURES)
            | {"nickname": line.sealed_name}
            | {"days": [_plain(day, ("experience_day_id", "held_on", "minutes", "sign")) for day in line.days]}
            for line in content.lines
        ],
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


LINE_FIGURES = (
    "position",
    "kind",
    "placement_id",
    "nickname",
    "quantity",
    "unit_price_id",
    "unit_price",
    "price_version",
    "amount",
    "adjusts_statement_id",
    "reason",
)


def _plain(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    held = {name: getattr(thing, name) for name in names}
    return {name: value if isinstance(value, int) or value is None else str(value) for name, value in held.items()}

"""Puts figures and the people behind them into the database, each group in one statement and so of one instant.

Where a standby can be read they are counted there, all groups of one instant, and only written here.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.types import TypeEngine

from ayumi.kernel import bulk, ids
from ayumi.kernel.db import db
from ayumi.kernel.spread import is_spread
from ayumi.kernel.standby import Found, Standby
from ayumi.reports.definitions import STEP, Definition, Edition, edition
from ayumi.reports.measures.measure import Measure
from ayumi.reports.model import Figure, FigurePerson
from ayumi.reports.scope import BLANK, Blank, Scope

NAMES = 100  # parts known by their own names only stand from here on within their figure
AFTER_NAMES = 900
FIGURE = ("tenant_id", "id", "report_id", "key", "dimension", "label", "value", "unit", "position")
NOBODY = ":"  # what the digest of a figure is made of behind which nobody stands


class Line(NamedTuple):
    """What a figure says, with a digest of the people behind it."""

    key: str
    dimension: str
    label: str | None
    value: int
    unit: str
    people: str


Asked = Select[*tuple[Any, ...]]
BEHIND = ("tenant_id", "id", "figure_id", "participant_id", "count")


Counted = Callable[[Blank], Sequence[Measure]]


@dataclass(frozen=True, slots=True)
class Counting:
    """How a group of measures is counted: its figures, the people behind them, and both inserted in one statement.

    Beside each figure stands a digest of the people behind it.
    """

    figures: Asked
    people: Asked
    at_once: Asked


def put(scope: Scope, report_id: UUID, counted: Counted, edition_name: str, standby: Standby) -> list[Line]:
    """Insert the figures of these measures, zeros included, and everybody behind them; return what they say."""
    how, said = counting(counted, edition_name), scope.filled_in(report_id)
    read = standby.read(how.figures, how.people, said=said)
    return _put_here(how, said, report_id) if read is None else _put_read(report_id, *read)


def _put_here(how: Counting, said: Mapping[str, Any], report_id: UUID) -> list[Line]:
    """Count in the database itself: where it is one machine, and insert, in one statement."""
    if is_spread():
        found: list[Found] = [
            [tuple(row) for row in db.session.execute(each, said)] for each in (how.figures, how.people)
        ]
        return _put_read(report_id, *found)
    return [Line(*row) for row in db.session.execute(how.at_once, said)]


@cache
def counting(counted: Counted, edition_name: str) -> Counting:
    """Put the statements of some measures together. They are the same for every municipality and month."""
    measures, in_force = counted(BLANK), edition(edition_name)
    known = [in_force.figures[each.key] for each in measures]
    shares = [each for each in in_force.figures.values() if each.share and each.share[1] in {one.key for one in known}]
    rows = _rows(measures)
    figures, people = _chosen(rows, _said(known), _parts(known, in_force)), _people(rows)
    if shares:
        figures, people = _with_shares(shares, figures, people)
    return Counting(figures, people, _at_once(figures, people))


def _people(rows: CTE) -> Asked:
    """Everybody behind the figures."""
    whom = select(rows.c.key, rows.c.dimension, rows.c.participant_id, rows.c.count)
    return whom.where(rows.c.participant_id.is_not(None))


def _at_once(figures: Asked, people: Asked) -> Asked:
    """Count and insert in one statement of the database."""
    table, counted, behind = _table(Figure), figures.cte("counted"), people.subquery()
    new = select(BLANK.tenant_id, func.gen_random_uuid(type_=Uuid), BLANK.report_id, *list(counted.c)[:-1])
    made = insert(table).from_select(FIGURE, new).returning(table.c.id, table.c.key, table.c.dimension).cte("made")
    whom = select(
        BLANK.tenant_id, func.gen_random_uuid(type_=Uuid), made.c.id, behind.c.participant_id, behind.c.count
    ).join(made, and_(made.c.key == behind.c.key, made.c.dimension == behind.c.dimension))
    put = insert(_table(FigurePerson)).from_select(BEHIND, whom).cte("put")
    return select(*(counted.c[name] for name in Line._fields)).add_cte(put)


def _put_read(report_id: UUID, figures: Found, people: Found) -> list[Line]:
    """Insert what was counted elsewhere."""
    ids_of = {(key, dimension): ids.new() for key, dimension, *_rest in figures}
    columns = FIGURE[1:]
    bulk.insert_many(
        _table(Figure),
        [dict(zip(columns, (ids_of[row[0], row[1]], report_id, *row[:-1]), strict=True)) for row in figures],
    )
    bulk.insert_many(
        _table(FigurePerson),
        [
            {"id": ids.new(), "figure_id": ids_of[key, dimension], "participant_id": who, "count": count}
            for key, dimension, who, count in people
            if (key, dimension) in ids_of
        ],
    )
    return [Line._make((*said, digest)) for *said, _position, digest in figures]


def _table(model: Any) -> Any:
    return model.__table__


def _rows(measures: Sequence[Measure]) -> CTE:
    """All rows of all measures, each with its figure's key."""
    inner = [(each.key, each.rows.subquery()) for each in measures]
    return union_all(*(select(literal(key, Text).label("key"), *rows.c) for key, rows in inner)).cte("behind")


def _said(definitions: Sequence[Definition]) -> CTE:
    """What the definitions say of each figure."""
    rows = [[each.key, each.is_of_people, each.unit, each.position] for each in definitions]
    return _table_of(rows, "said", key=Text, of_people=Boolean, unit=Text, position=Integer)


def _table_of(rows: Sequence[Sequence[Any]], name: str, **columns: type[TypeEngine[Any]]) -> CTE:
    """Rows known here as a table there, handed over as one value."""
    said = [dict(zip(columns, row, strict=True)) for row in rows]
    known = func.jsonb_to_recordset(bindparam(None, said, JSONB)).table_valued(
        *(column(each, kind) for each, kind in columns.items()), name=f"{name}_rows"
    )
    return select(*known.render_derived(with_types=True).c).cte(name)


def _parts(definitions: Sequence[Definition], in_force: Edition) -> CTE:
    """The parts whose names the definitions know, where each stands, and whether it is there without anybody."""
    rows: list[tuple[str, str, int, bool]] = []
    for each in definitions:
        if not each.by:
            rows.append((each.key, "", each.position, True))
        first = AFTER_NAMES if each.by == "menu" else 1
        for place, word in enumerate(in_force.words.get(each.by, ()), first):
            rows.append((each.key, word, each.position + place, each.zeros))
    return _table_of(rows, "part", key=Text, dimension=Text, position=Integer, always=Boolean)


def _chosen(rows: CTE, said: CTE, parts: CTE) -> Select[Any]:
    """The figures with their values."""
    summed = _summed(rows, said)
    both = and_(parts.c.key == summed.c.key, parts.c.dimension == summed.c.dimension)
    key = func.coalesce(summed.c.key, parts.c.key)
    return (
        select(
            key.label("key"),
            func.coalesce(summed.c.dimension, parts.c.dimension).label("dimension"),
            summed.c.label,
            func.coalesce(summed.c.value, 0).label("value"),
            said.c.unit,
            func.coalesce(parts.c.position, summed.c.position).label("position"),
            func.coalesce(summed.c.people, func.md5(NOBODY)).label("people"),
        )
        .select_from(summed.outerjoin(parts, both, full=True).join(said, said.c.key == key))
        .where(or_(summed.c.key.is_not(None), parts.c.always))
    )


def _summed(rows: CTE, said: CTE) -> CTE:
    """One row for each part of each figure: its value, and its place among parts known by their own names only."""
    value = case((said.c.of_people, func.count()), else_=func.coalesce(func.sum(rows.c.count), 0))
    person = func.concat(rows.c.participant_id, ":", rows.c.count)
    behind = func.string_agg(person, aggregate_order_by(literal(","), rows.c.participant_id))
    named = behind.filter(rows.c.participant_id.is_not(None))
    order = func.row_number().over(partition_by=rows.c.key, order_by=(func.min(rows.c.sort), rows.c.dimension))
    return (
        select(
            rows.c.key,
            rows.c.dimension,
            func.max(rows.c.label).label("label"),
            cast(value, Integer).label("value"),
            cast(said.c.position + NAMES + order, Integer).label("position"),
            func.md5(func.coalesce(named, NOBODY)).label("people"),
        )
        .join(said, said.c.key == rows.c.key)
        .group_by(rows.c.key, rows.c.dimension, said.c.of_people, said.c.position)
        .cte("summed")
    )


def _with_shares(shares: Sequence[Definition], figures: Asked, people: Asked) -> tuple[Asked, Asked]:
    """Add figures that are one divided by another, in thousandths, with the people behind what they are divided by."""
    counted, behind = figures.cte("plain"), people.cte("of_plain")
    whole, part = counted.alias("whole"), counted.alias("part_of_it")
    said = _shares(shares)
    parts = cast(func.coalesce(part.c.value, 0), Numeric)  # floating point would round halves to the even side
    divided = (
        select(
            said.c.key,
            whole.c.dimension,
            whole.c.label,
            cast(func.round(1000 * parts / whole.c.value), Integer),
            said.c.unit,
            said.c.position + whole.c.position % STEP,
            whole.c.people,
        )
        .join(said, said.c.whole == whole.c.key)
        .outerjoin(part, and_(part.c.key == said.c.part, part.c.dimension == whole.c.dimension))
        .where(whole.c.value > 0)
    )
    theirs = select(said.c.key, behind.c.dimension, behind.c.participant_id, behind.c.count).join(
        said, said.c.whole == behind.c.key
    )
    return _both(select(*counted.c), divided), _both(select(*behind.c), theirs)


def _shares(shares: Sequence[Definition]) -> CTE:
    rows = [[each.key, *(each.share or ()), each.unit, each.position] for each in shares]
    return _table_of(rows, "share", key=Text, part=Text, whole=Text, unit=Text, position=Integer)


def _both(one: Asked, other: Asked) -> Asked:
    return select(*union_all(one, other).subquery().c)


def fingerprint(lines: Iterable[Line], *about: object) -> str:
    """Return the hash over all figures of a report, the people behind them, and what else is said of it."""
    rows = sorted(map(list, lines))
    return hashlib.sha256(json.dumps([*about, rows], ensure_ascii=False).encode()).hexdigest()

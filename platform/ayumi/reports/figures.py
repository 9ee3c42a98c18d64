"""Puts figures and the people behind them into the database, each group in one statement and so of one instant.

Where a standby can be read they are counted there, all groups of one instant, and only written here.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Insert,
    Integer,
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
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from ayumi.kernel import bulk, ids
from ayumi.kernel.db import db
from ayumi.kernel.spread import is_spread
from ayumi.kernel.standby import Found, Standby
from ayumi.reports.definitions import Definition, Edition, edition
from ayumi.reports.measures.measure import Measure
from ayumi.reports.model import Figure, FigurePerson
from ayumi.reports.scope import BLANK, Blank, Scope

NAMES = 100  # parts known by their own names only stand from here on within their figure
AFTER_NAMES = 900
FIGURE = ("tenant_id", "id", "report_id", "key", "dimension", "label", "value", "unit", "position")
Asked = Select[*tuple[Any, ...]]
BEHIND = ("tenant_id", "id", "figure_id", "participant_id", "count")


Counted = Callable[[Blank], Sequence[Measure]]


@dataclass(frozen=True, slots=True)
class Counting:
    """How a group of measures is counted: its figures, the people behind them, and both inserted in one statement."""

    figures: Asked
    people: Asked
    at_once: Insert


def put(scope: Scope, report_id: UUID, counted: Counted, edition_name: str, standby: Standby) -> None:
    """Insert the figures of these measures, zeros included, and everybody behind them."""
    how, said = counting(counted, edition_name), scope.filled_in(report_id)
    read = standby.read(how.figures, how.people, said=said)
    if read is None:
        _put_here(how, said, report_id)
    else:
        _put_read(report_id, *read)


def _put_here(how: Counting, said: Mapping[str, Any], report_id: UUID) -> None:
    """Count in the database itself: where it is one machine, and insert, in one statement."""
    if is_spread():
        found: list[Found] = [
            [tuple(row) for row in db.session.execute(each, said)] for each in (how.figures, how.people)
        ]
        _put_read(report_id, *found)
    else:
        db.session.execute(how.at_once, said)


@cache
def counting(counted: Counted, edition_name: str) -> Counting:
    """Put the statements of some measures together. They are the same for every municipality and month."""
    measures, in_force = counted(BLANK), edition(edition_name)
    known = [in_force.figures[each.key] for each in measures]
    rows = _rows(measures)
    chosen = _chosen(rows, _said(known), _parts(known, in_force))
    people = select(rows.c.key, rows.c.dimension, rows.c.participant_id, rows.c.count).where(
        rows.c.participant_id.is_not(None)
    )
    return Counting(chosen, people, _at_once(chosen, people))


def _at_once(chosen: Asked, people: Asked) -> Insert:
    """Count and insert in one statement of the database."""
    table, figures, behind = _table(Figure), chosen.subquery(), people.subquery()
    new = select(BLANK.tenant_id, func.gen_random_uuid(type_=Uuid), BLANK.report_id, *figures.c)
    made = insert(table).from_select(FIGURE, new).returning(table.c.id, table.c.key, table.c.dimension).cte("made")
    whom = select(
        BLANK.tenant_id, func.gen_random_uuid(type_=Uuid), made.c.id, behind.c.participant_id, behind.c.count
    ).join(made, and_(made.c.key == behind.c.key, made.c.dimension == behind.c.dimension))
    return insert(_table(FigurePerson)).from_select(BEHIND, whom)


def _put_read(report_id: UUID, figures: Found, people: Found) -> None:
    """Insert what was counted elsewhere."""
    ids_of = {(key, dimension): ids.new() for key, dimension, *_rest in figures}
    columns = FIGURE[1:]
    bulk.insert_many(
        _table(Figure), [dict(zip(columns, (ids_of[row[0], row[1]], report_id, *row), strict=True)) for row in figures]
    )
    bulk.insert_many(
        _table(FigurePerson),
        [
            {"id": ids.new(), "figure_id": ids_of[key, dimension], "participant_id": who, "count": count}
            for key, dimension, who, count in people
            if (key, dimension) in ids_of
        ],
    )


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
        )
        .select_from(summed.outerjoin(parts, both, full=True).join(said, said.c.key == key))
        .where(or_(summed.c.key.is_not(None), parts.c.always))
    )


def _summed(rows: CTE, said: CTE) -> CTE:
    """One row for each part of each figure: its value, and its place among parts known by their own names only."""
    value = case((said.c.of_people, func.count()), else_=func.coalesce(func.sum(rows.c.count), 0))
    order = func.row_number().over(partition_by=rows.c.key, order_by=(func.min(rows.c.sort), rows.c.dimension))
    return (
        select(
            rows.c.key,
            rows.c.dimension,
            func.max(rows.c.label).label("label"),
            cast(value, Integer).label("value"),
            cast(said.c.position + NAMES + order, Integer).label("position"),
        )
        .join(said, said.c.key == rows.c.key)
        .group_by(rows.c.key, rows.c.dimension, said.c.of_people, said.c.position)
        .cte("summed")
    )


def put_share(scope: Scope, report_id: UUID, key: str, edition_name: str) -> None:
    """Insert a figure that is one divided by another, in thousandths, with the people behind what it is divided by."""
    _put_here(sharing(key, edition_name), scope.filled_in(report_id), report_id)


@cache
def sharing(key: str, edition_name: str) -> Counting:
    """Put the statement of a figure that is one divided by another together."""
    definition = edition(edition_name).figures[key]
    assert definition.share is not None
    part, whole, source = aliased(Figure), aliased(Figure), aliased(Figure)
    chosen = (
        select(
            literal(definition.key).label("key"),
            whole.dimension,
            whole.label,
            cast(func.round(1000.0 * func.coalesce(part.value, 0) / whole.value), Integer).label("value"),
            literal(definition.unit).label("unit"),
            (literal(definition.position) + whole.position % 1000).label("position"),
        )
        .outerjoin(part, and_(*_of(part), part.key == definition.share[0], part.dimension == whole.dimension))
        .where(*_of(whole), whole.key == definition.share[1], whole.value > 0)
    )
    people = (
        select(literal(definition.key).label("key"), source.dimension, FigurePerson.participant_id, FigurePerson.count)
        .join(source, and_(*_of(source), source.id == FigurePerson.figure_id))
        .where(FigurePerson.tenant_id == BLANK.tenant_id, source.key == definition.share[1])
    )
    return Counting(chosen, people, _at_once(chosen, people))


def _of(figure: Any) -> list[ColumnElement[bool]]:
    return [figure.tenant_id == BLANK.tenant_id, figure.report_id == BLANK.report_id]


def fingerprint(report_id: UUID, *about: object) -> str:
    """Return the hash over all figures of a report, the people behind them, and what else is said of it."""
    person = func.concat(FigurePerson.participant_id, ":", FigurePerson.count)
    behind = func.string_agg(person, aggregate_order_by(literal(","), FigurePerson.participant_id))
    query = (
        select(Figure.key, Figure.dimension, Figure.label, Figure.value, Figure.unit, func.md5(behind))
        .outerjoin(FigurePerson, FigurePerson.figure_id == Figure.id)
        .where(Figure.report_id == report_id)
        .group_by(Figure.key, Figure.dimension, Figure.label, Figure.value, Figure.unit)
    )
    rows = sorted(list(row) for row in db.session.execute(query))
    return hashlib.sha256(json.dumps([*about, rows], ensure_ascii=False).encode()).hexdigest()

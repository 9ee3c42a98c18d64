"""What a figure is measured by: one row for each part of it and each person behind that part.

The session narrows every table to the municipality, in each part of a statement.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, Uuid, cast, func, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute

Rows = Select[Any]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """The rows behind a figure: dimension, label, sort, participant_id, count."""

    key: str
    rows: Rows


def per_person(
    participant_id: Column | None,
    *,
    by: Column | str = "",
    label: Column | None = None,
    sort: Column | None = None,
    count: Column | int = 1,
) -> Rows:
    """Select the columns of a measure; the caller says from where, and groups where somebody has several rows."""
    who: Any = null() if participant_id is None else participant_id
    return select(
        cast(by, Text).label("dimension"),
        cast(null() if label is None else label, Text).label("label"),
        cast(literal("") if sort is None else sort, Text).label("sort"),
        cast(who, Uuid).label("participant_id"),
        cast(count, Integer).label("count"),
    )


def week_of(day: Column) -> ColumnElement[Any]:
    """The Monday of a day's week, as text."""
    return func.to_char(func.date_trunc("week", day), "YYYY-MM-DD")

"""Statements that write rows, in the words of the database's driver: put together once for what they write.

A statement has parts, and each part something that happens to one row or to many of one kind. What differs from time to
time are values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, inspect
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]
WHICH = {"its_tenant": "tenant_id", "its_id": "id"}  # which row is meant: parameter -> column
ITS_EDITION = "its_edition"  # in which edition it was read


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement in the words of the database's driver. ``turned``: what makes values of some parameters its own."""

    words: str
    turned: Mapping[str, Callable[[Any], Any]]

    def tell(self, session: Session, said: Mapping[str, Any]) -> CursorResult[Any]:
        """Say it with these values."""
        own = {name: turn(said[name]) for name, turn in self.turned.items()}
        return session.connection().exec_driver_sql(self.words, {**said, **own})


@cache
def edition_of(kind: Any) -> str | None:
    """Name of the column that counts how often a row was changed."""
    column = inspect(kind).version_id_col
    return None if column is None else str(column.key)


@cache
def which_of(kind: Any) -> Mapping[str, str]:
    """What says which row is meant, in which edition: parameter -> column."""
    counted = edition_of(kind)
    return {**WHICH, **({ITS_EDITION: counted} if counted else {})}


@cache
def together(shapes: tuple[tuple[Any, ...], ...]) -> Sentence:
    """Return one statement in which all this happens. It says to how many rows the last part did.

    Where more than one part changes what is there, it says of each part to how many rows it did, as columns of a row.
    """
    many = [at for at, shape in enumerate(shapes) if shape[0] is inserting_many]
    each = [say(at, *about, after=[one for one in many if one < at]) for at, (say, *about) in enumerate(shapes)]
    turned = {name: turn for one in each for name, turn in one.turned.items()}
    parts = [f"part_{at} AS ({one.words} RETURNING 1)" for at, one in enumerate(each)]
    if sum(shape[0] is changing_one for shape in shapes) > 1:
        return Sentence(f"WITH {', '.join(parts)} SELECT {', '.join(map(_count, range(len(each))))}", turned)
    before = f"WITH {', '.join(parts[:-1])} " if parts[:-1] else ""
    return Sentence(f"{before}{each[-1].words}", turned)


def inserting_one(at: int, kind: Any, names: tuple[str, ...], *, after: Sequence[int]) -> Sentence:
    """``after``: parts that are to be finished before, which they are when they have been counted."""
    told = [f"{name}_{at}" for name in names]
    finished = " AND ".join(["true", *(f"{_count(one)} > 0" for one in after)])
    words = f"{_into(kind, names)} SELECT {', '.join(map(_told, told))} WHERE {finished}"
    return Sentence(words, _turned(kind, zip(told, names, strict=True)))


def inserting_many(
    at: int, kind: Any, names: tuple[str, ...], common: tuple[str, ...], *, after: Sequence[int]
) -> Sentence:
    """Rows are told as JSON: the statement is the same for any number of them."""
    columns = inspect(kind).columns
    typed = ", ".join(f"{name} {columns[name].type.compile(DIALECT)}" for name in names)
    told = [f"{name}_{at}" for name in common]
    values = ", ".join([*map(_told, told), *(f"said.{name}" for name in names)])
    rows = f"json_to_recordset(CAST({_told(f'rows_{at}')} AS json)) AS said ({typed})"
    words = f"{_into(kind, (*common, *names))} SELECT {values} FROM {rows}"
    return Sentence(words, _turned(kind, zip(told, common, strict=True)))


def changing_one(at: int, kind: Any, names: tuple[str, ...], *, after: Sequence[int]) -> Sentence:
    """Change these columns of a row, if it is there in the edition that is meant. It waits for nothing."""
    values = ", ".join(f"{name} = {_told(f'{name}_{at}')}" for name in names)
    meant = " AND ".join(f"{column} = {_told(f'{name}_{at}')}" for name, column in which_of(kind).items())
    words = f"UPDATE {inspect(kind).local_table} SET {values} WHERE {meant}"
    return Sentence(words, _turned(kind, ((f"{name}_{at}", name) for name in names)))


@cache
def inserting_few(kind: Any, own: tuple[str, ...], common: tuple[str, ...], number: int) -> Sentence:
    """Return a statement of its own for so many rows, which each say ``own``; ``common`` is told once."""
    rows = [[*common, *(f"{name}_{at}" for name in own)] for at in range(number)]
    values = ", ".join(f"({', '.join(map(_told, row))})" for row in rows)
    columns = (*common, *own)
    turned = _turned(kind, (pair for row in rows for pair in zip(row, columns, strict=True)))
    return Sentence(f"{_into(kind, columns)} VALUES {values}", turned)


def _into(kind: Any, columns: Sequence[str]) -> str:
    return f"INSERT INTO {inspect(kind).local_table} ({', '.join(columns)})"


def _count(part: int) -> str:
    return f"(SELECT count(*) FROM part_{part})"


def _told(name: str) -> str:
    """How the driver writes a parameter."""
    return f"%({name})s"


def _turned(kind: Any, said: Iterable[tuple[str, str]]) -> dict[str, Callable[[Any], Any]]:
    """Return parameter -> what turns its value into one the driver knows, for those of (parameter, column) it takes."""
    types = {name: column.type.dialect_impl(DIALECT) for name, column in inspect(kind).columns.items()}
    found = {name: types[column].bind_processor(DIALECT) for name, column in said}
    return {name: turn for name, turn in found.items() if turn is not None}

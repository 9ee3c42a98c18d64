"""Measures two ways to do the same, in turns, so that whatever else the machine does meets both."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg

from infra.bench.cpu import Clock

WARM = 3
Do = Callable[[], object]


@dataclass(slots=True)
class Side:
    """One way to do it. ``undo``: puts the rows back as they were, unmeasured."""

    name: str
    do: Do
    clock: Clock
    undo: Do | None = None
    statements: int = 0
    application: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)

    def some(self, times: int) -> None:
        """Do it some times; what undoing costs is not counted."""
        spent = [0.0, 0.0]
        for _time in range(1 if self.undo is None else times):
            before = self.clock.read()
            for _again in range(times if self.undo is None else 1):
                self._timed()
            after = self.clock.read()
            spent = [one + then - now for one, then, now in zip(spent, after, before, strict=True)]
            if self.undo is not None:
                self.undo()
        self.application.append(spent[0] / times)
        self.database.append(spent[1] / times)

    def _timed(self) -> None:
        begun = time.perf_counter()
        self.do()
        self.walls.append(time.perf_counter() - begun)

    def cpu(self) -> list[float]:
        """Seconds of both, round by round."""
        return [one + other for one, other in zip(self.application, self.database, strict=True)]

    def said(self) -> dict[str, float]:
        """What is kept of it: milliseconds of processor, statements, and the wall's clock beside."""
        walls = sorted(self.walls)
        return {
            "cpu_ms": round(median(self.cpu()) * 1000, 3),
            "application_ms": round(median(self.application) * 1000, 3),
            "database_ms": round(median(self.database) * 1000, 3),
            "statements": self.statements,
            "p50_ms": round(median(walls) * 1000, 3),
            "p99_ms": round(walls[min(len(walls) - 1, int(len(walls) * 0.99))] * 1000, 3),
            "samples": len(walls),
        }


def compare(one: Side, other: Side, *, rounds: int, times: int) -> float:
    """Do both in turns; return how much more processor time the first takes than the second."""
    in_turns([(one, rounds), (other, rounds)], times=times)
    return ratio(one, other)


def in_turns(sides: Sequence[tuple[Side, int]], *, times: int) -> None:
    """Measure several in turns, each for its number of rounds; every second round the other way about."""
    for side, _rounds in sides:
        warm(side)
    for number in range(max(rounds for _side, rounds in sides)):
        still = [side for side, rounds in sides if number < rounds]
        for side in still if number % 2 else still[::-1]:
            side.some(times)


def ratio(one: Side, other: Side) -> float:
    """Return how much more processor time one takes than another: the median of the rounds in which both took part."""
    return median(first / second for first, second in zip(one.cpu(), other.cpu(), strict=False))


def warm(side: Side) -> None:
    """Let caches fill, and count the statements."""
    for _time in range(WARM):
        side.some(1)
    with counted() as statements:
        side.do()
    if side.undo is not None:
        side.undo()
    side.statements = len(statements)
    for kept in (side.walls, side.application, side.database):
        kept.clear()
    gc.collect()
    gc.freeze()  # as the web server does: else looking through all that is kept falls to whoever is asked at the time


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are sent meanwhile, by whichever library; one for each row of ``executemany``.

    Without those that only begin a transaction and say where one is: the product does that by no statement of its own.
    """
    sent: list[str] = []
    cursor = psycopg.Cursor
    kept = cursor.execute, cursor.executemany, cursor.copy

    def execute(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        if not str(query).startswith("SET LOCAL"):
            sent.append(str(query))
        return kept[0](self, query, *rest, **more)

    def executemany(self: Any, query: Any, rows: Iterable[Any], **more: Any) -> None:
        rows = list(rows)
        sent.extend([str(query)] * len(rows))
        kept[1](self, query, rows, **more)

    def copy(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        sent.append(str(query))
        return kept[2](self, query, *rest, **more)

    try:
        _hook(execute, executemany, copy)
        yield sent
    finally:
        _hook(*kept)


def _hook(*ways: Any) -> None:
    for name, way in zip(("execute", "executemany", "copy"), ways, strict=True):
        setattr(psycopg.Cursor, name, way)

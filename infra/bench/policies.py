"""The same pages with and without row-level security."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from ayumi.kernel.db import db
from ayumi.kernel.tenancy import Door
from infra.bench.measure import Side, warm
from infra.bench.scenes import Stage
from infra.embedded.postgres import ADMINISTRATOR, Server

Make = Callable[[Stage], Any]
DOORS = (Door.STAFF, Door.ACCOUNTS)


def overhead(stage: Stage, server: Server, makes: Sequence[Make], *, rounds: int, times: int) -> float:
    """Return what policies cost: the product's pages with them against the same without."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    sides = [make(stage).product for make in makes]
    for number in range(rounds):
        for held in (True, False) if number % 2 else (False, True):
            with policies(stage, server, held):
                spent[held].append(sum(_once(side, times) for side in sides))
    return median(one / other for one, other in zip(spent[True], spent[False], strict=True))


def _once(side: Side, times: int) -> float:
    warm(side)
    side.some(times)
    return side.cpu()[-1]


@contextmanager
def policies(stage: Stage, server: Server, held: bool) -> Iterator[None]:
    """Measure with the policies or without. Whatever happens meanwhile, they hold afterwards."""
    try:
        held_by_policies(server, held)
        forget_plans(stage)
        yield
    finally:
        held_by_policies(server, True)
        forget_plans(stage)


def held_by_policies(server: Server, held: bool) -> None:
    """Let the policies hold the doors of pages, or not: on a server of the bench and nowhere else."""
    word = sql.SQL("NOBYPASSRLS" if held else "BYPASSRLS")
    with psycopg.connect(server.url(ADMINISTRATOR, "postgres"), autocommit=True) as connection:
        for door in DOORS:
            connection.execute(sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(door.role), word))


def forget_plans(stage: Stage) -> None:
    """Begin with fresh connections: plans are made for one way or the other."""
    with stage.app.app_context():
        for engine in db.engines.values():
            engine.dispose()

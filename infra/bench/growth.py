"""The same pages of the same municipality on a platform of any size, and with and without row-level security."""

from collections.abc import Callable, Sequence
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


def in_turns(sides: Sequence[Side], *, rounds: int, times: int) -> list[float]:
    """Measure several in turns; return the processor time of each against the first one's."""
    for side in sides:
        warm(side)
    for number in range(rounds):
        for side in sides if number % 2 else sides[::-1]:
            side.some(times)
    first = sides[0].cpu()
    return [median(one / other for one, other in zip(side.cpu(), first, strict=True)) for side in sides]


def overhead(stage: Stage, server: Server, makes: Sequence[Make], *, rounds: int, times: int) -> float:
    """Return what policies cost: the product's pages with them against the same without."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    sides = [make(stage).product for make in makes]
    for number in range(rounds):
        for held in (True, False) if number % 2 else (False, True):
            held_by_policies(server, held)
            forget_plans(stage)
            spent[held].append(sum(_once(side, times) for side in sides))
    held_by_policies(server, True)
    forget_plans(stage)
    return median(one / other for one, other in zip(spent[True], spent[False], strict=True))


def _once(side: Side, times: int) -> float:
    warm(side)
    side.some(times)
    return side.cpu()[-1]


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

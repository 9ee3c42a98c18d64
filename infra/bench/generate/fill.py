"""Fills an empty database with municipalities, and says how far it is."""

import sys
from collections.abc import Callable
from typing import Any

import psycopg

from infra.bench.generate.columns import COLUMNS
from infra.bench.generate.pour import Pour
from infra.bench.generate.shape import Size, sizes
from infra.bench.generate.town import Town
from infra.bench.generate.weeks import put_weeks
from infra.bench.generate.work import Work

BAR = 40
Tell = Callable[[int, int], None]


def fill(connection: psycopg.Connection[Any], scale: float, tell: Tell) -> dict[str, int]:
    """Pour everything as the database's administrator; return table -> rows.

    Row-level security refuses COPY to everybody else. Foreign keys and triggers are not asked meanwhile: the rows fit
    together by the way they are made, and a test holds that.
    """
    connection.execute("SET session_replication_role = replica")
    pour, towns = Pour(connection, {table: list(names) for table, names in COLUMNS.items()}), sizes(scale)
    whole, done = sum(each.active for each in towns), 0
    for size in towns:
        put_town(size, pour)
        done += size.active
        tell(done, whole)
    pour.finish()
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('municipality', 'id'), (SELECT max(id) FROM municipality))"
    )
    connection.commit()
    return pour.counts


def put_town(size: Size, pour: Pour) -> None:
    """Pour one municipality."""
    town = Town(size, pour)
    town.found()
    work = Work(town)
    for person in town.people():
        put_weeks(town, person)
        work.put_placements(person)
    work.put_months()


def bar(name: str) -> Tell:
    """Return what draws how far the filling of a database is."""

    def draw(done: int, whole: int) -> None:
        full = BAR * done // whole
        end = "\n" if done == whole else ""
        sys.stderr.write(f"\r  filling {name} [{'#' * full}{'.' * (BAR - full)}] {100 * done // whole:3} %{end}")
        sys.stderr.flush()

    return draw

"""Whether floors and product do the same, on a small database of its own: `python -m infra.bench.agree HOME`.

The quick part of the bench, for `make test`: nothing is measured.
"""

import sys
from pathlib import Path
from typing import Any

import psycopg

from ayumi.kernel import clock
from infra.bench import place
from infra.bench.calendar import NOW
from infra.bench.scenes import PAGES, Stage
from infra.bench.work import import_people, monthly_report
from infra.embedded.postgres import Server

TINY = 0.002  # the measured municipality and one more
FEW = 50
KEYS = """
SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k (num, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY AS k (num, n)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
FROM pg_constraint c WHERE c.contype = 'f'
"""


def main(home: Path) -> None:
    """Fill, look whether the rows fit together, and compare everything that is compared before it is measured."""
    with Server(home, durable=False) as server:
        name = place.ready(server, TINY)
        with place.product(server, name) as app, clock.at(NOW):
            stage = Stage(server, name, app)
            say("orphans", len(orphans(stage.connection)))
            for make in (*PAGES, monthly_report):
                scene = make(stage)
                say(scene.name, scene.check())
            imported = import_people(stage, FEW)
            say(imported.name, imported.check())
            stage.close()


def orphans(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the foreign keys that point at nothing: they were not asked while the rows were poured."""
    return [name for name, *key in connection.execute(KEYS).fetchall() if _is_broken(connection, *key)]


def _is_broken(connection: psycopg.Connection[Any], table: str, other: str, mine: list[str], its: list[str]) -> bool:
    there = " AND ".join(f"theirs.{one} = ours.{two}" for one, two in zip(its, mine, strict=True))
    set_ = " AND ".join(f"ours.{each} IS NOT NULL" for each in mine)
    lost = (
        f"SELECT 1 FROM {table} ours WHERE {set_} AND NOT EXISTS (SELECT 1 FROM {other} theirs WHERE {there}) LIMIT 1"
    )
    return connection.execute(lost.encode()).fetchone() is not None


def say(name: str, number: int) -> None:
    """Say a number to whoever asked."""
    sys.stdout.write(f"{name} {number}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

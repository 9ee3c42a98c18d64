"""The reports of all municipalities, xlsx and pdf, on two cores.

The floor: two processes of the hand-written program, which take municipalities from one list. The product: what is
started in production, two workers and a dispatcher, from the moment the timetable promises the reports until all are
kept. Both must leave the same reports: the same figures, people behind them and bytes of both papers, everywhere.

`python -m infra.bench.crew WHO HOME DATABASE`
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from flask import Flask

from ayumi.kernel import clock
from ayumi.kernel.tenancy import Door
from infra.bench import place
from infra.bench.calendar import NOW, REPORT_MONTH
from infra.bench.compare import Differ
from infra.bench.floors.reports import Reports
from infra.bench.work import REPORTS, forget_reports
from infra.embedded import valkey
from infra.embedded.postgres import ADMINISTRATOR, Server
from jobs import dispatcher, timetable, worker

CREW: Final = 2
ID: Final = 4  # bytes of a municipality's number on the list
DUE: Final = datetime(2026, 6, 1, tzinfo=UTC)  # nine in the morning in Japan: the reports of May are promised
PROMISED: Final = "SELECT count(*), count(done_at), count(gave_up_at) FROM outbox WHERE kind = 'monthly_report'"
ROOM: Final = """
INSERT INTO report_figure (tenant_id, id, report_id, key, dimension, value, unit, position)
SELECT m.id, gen_random_uuid(), gen_random_uuid(), 'room', number::text, 0, 'people', number
FROM municipality m CROSS JOIN generate_series(1, 80) AS number
"""
FORGET: Final = (
    "DELETE FROM journal_entry WHERE subject = 'report_run'",
    "DELETE FROM report_run",
    "DELETE FROM outbox WHERE kind = 'monthly_report'",
    "DELETE FROM schedule_tick WHERE name = 'monthly_report'",
)
Connection = psycopg.Connection[Any]


def race(server: Server, database: str, times: int) -> dict[str, list[float]]:
    """Return the seconds that floor and product take for the reports of every municipality, each time it is done.

    The floor begins the first time and ends the second: who comes first finds less of the database in memory.
    """
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    with psycopg.connect(server.url(ADMINISTRATOR, database), autocommit=True) as connection:
        for number in range(times):
            made: dict[str, list[Any]] = {}
            for way in reversed(WAYS) if number % 2 else WAYS:
                forget(connection)
                as_if_in_use(connection)
                seconds[way].append(WAYS[way](server, database, connection))
                made[way] = reports(connection)
            check(**made)
        forget(connection)
    return seconds


def forget(connection: Connection) -> None:
    """Take every report back, and that it was promised."""
    forget_reports(connection)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in FORGET:
            connection.execute(statement)


def as_if_in_use(connection: Connection) -> None:
    """Leave the tables of reports with room in them, as years of reports do.

    Those that have always been empty are read whole, also to see whether a key is there: the plans are made at the
    first report and kept by each connection, and so every report would take longer than the one before.
    """
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(ROOM)
        connection.execute("DELETE FROM report_figure WHERE key = 'room'")
    connection.execute(
        "VACUUM (ANALYZE, TRUNCATE false) report_figure, report_figure_person, monthly_report, stored_file"
    )


def reports(connection: Connection) -> list[Any]:
    """What has been made: there must be a report with both its files for each municipality."""
    found = connection.execute(REPORTS).fetchall()
    wanted = connection.execute("SELECT count(*) FROM municipality").fetchone()
    if wanted != (len(found),):
        raise RuntimeError(f"{len(found)} reports for {wanted} municipalities")
    return found


def check(product: list[Any], floor: list[Any]) -> None:
    """Both must have made the same."""
    differing = [ours[0] for ours, theirs in zip(product, floor, strict=True) if ours != theirs]
    if differing:
        raise Differ(f"{len(differing)} reports differ, the first that of municipality {differing[0]}")


def by_hand(server: Server, database: str, connection: Connection) -> float:
    """Let two processes of the hand-written program do it: both read from one pipe whose turn it is."""
    towns = [row[0] for row in connection.execute("SELECT id FROM municipality ORDER BY id")]
    taken, given = os.pipe()
    crew = [start("floor", server, database, taken) for _each in range(CREW)]
    os.close(taken)
    begun = time.perf_counter()
    os.write(given, b"".join(each.to_bytes(ID, "big") for each in towns))
    os.close(given)
    for each in crew:
        each.wait()
    if any(each.returncode for each in crew):
        raise RuntimeError("the floor's reports failed")
    return time.perf_counter() - begun


def as_in_production(server: Server, database: str, connection: Connection) -> float:
    """Promise all reports to two workers, and wait until every promise is kept."""
    with valkey.Server(place.HOME / "valkey", durable=False) as queue:
        os.environ["AYUMI_REDIS_URL"] = queue.url()
        crew = [start(who, server, database) for who in ("dispatcher", *["worker"] * CREW)]
        try:
            begun = time.perf_counter()
            for each in crew:
                go(each)
            promise(server, database)
            while not all_kept(connection):
                time.sleep(0.1)
            return time.perf_counter() - begun
        finally:
            for each in crew:
                each.terminate()
                each.wait()


def promise(server: Server, database: str) -> None:
    """Do what the timetable does in the morning of a month's first day."""
    entry = next(each for each in timetable.TIMETABLE if each.kind == "monthly_report")
    with place.product(server, database) as app, app.app_context():
        timetable.serve(entry, DUE)


def all_kept(connection: Connection) -> bool:
    """Whether all that was promised is done."""
    found = connection.execute(PROMISED).fetchone()
    assert found is not None
    promised, kept, given_up = found
    if given_up:
        raise RuntimeError(f"{given_up} reports were given up")
    return bool(promised and kept == promised)


WAYS: Final = {"floor": by_hand, "product": as_in_production}


# One of the crew ---


def start(who: str, server: Server, database: str, told: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    """Start one of the crew; it stands ready, and hears from ``told``."""
    command = [sys.executable, "-m", "infra.bench.crew", who, str(server.home), database]
    started = subprocess.Popen(command, stdin=told, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    if started.stdout.readline().strip() != "ready":
        raise RuntimeError(f"the {who} does not stand ready")
    return started


def go(one: "subprocess.Popen[str]") -> None:
    """Let one of the crew begin."""
    assert one.stdin is not None
    one.stdin.write("go\n")
    one.stdin.flush()


def work(who: str, server: Server, database: str) -> None:
    """Be one of the crew."""
    if who == "floor":
        begin(by_itself(server, database))
        return
    with place.product(server, database) as app, clock.at(NOW):
        work_as = ROLES[who](app)
        begin(lambda: sys.stdin.readline() and work_as())


def begin(work_as: Callable[[], object]) -> None:
    """Stand ready, and work."""
    print("ready", flush=True)  # noqa: T201  heard by the one who measures
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads what is logged from now on
    work_as()


def by_itself(server: Server, database: str) -> Callable[[], None]:
    """Compile by hand, without the product, whichever municipality is next on the list, until none is left."""
    program = Reports.opened(server.url(Door.WORKER.role, database), REPORT_MONTH, NOW, place.FILES)
    program.read_ahead()

    def compile_all() -> None:
        while next_one := os.read(sys.stdin.fileno(), ID):
            program.compile(int.from_bytes(next_one, "big"))
        program.close()

    return compile_all


def labour(app: Flask) -> Callable[[], object]:
    """Be a worker, who stands ready long before the first of the month."""
    worker.read_ahead()
    return lambda: worker.run(app)


def dispatch(app: Flask) -> Callable[[], object]:
    """Be the dispatcher."""
    return lambda: dispatcher.run(app)


ROLES: Final[dict[str, Callable[[Flask], Callable[[], object]]]] = {"worker": labour, "dispatcher": dispatch}


if __name__ == "__main__":
    work(sys.argv[1], Server(Path(sys.argv[2])), sys.argv[3])

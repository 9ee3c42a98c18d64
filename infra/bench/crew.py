"""The reports of all municipalities by two processes at once.

`python -m infra.bench.crew product|floor HOME DATABASE PART`
"""

import subprocess
import sys
import time
from pathlib import Path

import psycopg

from ayumi.kernel import clock
from ayumi.kernel.tenancy import Door
from infra.bench import place
from infra.bench.calendar import NOW
from infra.bench.floors.reports import Reports
from infra.bench.floors.statements import written_out
from infra.bench.work import MONTH, compile_report, forget_reports
from infra.embedded.postgres import ADMINISTRATOR, Server

CREW = 2


def race(server: Server, database: str) -> dict[str, float]:
    """Return the seconds that product and floor take for the reports of every municipality, xlsx and pdf."""
    seconds: dict[str, float] = {}
    with psycopg.connect(server.url(ADMINISTRATOR, database), autocommit=True) as connection:
        for way in ("floor", "product"):
            forget_reports(connection)
            connection.execute("VACUUM ANALYZE report_figure, report_figure_person, monthly_report, stored_file")
            seconds[way] = run(server, database, way)
        forget_reports(connection)
    return seconds


def run(server: Server, database: str, way: str) -> float:
    """Let the crew do it; return the seconds from when all of them are ready until the last has finished."""
    command = [sys.executable, "-m", "infra.bench.crew", way, str(server.home), database]
    crew = [
        subprocess.Popen([*command, str(part)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for part in range(CREW)
    ]
    for each in crew:
        assert each.stdout is not None and each.stdout.readline().strip() == "ready"
    begun = time.perf_counter()
    for each in crew:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in crew:
        each.wait()
    took = time.perf_counter() - begun
    if any(each.returncode for each in crew):
        raise RuntimeError(f"the {way}'s reports failed")
    return took


def work(way: str, server: Server, database: str, part: int) -> None:
    """Do one part: every so many municipality."""
    with psycopg.connect(server.url(ADMINISTRATOR, database)) as connection:
        found = connection.execute("SELECT id FROM municipality WHERE id %% %s = %s ORDER BY id", [CREW, part])
        tenants = [row[0] for row in found]
    with place.product(server, database) as app, clock.at(NOW):
        by_hand = Reports.opened(server.url(Door.WORKER.role, database), written_out(app, MONTH), MONTH)
        print("ready", flush=True)  # noqa: T201  heard by the one who measures
        sys.stdin.readline()
        with app.app_context():
            for tenant_id in tenants:
                if way == "product":
                    compile_report(app, tenant_id, MONTH)
                else:
                    by_hand.compile(tenant_id)
        by_hand.close()


if __name__ == "__main__":
    work(sys.argv[1], Server(Path(sys.argv[2])), sys.argv[3], int(sys.argv[4]))

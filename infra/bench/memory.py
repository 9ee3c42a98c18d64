"""How much memory a process needs after working for a while.

`python -m infra.bench.memory web|worker HOME DATABASE`
"""

import re
import subprocess
import sys
from pathlib import Path

import psycopg

from ayumi.kernel import clock
from infra.bench import place
from infra.bench.calendar import NOW
from infra.bench.scenes import TENANT, Stage, list_people, week_grid
from infra.bench.work import MONTH, compile_report, forget_reports, import_people
from infra.embedded.postgres import ADMINISTRATOR, Server

REQUESTS = 100


def of(kind: str, server: Server, database: str) -> float:
    """Return the most megabytes a fresh process of a kind has held."""
    command = [sys.executable, "-m", "infra.bench.memory", kind, str(server.home), database]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def serve(server: Server, database: str) -> None:
    """What a web process does: pages."""
    with place.product(server, database) as app, clock.at(NOW):
        stage = Stage(server, database, app)
        sides = [make(stage).product for make in (list_people, week_grid)]
        for _time in range(REQUESTS):
            for side in sides:
                side.do()
        stage.close()


def labour(server: Server, database: str) -> None:
    """What a worker does: a report, and a list of ten thousand people."""
    with place.product(server, database) as app, clock.at(NOW):
        stage = Stage(server, database, app)
        compile_report(app, TENANT, MONTH)
        imported = import_people(stage)
        imported.product.do()
        if imported.product.undo is not None:
            imported.product.undo()
        stage.close()
    with psycopg.connect(server.url(ADMINISTRATOR, database), autocommit=True) as connection:
        forget_reports(connection)


def held() -> float:
    """The most this process has held so far, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    {"web": serve, "worker": labour}[sys.argv[1]](Server(Path(sys.argv[2])), sys.argv[3])
    print(held())  # noqa: T201  read by the one who asked

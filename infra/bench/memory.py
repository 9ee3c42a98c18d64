"""How much memory the processes of production hold after working for a while.

Web, dispatcher and worker are started as in production. What is read is the most that any one process has held which
answers or works; what it shares with those beside it is counted in full. Neither bench nor floors are in them.
"""

import http.client
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from ayumi.kernel import outbox
from ayumi.kernel.db import db, enter, leave
from ayumi.kernel.tenancy import Door, Place
from infra.bench import place
from infra.bench.calendar import THIS_WEEK
from infra.bench.generate.town import SUPPORT_WORKER
from infra.bench.scenes import TENANT, Stage, town
from infra.bench.work import IMPORT, MONTH, forget_reports, import_people
from infra.embedded import valkey
from infra.embedded.postgres import Server
from infra.processes import Household, Watched
from infra.start import AYUMI, GUNICORN

REQUESTS, CALLERS = 400, 4  # of those who ask, each waits for its answer
REPORTS = 20  # municipalities whose reports are compiled, the largest among them
LONGEST = 120.0  # seconds until a server must stand and work must be done
KINDS = ("participant_import", "monthly_report")
PROMISED = "SELECT count(*) - count(done_at), count(gave_up_at) FROM outbox WHERE kind = ANY(%s)"
PAUSE = 0.02


def of_web(server: Server, database: str) -> float:
    """Return the most megabytes that a process of the web server has held while it answered for lists and weeks."""
    with place.product(server, database) as app:
        stage, port = Stage(server, database, app), free_port()
        cookie = stage.browser(SUPPORT_WORKER).cookie
        pages = [f"{town()}/people/?who=all", f"{town()}/records/weeks/{THIS_WEEK}?who=all", f"{town()}/"]
        try:
            with running([Watched("web", GUNICORN)], PORT=str(port)) as (master,):
                wait_until(lambda: stands(port))
                with ThreadPoolExecutor(CALLERS) as callers:
                    list(callers.map(lambda number: ask(port, pages[number % len(pages)], cookie), range(REQUESTS)))
                return most([master])
        finally:
            stage.close()


def of_worker(server: Server, database: str) -> float:
    """Return the most megabytes that a process has held that took ten thousand people over and compiled reports."""
    with place.product(server, database) as app, valkey.Server(place.HOME / "valkey", durable=False) as queue:
        stage = Stage(server, database, app)
        imported = import_people(stage)
        try:
            promise(app, stage)
            crew = [Watched("dispatcher", [AYUMI, "dispatcher"]), Watched("worker", [AYUMI, "worker"], grace=60)]
            with running(crew, AYUMI_REDIS_URL=queue.url()) as (_dispatcher, worker):
                seen: list[float] = []
                wait_until(lambda: watched(seen, worker) and kept(stage))
                return max(seen)
        finally:
            if imported.product.undo is not None:
                imported.product.undo()
            forget_reports(stage.connection)
            stage.connection.execute("DELETE FROM outbox WHERE kind = ANY(%s)", [list(KINDS)])
            stage.close()


# The work ---


def promise(app: Flask, stage: Stage) -> None:
    """Promise a list of people, and reports, to whoever works."""
    towns = [row[0] for row in stage.connection.execute("SELECT id FROM municipality ORDER BY id LIMIT %s", [REPORTS])]
    with app.app_context():
        for tenant_id in towns:
            enter(Place(Door.WORKER, tenant_id=tenant_id))
            outbox.promise("monthly_report", month=str(MONTH))
            if tenant_id == TENANT:
                outbox.promise("participant_import", import_id=IMPORT)
            db.session.commit()
            leave()


def kept(stage: Stage) -> bool:
    """Whether all that was promised is done."""
    found = stage.connection.execute(PROMISED, [list(KINDS)]).fetchone()
    assert found is not None
    waiting, given_up = found
    if given_up:
        raise RuntimeError("the worker gave up what was promised")
    return not waiting


def ask(port: int, path: str, cookie: str) -> None:
    """Ask the web server for a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "ja"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


# The processes ---


@contextmanager
def running(crew: Sequence[Watched], **settings: str) -> Iterator[list[int]]:
    """Start processes as in production; yield their numbers."""
    env = dict(os.environ) | {"AYUMI_METRICS_DIR": str((place.HOME / "metrics").absolute())} | settings
    household = Household(place.HOME / "logs", env, Path.cwd(), place.tell)
    try:
        for each in crew:
            household.start(each)
        yield [each.running.pid for each in crew if each.running]
    finally:
        household.stop()


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + LONGEST
    while not done():
        if time.monotonic() > until:
            raise RuntimeError("this takes too long; see the logs beside the databases")
        time.sleep(PAUSE)


def stands(port: int) -> bool:
    """Whether the web server answers."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port where nobody sits."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def watched(seen: list[float], pid: int) -> bool:
    """Read what a worker's processes hold now: each lives for its work alone."""
    seen.append(most([pid]))
    return True


def most(pids: Sequence[int]) -> float:
    """The most that one of these processes, or of those they have started, has held so far, in megabytes.

    A process that has started others waits for them and does nothing else; it is left out.
    """
    return max(map(held, leaves(pids)), default=0.0)


def leaves(pids: Sequence[int]) -> Iterator[int]:
    """Yield the processes below these that have started none themselves."""
    for pid in pids:
        begun = [int(each) for each in read(f"/proc/{pid}/task/{pid}/children").split()]
        yield from leaves(begun) if begun else [pid]


def held(pid: int) -> float:
    """The most a process has held so far, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", read(f"/proc/{pid}/status"))
    return int(found[1]) / 1024 if found else 0.0


def read(path: str) -> str:
    """What the kernel says of a process, or nothing where it has ended."""
    try:
        return Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""

"""`make run`: the whole product in one terminal, from nothing to a page that answers.

Services first, then the database brought up to date, the demonstration data, and the four processes. Ctrl-C
stops them in the opposite order. The processes behind the pages are started again when they fail, after
growing pauses and with a line on the screen; the end of the web process or of a service stops everything.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from infra import environment, logins
from infra.embedded.process import ServiceError, last_lines
from infra.environment import ROOT, StartError, Tree
from infra.processes import Household, Watched, keep_short
from infra.services import Services

BIN = Path(sys.executable).parent
AYUMI = str(BIN / "ayumi")
GUNICORN = [str(BIN / "gunicorn"), "--config", "infra/gunicorn.conf.py", "wsgi:app"]
LOGS = ("setup", "web", "dispatcher", "worker", "timetable")


class Asked(Exception):
    """Somebody asked us to stop."""


def main(words: list[str]) -> int:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop_asked)
    tree = environment.tree_named(words)
    try:
        with environment.only_start(tree):
            run(tree, wanted_port(os.environ))
    except Asked:
        return 0
    except (StartError, ServiceError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def stop_asked(*_: object) -> NoReturn:
    """Once is enough: while we put things away, a second Ctrl-C changes nothing."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Asked


def say(line: str) -> None:
    print(line, flush=True)


def wanted_port(given: Mapping[str, str]) -> int:
    text = given.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"PORT={text} is not a port; take a number from 1 to 65535")
    return int(text)


# -- the whole course --------------------------------------------------------


def run(tree: Tree, port: int) -> None:
    for name in LOGS:
        keep_short(tree.logs / f"{name}.log")
    shutil.rmtree(tree.var / "metrics", ignore_errors=True)
    wait_for_port(port)
    services = Services(tree.var, os.environ)
    env = dict(os.environ)
    household = Household(tree.logs, env, ROOT, say)
    try:
        say(services.plan())
        services.start()
        contract = contract_of(tree, services, port)
        env |= contract | {"PORT": str(port)}
        environment.remember(tree, contract)
        prepare(tree, env)
        open_house(household, port)
        announce(tree, Path(contract["AYUMI_DEMO_LOGINS"]), port)
        keep_up(tree, household, services)
    finally:
        say("\nstopping")
        household.stop()
        services.stop()
        tree.variables.unlink(missing_ok=True)


def contract_of(tree: Tree, services: Services, port: int) -> dict[str, str]:
    ours = services.urls() | environment.plain_settings(tree, port)
    outside = {name: value for name, value in os.environ.items() if name.startswith("AYUMI_") and value}
    return ours | outside


def prepare(tree: Tree, env: dict[str, str]) -> None:
    say("bringing the database up to date")
    to_the_end([AYUMI, "db", "upgrade"], tree, env)
    say("loading the demonstration data")
    to_the_end([AYUMI, "demo", "load"], tree, env)


def to_the_end(program: list[str], tree: Tree, env: dict[str, str]) -> None:
    log = tree.logs / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        code = subprocess.run(program, env=env, cwd=ROOT, stdout=output, stderr=output, check=False).returncode
    if code != 0:
        words = " ".join(["ayumi", *program[1:]])
        raise StartError(f"`{words}` failed with code {code}. The end of {log}:\n{last_lines(log, 30)}")


def open_house(household: Household, port: int) -> None:
    """The owner's address is for migrations, the administrator's for backups; no process that runs on is given them."""
    for name in ("AYUMI_DATABASE_URL_OWNER", environment.BACKUP_URL):
        household.env.pop(name, None)
    web = Watched("web", GUNICORN, vital=True)
    household.start(web)
    household.start(Watched("dispatcher", [AYUMI, "dispatcher"]))
    household.start(Watched("worker", [AYUMI, "worker"], grace=60))
    household.start(Watched("timetable", [AYUMI, "timetable"]))
    wait_until_healthy(household, web, port)


def keep_up(tree: Tree, household: Household, services: Services) -> NoReturn:
    while True:
        ended = services.dead() or household.look_after()
        if ended:
            raise StartError(f"{ended} has ended by itself, so everything was stopped; see {where(tree, ended)}")
        time.sleep(0.3)


def where(tree: Tree, name: str) -> Path:
    folder = tree.var / name if name in ("postgres", "valkey") else tree.logs
    return folder / f"{name}.log"


# -- is it there yet? --------------------------------------------------------


def wait_for_port(port: int, seconds: float = 10) -> None:
    """A start that was killed may leave its web process a moment longer than itself."""
    deadline = time.monotonic() + seconds
    while answers(port):
        if time.monotonic() > deadline:
            raise StartError(f"port {port} is taken by another program; choose one: make run PORT={port + 1}")
        time.sleep(0.2)


def answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def wait_until_healthy(household: Household, web: Watched, port: int, seconds: float = 120) -> None:
    say("waiting for the pages")
    deadline = time.monotonic() + seconds
    state = "no answer"
    while time.monotonic() < deadline and household.look_after() is None:
        state = health(port)
        if state == "200":
            return
        time.sleep(0.2)
    log = household.log_of(web)
    raise StartError(f"the pages do not come up (GET /healthz: {state}). The end of {log}:\n{last_lines(log, 30)}")


def health(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return str(connection.getresponse().status)
    except OSError as error:
        return str(error)
    finally:
        connection.close()


def announce(tree: Tree, written: Path, port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    logins.readdress(written, base)
    say("\n".join(logins.lines(written)))
    say(f"\nAyumi is at {base}   logs: {tree.logs}   stop: Ctrl-C")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

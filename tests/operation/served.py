"""Web servers as they are run, on the services of the tests, and people who keep sending them things."""

import json
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from infra.embedded.postgres import free_port
from tests.world import Member

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "infra" / "systemd"
# As a service manager hands over a socket that it holds: as number 3, to the process that is named.
HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def shipped(unit: str, name: str) -> str:
    """Return what one of the units of infra/systemd says of something."""
    (said,) = re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(encoding="utf-8"), re.M)
    return str(said)


def command() -> list[str]:
    """What the unit of the web starts, where the programs are here."""
    said = shipped("ayumi-web.service", "ExecStart")
    said = said.replace("/opt/ayumi/.venv/bin", str(Path(sys.executable).parent))
    return said.replace("/opt/ayumi", str(ROOT)).split()


class Server:
    """One web server at a port of its own, which it keeps when it is started again."""

    def __init__(self, log: Path, **settings: str) -> None:
        path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
        self.port, self.log = free_port(), log
        self.env = os.environ | {"PYTHONPATH": path, "PORT": str(self.port)} | settings
        self.held: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        """Keep the socket for the server while it is being started again."""
        host = shipped("ayumi-web.socket", "ListenStream").rpartition(":")[0]
        self.held = socket.create_server((host, self.port), backlog=int(shipped("ayumi-web.socket", "Backlog")))

    def start(self) -> None:
        """Start it; it takes a moment to be ready."""
        program = command()
        handed: tuple[int, ...] = ()
        if self.held:
            handed = (self.held.fileno(),)
            program = [sys.executable, "-c", HANDED_OVER, str(self.held.fileno()), *program]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                program, cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=log, pass_fds=handed
            )

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the process that watches over the others."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self, seconds: float = 40) -> int:
        """Wait for the end; return the code."""
        assert self.process is not None
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Leave nothing behind."""
        if self.held:
            self.held.close()
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def serving(self) -> set[int]:
        """Return the processes that serve."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(each) for each in found}

    def ready(self) -> int:
        """Return what /readyz answers: 0 when there is nobody."""
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status
        except (OSError, HTTPException):
            return 0


class People:
    """Some people who try nothing twice, behind a balancer that asks every server now and then whether it is ready."""

    def __init__(self, servers: list[Server], member: Member, cookie: str, token: str) -> None:
        self.servers, self.member, self.token = servers, member, token
        self.headers = {"Cookie": f"ayumi={cookie}"}
        self.ready: list[Server] = []
        self.done: list[str] = []
        self.failed: list[str] = []
        self._over = threading.Event()

    @contextmanager
    def at_work(self, number: int = 4, *, balanced: bool = True) -> Iterator[None]:
        """Let them work until the block ends, with the balancer or straight at the servers."""
        threads = [threading.Thread(target=self._work) for _ in range(number)]
        if balanced:
            threads.append(threading.Thread(target=self._ask))
        else:
            self.ready = self.servers
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._over.set()
            for each in threads:
                each.join(30)

    def body(self, name: str) -> str:
        """A form that makes one menu."""
        return urlencode({"csrf_token": self.token, "_token": str(uuid4()), "name": name, "tier": "social"})

    @property
    def address(self) -> str:
        """Where that form is sent."""
        return f"/t/{self.member.town.slug}/menus/new"

    def _ask(self) -> None:
        while not self._over.is_set():
            self.ready = [each for each in self.servers if each.ready() == 200]
            time.sleep(0.1)

    def _work(self) -> None:
        chance = random.Random(threading.get_ident())
        lines: dict[int, HTTPConnection] = {}
        while not self._over.is_set():
            if self.ready:
                server = chance.choice(self.ready)
                line = lines.setdefault(server.port, HTTPConnection("127.0.0.1", server.port, timeout=30))
                if hung_up(line):
                    line.close()
                self._once(line, chance.random() < 0.5)
            self._put_down([line for line in lines.values() if hung_up(line)])
            time.sleep(0.05)
        self._put_down(list(lines.values()))

    @staticmethod
    def _put_down(lines: list[HTTPConnection]) -> None:
        for line in lines:
            line.close()

    def _once(self, line: HTTPConnection, writing: bool) -> None:
        name = f"献立{uuid4().hex}"
        try:
            if writing:
                line.request("POST", self.address, self.body(name), self.headers | FORM)
            else:
                line.request("GET", f"/t/{self.member.town.slug}/menus/", headers=self.headers)
            answer = line.getresponse()
            answer.read()
            if answer.status != (302 if writing else 200):
                self.failed.append(f"{writing} {answer.status}")
            elif writing:
                self.done.append(name)
        except (OSError, HTTPException) as error:
            line.close()
            self.failed.append(f"{writing} {type(error).__name__}")


def hung_up(line: HTTPConnection) -> bool:
    """Tell whether the server has closed a line that nobody used: whoever keeps lines looks before speaking."""
    return line.sock is not None and bool(select.select([line.sock], [], [], 0)[0])


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def lines_of(log: Path) -> list[dict[str, object]]:
    """Return the lines of a log, each of which must be one JSON object."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

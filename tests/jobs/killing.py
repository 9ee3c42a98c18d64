"""Two of each process of the product, started by tests/jobs/fleet.py and killed without a word."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

DEAD = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)  # perhaps not buried yet
HELD = (psutil.STATUS_STOPPED, *DEAD)
PATIENCE = 240  # seconds: when even a busy machine has taken so long, something stands still
Found = TypeVar("Found")


def wait_until(found: Callable[[], Found | None], what: str) -> Found:
    """Wait until something is found, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.02)
    pytest.fail(f"never: {what}")


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the fleet, and all that it has forked."""

    what: str
    port: int
    process: psutil.Process

    def all(self) -> list[psutil.Process]:
        """It and everybody below it. Not its process group: who works for a worker has a group of their own."""
        with suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def kill(self) -> None:
        """Kill it with everybody below it, and wait until they have let go of port and connections."""
        self.hold()
        everybody = self.all()
        for each in everybody:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        for each in everybody:
            wait_for(each, DEAD)

    def hold(self) -> None:
        """Let nobody of it move: first itself, so that nobody comes after those who are there."""
        hold(self.process)
        for each in self.all():
            hold(each)

    def let_go(self) -> None:
        """Let everybody of it go on."""
        for each in self.all():
            with suppress(psutil.NoSuchProcess):
                each.resume()


def hold(process: psutil.Process) -> None:
    """Stop a process where it is; it may take another step until it has heard."""
    with suppress(psutil.NoSuchProcess):
        process.suspend()
    wait_for(process, HELD)


def wait_for(process: psutil.Process, states: Sequence[str]) -> None:
    """Wait until a process is in one of these states, or gone."""
    with suppress(psutil.NoSuchProcess):
        wait_until(lambda: process.status() in states, f"a process that is {states[0]}")


@dataclass
class Fleet:
    """Two of each process; whoever is killed is started again, at the same port."""

    starter: "subprocess.Popen[str]"
    middle: Path
    running: list[Running] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    def start(self, what: str, port: int) -> None:
        """Start one process."""
        assert self.starter.stdin
        assert self.starter.stdout
        self.starter.stdin.write(f"{what} {port}\n")
        self.starter.stdin.flush()
        self.running.append(Running(what, port, psutil.Process(int(self.starter.stdout.readline()))))

    def kill_one(self, what: str, chance: random.Random) -> None:
        """Kill one of a kind, and start another."""
        self._end(chance.choice(self.those(what)))

    def kill_one_in_the_middle(self) -> str:
        """Kill a worker and what works for it in the middle of a job, start another, and return which job it was."""
        worker, job = wait_until(self._caught, "a worker in the middle of a job")
        self._end(worker)
        return job

    def _caught(self) -> tuple[Running, str] | None:
        for said in self.middle.iterdir():
            if worker := self._master_of(int(said.name)):
                worker.hold()
                if said.exists() and (job := said.read_text(encoding="utf-8")):  # still: it has not gone on since
                    return worker, job
                worker.let_go()
        return None

    def _master_of(self, pid: int) -> Running | None:
        with suppress(psutil.NoSuchProcess):
            master = psutil.Process(pid).ppid()
            return next((each for each in self.those("worker") if each.process.pid == master), None)
        return None

    def _end(self, one: Running) -> None:
        one.kill()
        self.running.remove(one)
        self.killed[one.what] += 1
        self.start(one.what, one.port)

    def kill_all(self) -> None:
        """Kill everything."""
        for each in self.running:
            each.kill()
        self.starter.kill()
        self.starter.wait()
        for pipe in (self.starter.stdin, self.starter.stdout):
            if pipe:
                pipe.close()

    def those(self, what: str) -> list[Running]:
        """The processes of a kind."""
        return [each for each in self.running if each.what == what]

    @property
    def webs(self) -> list[int]:
        """The ports at which there should be an answer."""
        return sorted(each.port for each in self.those("web"))

"""The processes of a running Ayumi: started together, watched, stopped in order."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from infra.embedded import process

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # a process that held this long starts its pauses from the beginning again


@dataclass
class Watched:
    """One program. `vital`: without it there is nothing to keep up, so its end ends everything."""

    name: str
    program: list[str]
    vital: bool = False
    grace: float = 20
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    again_at: float = 0.0


@dataclass
class Household:
    logs: Path
    env: dict[str, str]
    cwd: Path
    say: Callable[[str], None]
    members: list[Watched] = field(default_factory=list)

    def start(self, watched: Watched) -> None:
        self.members.append(watched)
        self._launch(watched)

    def log_of(self, watched: Watched) -> Path:
        return self.logs / f"{watched.name}.log"

    def look_after(self) -> str | None:
        """Once around. Returns the name of a vital process that has ended."""
        for each in self.members:
            if each.running is not None and each.running.poll() is not None:
                if each.vital:
                    return each.name
                self._plan_another(each, each.running.returncode)
            if each.running is None and time.monotonic() >= each.again_at:
                self._launch(each)
        return None

    def stop(self) -> None:
        """All are asked at once, then each is waited for in the order of starting."""
        still = [each for each in self.members if each.running is not None]
        for each in still:
            if each.running is not None and each.running.poll() is None:
                each.running.send_signal(signal.SIGTERM)
        for each in still:
            self._see_off(each)
        self.members.clear()

    def _see_off(self, each: Watched) -> None:
        if each.running is not None:
            try:
                each.running.wait(each.grace)
            except subprocess.TimeoutExpired:
                self.say(f"{each.name} did not stop in {each.grace:.0f} s and was killed")
                each.running.kill()
                each.running.wait()
        each.running = None

    def _launch(self, each: Watched) -> None:
        log = self.log_of(each)
        each.running = process.spawn(each.program, log=log, env=self.env, cwd=self.cwd)
        each.started_at = time.monotonic()

    def _plan_another(self, each: Watched, code: int) -> None:
        held = time.monotonic() - each.started_at
        each.failures = 1 if held > STEADY_AFTER else each.failures + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (each.failures - 1))
        each.running, each.again_at = None, time.monotonic() + pause
        self.say(f"{each.name} ended ({ending(code)}), again in {pause:.0f} s; see {self.log_of(each)}")


def ending(code: int) -> str:
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


def keep_short(log: Path, limit: int = 5_000_000) -> None:
    """One earlier file is kept; called only while nobody writes to it."""
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".log.1"))

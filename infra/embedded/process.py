"""Start programs that stop when we stop, and find those an earlier start left behind."""

import functools
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")


class ServiceError(Exception):
    """An embedded service could not do what it was asked; the text is for the person at the keyboard."""


def spawn(
    program: list[str],
    *,
    log: Path,
    identity: str = "self",
    at_parents_death: signal.Signals = signal.SIGTERM,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches only us and we choose the order of stopping."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            wrapped(program, identity, at_parents_death),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=env,
            cwd=cwd,
        )


def run(program: list[str], *, identity: str = "self", env: dict[str, str] | None = None) -> str:
    """Run to the end and hand back what it printed; its complaint becomes the error."""
    done = subprocess.run(
        wrapped(program, identity, signal.SIGKILL),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    if done.returncode != 0:
        raise ServiceError(f"{Path(program[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def wrapped(program: list[str], identity: str, death: signal.Signals) -> list[str]:
    how = ["--identity", identity, "--parent", str(os.getpid()), "--signal", str(int(death))]
    return [sys.executable, "-I", str(CHILD), *how, "--", *program]


@functools.cache
def unprivileged() -> str:
    """The identity for a program that refuses root, and users nobody has heard of (containers have those)."""
    if os.geteuid() != 0 and is_known(os.geteuid()):
        return "self"
    try:
        run(["true"], identity="namespace")
    except ServiceError:
        return "nobody" if os.geteuid() == 0 else "self"
    return "namespace"


def is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def stop(process: subprocess.Popen[bytes], *, by: signal.Signals, grace: float = 20) -> bool:
    """Ask, wait, and after the grace insist. True when asking was enough."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def end_leftover(pid: int, *, mark: str, by: signal.Signals, grace: float = 20) -> None:
    """Stop a process of an earlier start, if `pid` is still one (its command line holds `mark`)."""
    deadline = time.monotonic() + grace
    asked = False
    while mark in command_line(pid):
        if not asked:
            os.kill(pid, by)
            asked = True
        if time.monotonic() > deadline:
            raise ServiceError(f"process {pid} of an earlier start does not stop; end it with: kill -9 {pid}")
        time.sleep(0.05)


def command_line(pid: int) -> str:
    """Empty when there is no such process (or it is one that has ended and waits to be noticed)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return asked.stdout


def last_lines(log: Path, count: int = 12) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

"""The whole product, started the way `make run` does, in a folder of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from infra.embedded.postgres import free_port
from infra.environment import DATABASE_URLS

ROOT = Path(__file__).parents[2]
PATIENCE = 300


@contextmanager
def started(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Yields once the address is on the screen; whatever happens, nothing is left running."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("AYUMI_")}
    launcher = subprocess.Popen(
        [sys.executable, "-m", "infra.start", str(var)],
        cwd=ROOT,
        env=env | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert launcher.stdout is not None
    with launcher.stdout as screen:
        try:
            shown = ""
            while "Ayumi is at" not in shown:
                line = screen.readline()
                assert line, f"the start ended early:\n{shown}"
                shown += line
            yield launcher
        finally:
            launcher.send_signal(signal.SIGTERM)
            screen.read()
            launcher.wait(PATIENCE)


def prepared(launcher: "subprocess.Popen[str]") -> float:
    """Seconds of work in what ran to its end before the pages came up, however busy the machine is."""
    words = Path(f"/proc/{launcher.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, words[13:15])) / os.sysconf("SC_CLK_TCK")


def health(port: int) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert answer.status == 200
        said: dict[str, str] = json.loads(answer.read())
        return said
    finally:
        connection.close()


def told(var: Path) -> dict[str, str]:
    program = [sys.executable, "-m", "infra.environment", str(var)]
    lines = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    script = lines + f'\n"{sys.executable}" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    everything: dict[str, str] = json.loads(said)
    return {name: value for name, value in everything.items() if name.startswith("AYUMI_")}


def living(var: Path) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(var) in line]


def environments(var: Path) -> list[str]:
    """What each process that runs on was given (Linux shows it)."""
    found = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            found.append(each.read_bytes().decode(errors="replace"))
    return [given for given in found if f"AYUMI_FILES_URL={var.as_uri()}" in given]


@pytest.mark.slow
def test_it_starts_answers_tells_its_services_stops_and_starts_again_with_its_data(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as launcher:
        health(port)
        first = told(tmp_path)
        for name, role in DATABASE_URLS.items():
            with psycopg.connect(first[name]) as connection:
                assert connection.execute("SELECT current_user").fetchone() == (role,)
        with redis.Redis.from_url(first["AYUMI_REDIS_URL"]) as client:
            assert client.ping()
        given = environments(tmp_path)
        assert len(given) >= 4 or not Path("/proc/self/environ").exists()
        assert not [each for each in given if "AYUMI_DATABASE_URL_OWNER" in each or "AYUMI_BACKUP_DATABASE_URL" in each]
        first_prepared = prepared(launcher)
        logins = (tmp_path / "demo-logins.json").read_text(encoding="utf-8")
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(PATIENCE) == 0
    assert living(tmp_path) == []
    with started(tmp_path, port) as again:
        assert prepared(again) < first_prepared / 2
        assert told(tmp_path) == first
        assert (tmp_path / "demo-logins.json").read_text(encoding="utf-8") == logins
        again.kill()
    with started(tmp_path, port):
        health(port)
    assert living(tmp_path) == []

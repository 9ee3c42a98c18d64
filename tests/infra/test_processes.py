"""The processes of a running product: restarted with pauses, given up when vital, stopped for certain."""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.processes import Household, Watched, ending, keep_short

STEADY = [sys.executable, "-c", "import time; time.sleep(60)"]
FAILING = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)"
STUBBORN = [sys.executable, "-c", f"{DEAF}; time.sleep(60)"]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def household(tmp_path: Path, said: list[str]) -> Household:
    return Household(tmp_path, {}, tmp_path, said.append)


def eventually(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "waited ten seconds"
        time.sleep(0.02)


def look_until_ended(household: Household, watched: Watched) -> str | None:
    process = watched.running
    assert process is not None
    eventually(lambda: process.poll() is not None)
    return household.look_after()


def test_a_failing_process_is_started_again_after_a_pause_and_a_word(household: Household, said: list[str]) -> None:
    worker = Watched("worker", FAILING)
    household.start(worker)
    assert look_until_ended(household, worker) is None
    assert worker.running is None
    assert "worker ended (code 3), again in 1 s" in said[0]
    worker.again_at = 0
    household.look_after()
    assert look_until_ended(household, worker) is None
    assert "again in 2 s" in said[1]


def test_pauses_grow_to_half_a_minute_and_no_further(household: Household, said: list[str]) -> None:
    worker = Watched("worker", FAILING, failures=20)
    household.start(worker)
    look_until_ended(household, worker)
    assert "again in 30 s" in said[0]


def test_a_process_that_held_long_starts_its_pauses_anew(household: Household, said: list[str]) -> None:
    worker = Watched("worker", FAILING, failures=20)
    household.start(worker)
    worker.started_at -= 3600
    look_until_ended(household, worker)
    assert "again in 1 s" in said[0]


def test_the_end_of_a_vital_process_is_told_and_not_mended(household: Household) -> None:
    web = Watched("web", FAILING, vital=True)
    household.start(web)
    assert look_until_ended(household, web) == "web"


def test_all_are_asked_at_once_and_the_stubborn_is_killed(household: Household, said: list[str]) -> None:
    steady, stubborn = Watched("steady", STEADY), Watched("stubborn", STUBBORN, grace=0.2)
    for each in (steady, stubborn):
        household.start(each)
    eventually(lambda: household.log_of(stubborn).read_bytes())
    processes = [each.running for each in (steady, stubborn)]
    household.stop()
    codes = [process.returncode for process in processes if process]
    assert codes == [-signal.SIGTERM, -signal.SIGKILL]
    assert said == ["stubborn did not stop in 0 s and was killed"]


def test_an_ending_is_told_by_its_code_or_its_signal() -> None:
    assert ending(1) == "code 1"
    assert ending(-9) == "SIGKILL"


def test_a_log_that_grew_too_long_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("x" * 11)
    keep_short(log, limit=11)
    assert log.exists()
    keep_short(log, limit=10)
    assert not log.exists()
    assert (tmp_path / "web.log.1").read_text() == "x" * 11

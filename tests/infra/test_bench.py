"""Before the bench measures anything, its floors do what the product does; held here on a small database."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine

from infra.bench.compare import Differ, same, same_rows
from infra.bench.generate.shape import ACTIVE, MEASURED, sizes
from infra.bench.measure import Side, compare, counted, in_turns, ratio
from infra.bench.table import lines
from infra.embedded.postgres import ADMINISTRATOR, Server
from infra.environment import ROOT
from tests.infra.poured import poured


def test_floors_and_product_show_and_leave_the_same(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "infra.bench.agree", str(tmp_path / "postgres")]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said = dict(line.split() for line in done.stdout.splitlines() if not line.startswith("{"))  # beside the log
    assert said.pop("orphans") == "0"
    assert set(said) == {
        "list_people", "week_grid", "fees_month", "submit_week", "employer_confirm", "compile_fees", "monthly_report",
        "import_10k_people",
    }  # fmt: skip
    assert all(int(number) > 6 for number in said.values())


def test_pages_that_show_something_else_are_told_apart() -> None:
    page = "<main><h1>{}</h1><table><tr><td><input name='a.note' value='x'></td></tr></table></main>"
    assert same(page.format(" one\n two "), page.format("one two")) == 2
    with pytest.raises(Differ, match="thing 0"):
        same(page.format("one"), page.format("two"))
    with pytest.raises(Differ):
        same("<p>nothing is shown</p>", "<p>nothing is shown</p>")
    with pytest.raises(Differ, match="the floor 0"):
        same_rows({"participant": [(1,)]}, {"participant": []})


def test_the_measured_municipality_is_the_same_at_every_scale_and_the_whole_has_its_size() -> None:
    assert [sizes(scale)[0].active for scale in (0.001, 0.2, 1)] == [MEASURED] * 3
    whole = sizes(1)
    assert len(whole) == len({each.number for each in whole}) == 1000
    assert abs(sum(each.active for each in whole) - ACTIVE) < ACTIVE / 50
    assert max(each.active for each in whole) > 100 * min(each.active for each in whole)


def test_what_is_poured_is_the_same_in_every_process_and_on_every_day() -> None:
    """Neither the clock nor the order in which Python keeps what it hashes comes into it."""
    said = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
    asked = [sys.executable, "-m", "tests.infra.poured"]
    other = subprocess.run(asked, cwd=ROOT, env=os.environ | said, capture_output=True, text=True, check=True)
    with time_machine.travel(datetime(2031, 2, 3, 4, 5, tzinfo=UTC)):
        here = poured()
    assert here.split() == other.stdout.split()
    assert int(here.split()[0]) > 5000


class Told:
    """A clock that goes on by what is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> tuple[float, float]:
        return self.now, 0.0

    def spend(self, seconds: float) -> None:
        self.now += seconds


def test_what_undoing_costs_is_not_measured() -> None:
    told = Told()
    clock: Any = told
    slow = Side("slow", lambda: told.spend(3), clock, lambda: told.spend(100))
    quick = Side("quick", lambda: told.spend(2), clock)
    assert compare(slow, quick, rounds=3, times=4) == pytest.approx(1.5)
    assert slow.said()["cpu_ms"] == 3000


def test_a_side_is_compared_in_the_rounds_in_which_both_took_part() -> None:
    told = Told()
    clock: Any = told
    often = Side("often", lambda: told.spend(2), clock)
    seldom = Side("seldom", lambda: told.spend(1), clock)
    in_turns([(often, 5), (seldom, 2)], times=3)
    assert (often.said()["samples"], seldom.said()["samples"]) == (15, 6)
    assert ratio(often, seldom) == pytest.approx(2)


def test_every_statement_is_counted_by_whichever_way_it_is_sent(database: Server) -> None:
    with psycopg.connect(database.url(ADMINISTRATOR, "postgres")) as connection, counted() as sent:
        cursor = connection.execute("CREATE TEMP TABLE poured (id int)")
        cursor.executemany("INSERT INTO poured VALUES (%s)", ((number,) for number in range(3)))
        with cursor.copy("COPY poured FROM STDIN") as copy:
            copy.write_row((4,))
        assert connection.execute("SELECT count(*) FROM poured").fetchone() == (4,)
    assert [each.split()[0] for each in sent] == ["CREATE", "INSERT", "INSERT", "INSERT", "COPY", "SELECT"]


def test_the_table_says_of_how_many_a_percentile_is() -> None:
    clock: Any = Told()
    side = Side("product", lambda: None, clock)
    side.application, side.database, side.walls = [0.003], [0.001], [0.004] * 42
    both = {"product": side.said(), "floor": side.said(), "ratio": 1.0}
    said = list(lines({"measured": {"list_people": {"bench_1": both}}}))
    assert said[-4].split()[-2:] == ["of", "(milliseconds)"]
    assert said[-2].split()[-1] == "42"


def test_a_missed_target_is_called_so() -> None:
    text = "\n".join(lines({"list_people_cpu": 1.68, "rls_overhead": 1.02, "measured": {}}))
    assert "MISSED" in next(line for line in text.splitlines() if line.startswith("list_people_cpu"))
    assert "ok" in next(line for line in text.splitlines() if line.startswith("rls_overhead"))

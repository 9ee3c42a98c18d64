"""`make bench`: fill the databases that are not there yet, compare, measure, write var/bench.json and print the table.

SCALE=1 is a thousand municipalities with five million weekly records; SCALE=0.02 is done in a few minutes.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ayumi.kernel import clock
from infra.bench import crew, memory, place, table
from infra.bench.calendar import NOW
from infra.bench.growth import in_turns, overhead
from infra.bench.measure import compare
from infra.bench.scenes import (
    Scene,
    Stage,
    employer_confirm,
    fees_month,
    list_people,
    submit_week,
    week_grid,
)
from infra.bench.work import import_people, monthly_report
from infra.embedded.postgres import Server

ALONE = 0.001  # the measured municipality and nobody else: ten thousand weekly records
MIDDLE = 0.2  # of the whole: a million
ROUNDS, TIMES = 15, 5
RESULTS = Path("var/bench.json")
CPU = (list_people, week_grid, submit_week, employer_confirm, monthly_report, fees_month)
GROWING = (list_people, week_grid, monthly_report)


def main() -> None:
    """Measure everything at the scale that was asked for; what is known is kept at every step."""
    scale, rounds = float(os.environ.get("SCALE", "1")), int(os.environ.get("ROUNDS", ROUNDS))
    results: dict[str, Any] = {}
    measured: dict[str, dict[str, Any]] = {}
    with place.database() as server:
        names = [place.ready(server, each) for each in sizes(scale)]
        about = {"scale": scale, "rounds": rounds, "databases": names, "measured": measured}

        def keep() -> None:
            table.write({**results, **about}, RESULTS)

        with clock.at(NOW), ExitStack() as open_until_end:
            stages = [open_until_end.enter_context(stage(server, name)) for name in names]
            for step in (ratios, growth):
                step(stages, rounds, results, measured)
                keep()
            results["rls_overhead"] = round(overhead(stages[-1], server, CPU[:2], rounds=rounds, times=TIMES), 3)
            taken_over(stages, rounds, results, measured)
            keep()
        place.settle(server, names[-1])
        whole(server, names[-1], results, keep)
    sys.stdout.write("\n".join(table.lines({**results, "measured": measured})) + "\n")


def sizes(scale: float) -> list[float]:
    """The scales whose databases are needed: alone, in the middle, whole."""
    return [ALONE, scale * MIDDLE, scale] if scale > ALONE else [ALONE]


@contextmanager
def stage(server: Server, name: str) -> Iterator[Stage]:
    """The product on one database."""
    with place.product(server, name) as app:
        made = Stage(server, name, app)
        try:
            yield made
        finally:
            made.close()


def ratios(stages: list[Stage], rounds: int, results: dict[str, Any], measured: dict[str, Any]) -> None:
    """Compare each page or job with its floor, and measure both, in the largest database."""
    on = stages[-1]
    for make in CPU:
        scene = make(on)
        place.tell(f"{scene.name}: the same {scene.check()} things are shown or left")
        results[f"{scene.name}_cpu"] = round(compare(scene.product, scene.floor, rounds=rounds, times=TIMES), 3)
        measured[scene.name] = said(scene)


def taken_over(stages: list[Stage], _rounds: int, results: dict[str, Any], measured: dict[str, Any]) -> None:
    """Take ten thousand people over. Comes last: what is undone lies about in the tables until they are vacuumed."""
    scene = import_people(stages[-1])
    place.tell(f"{scene.name}: the same {scene.check()} rows are left")
    compare(scene.product, scene.floor, rounds=3, times=1)
    results[f"{scene.name}_wall"] = round(scene.product.said()["p50_ms"] / scene.floor.said()["p50_ms"], 3)
    measured[scene.name] = said(scene)


def growth(stages: list[Stage], rounds: int, results: dict[str, Any], measured: dict[str, Any]) -> None:
    """Measure the product's pages of one municipality, alone and among many."""
    for make in GROWING:
        sides = [make(each).product for each in stages]
        against = in_turns(sides, rounds=rounds, times=TIMES)
        key = make.__name__
        results[f"{key}_growth"] = round(against[-1], 3)
        measured[f"{key} by size"] = {each.database: side.said() for each, side in zip(stages, sides, strict=True)}


def whole(server: Server, name: str, results: dict[str, Any], keep: Callable[[], None]) -> None:
    """Everything that wants the machine for itself: memory, and all reports."""
    results["memory_worker_mb"] = round(memory.of("worker", server, name), 1)
    results["memory_web_mb"] = round(memory.of("web", server, name), 1)
    keep()
    seconds = crew.race(server, name)
    place.tell(f"all reports: product {seconds['product']:.1f} s, floor {seconds['floor']:.1f} s")
    results["all_monthly_reports_wall"] = round(seconds["product"] / seconds["floor"], 3)
    results["all_monthly_reports_seconds"] = round(seconds["product"], 1)
    keep()


def said(scene: Scene) -> dict[str, Any]:
    """What is kept of both sides."""
    return {side.name: side.said() for side in (scene.product, scene.floor)}


if __name__ == "__main__":
    main()

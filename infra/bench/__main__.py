"""`make bench`: fill the databases that are not there yet, compare, measure, write var/bench.json and print the table.

SCALE=1 is a thousand municipalities with five million weekly records; SCALE=0.02 is done in a few minutes.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean
from typing import Any

from ayumi.kernel import clock
from infra.bench import crew, memory, place, table
from infra.bench.calendar import NOW
from infra.bench.generate import shape
from infra.bench.measure import Side, compare, in_turns, ratio
from infra.bench.policies import held_by_policies, overhead
from infra.bench.scenes import PAGES, Scene, Stage, list_people, week_grid
from infra.bench.work import import_people, monthly_report
from infra.embedded.postgres import Server

ALONE = 0.001  # the measured municipality and nobody else: ten thousand weekly records
MIDDLE = 0.2  # of the whole: a million
ROUNDS, FEWER = 15, 7  # in the whole database, and at most in the smaller ones beside it
OFTEN, SELDOM = 14, 3  # times a page is asked for in a round, and times a report is compiled
TIMES = 5  # with and without policies
RACES = 2  # times all reports are compiled, once where only few rounds are asked for
RESULTS = Path("var/bench.json")
GROWING = ("list_people", "week_grid", "monthly_report")
Results = dict[str, Any]


def main() -> None:
    """Measure everything at the scale that was asked for; what is known is kept at every step."""
    scale, rounds = float(os.environ.get("SCALE", "1")), int(os.environ.get("ROUNDS", ROUNDS))
    results: Results = {}
    measured: dict[str, Results] = {}
    with place.database() as server:
        names = [place.ready(server, each) for each in sizes(scale)]
        held_by_policies(server, True)  # a run that was killed while it measured without them may have left it so
        about: Results = {"scale": scale, "rounds": rounds, "measured": measured}

        def keep() -> None:
            table.write({**results, **about}, RESULTS)

        with clock.at(NOW), ExitStack() as open_until_end:
            stages = [open_until_end.enter_context(stage(server, name)) for name in names]
            about["rows"] = {each.database: each.counts() for each in stages}
            at_all_sizes(stages, rounds, results, measured)
            keep()
            smallest_and_largest(stages[-1], scale, rounds, results, measured)
            keep()
            pages = (list_people, week_grid)
            results["rls_overhead"] = round(overhead(stages[-1], server, pages, rounds=rounds, times=TIMES), 3)
            taken_over(stages[-1], results, measured)
            keep()
        place.settle(server, names[-1])
        whole(server, names[-1], RACES if rounds >= FEWER else 1, results, keep)
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


def at_all_sizes(stages: Sequence[Stage], rounds: int, results: Results, measured: dict[str, Results]) -> None:
    """Compare each page or job with its floor, and measure both in every database, all in turns.

    Growth comes from the same rounds: the product in the whole database against itself alone.
    """
    growth: Results = {}
    for make in (*PAGES, monthly_report):
        scenes = [make(each) for each in stages]
        name, last = scenes[0].name, scenes[-1]
        for scene, on in zip(scenes, stages, strict=True):
            place.tell(f"{name} in {on.database}: the same {scene.check()} things are shown or left")
        sides = [
            (side, rounds if scene is last else min(rounds, FEWER))
            for scene in scenes
            for side in (scene.product, scene.floor)
        ]
        in_turns(sides, times=SELDOM if make is monthly_report else OFTEN)
        results[f"{name}_cpu"] = round(ratio(last.product, last.floor), 3)
        if name in GROWING:
            growth[f"{name}_growth"] = round(ratio(last.product, scenes[0].product), 3)
        measured[name] = {on.database: said(scene) for on, scene in zip(stages, scenes, strict=True)}
    results |= growth


def smallest_and_largest(on: Stage, scale: float, rounds: int, results: Results, measured: dict[str, Results]) -> None:
    """Compare the list and everyone's week where the fewest and the most people are in support."""
    towns = sorted(shape.sizes(scale), key=lambda each: each.active)
    for which, town in {"smallest": towns[0], "largest": towns[-1]}.items():
        for make in (list_people, week_grid):
            scene = make(on, town.number)
            name = f"{scene.name}_{which}"
            place.tell(f"{name}, {town.active} people: the same {scene.check()} things are shown")
            results[f"{name}_cpu"] = round(compare(scene.product, scene.floor, rounds=rounds, times=OFTEN), 3)
            measured[name] = {f"{town.active} people": said(scene)}


def taken_over(on: Stage, results: Results, measured: dict[str, Results]) -> None:
    """Take ten thousand people over. Comes last: what is undone lies about in the tables until they are vacuumed."""
    scene = import_people(on)
    place.tell(f"{scene.name}: the same {scene.check()} rows are left")
    compare(scene.product, scene.floor, rounds=3, times=1)
    results[f"{scene.name}_wall"] = round(scene.product.said()["p50_ms"] / scene.floor.said()["p50_ms"], 3)
    measured[scene.name] = {on.database: said(scene)}


def whole(server: Server, name: str, races: int, results: Results, keep: Callable[[], None]) -> None:
    """Everything that wants the machine for itself: memory, and all reports."""
    results["memory_worker_mb"] = round(memory.of_worker(server, name), 1)
    results["memory_web_mb"] = round(memory.of_web(server, name), 1)
    keep()
    seconds = crew.race(server, name, races)
    for way, took in seconds.items():
        place.tell(f"all reports: {way} {', '.join(f'{each:.1f} s' for each in took)}")
    results["all_monthly_reports_wall"] = round(sum(seconds["product"]) / sum(seconds["floor"]), 3)
    results["all_monthly_reports_seconds"] = round(mean(seconds["product"]), 1)
    keep()


def said(scene: Scene) -> Results:
    """What is kept of both sides, and of the one against the other."""
    sides: tuple[Side, ...] = (scene.product, scene.floor)
    return {side.name: side.said() for side in sides} | {"ratio": round(ratio(*sides), 3)}


if __name__ == "__main__":
    main()

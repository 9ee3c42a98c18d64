"""Picks and fills fragments of notes so that neighbouring records do not read alike."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from ayumi.demo.tables import table

SUMMER = range(5, 10)


class Pen:
    """Writes for one person and remembers what it wrote lately."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lately: dict[str, deque[str]] = defaultdict(deque)

    def pick(self, lines: Sequence[str]) -> str:
        """One of the lines, but none of those picked lately from the same list."""
        recent = self.lately[lines[0]]
        fresh = [line for line in lines if line not in recent] or list(lines)
        line = self.rng.choice(fresh)
        recent.append(line)
        while len(recent) > len(lines) * 2 // 3:
            recent.popleft()
        return line

    def write(self, lines: Sequence[str], **given: Any) -> str:
        """A picked line with its blanks filled, by what is given or else by chance."""
        return self.pick(lines).format_map(_Blanks(self.rng, given))

    def fill(self, line: str, **given: Any) -> str:
        """A line with its blanks filled."""
        return line.format_map(_Blanks(self.rng, given))


class _Blanks(dict[str, Any]):
    """Fills a blank by its name."""

    NUMBERS = {"n": (2, 5), "hour": (7, 10), "words": (20, 60), "hours": (8, 20), "days": (1, 2)}

    def __init__(self, rng: Random, given: dict[str, Any]) -> None:
        super().__init__(given)
        self.rng = rng

    def __missing__(self, blank: str) -> Any:
        if blank in self.NUMBERS:
            return self.rng.randint(*self.NUMBERS[blank])
        if blank == "steps":
            return f"{self.rng.randint(20, 65) * 100:,}"
        return self.rng.choice(table("words/days")["slots"][blank])


def phase(progress: float) -> str:
    """early, middle or late."""
    if progress < 0.33:
        return "early"
    return "middle" if progress < 0.66 else "late"


def crop_on(on: date, rng: Random) -> str:
    """What grows in a field in that season."""
    season = "crop_summer" if on.month in SUMMER else "crop_winter"
    crop: str = rng.choice(table("words/days")["slots"][season])
    return crop

"""How many municipalities there are and how large each is: a few large ones, many small ones, always the same."""

from dataclasses import dataclass

MUNICIPALITIES = 1000
ACTIVE = 21_000  # people in support, over all of them
MEASURED = 50  # people in support in the first one: its pages are measured, so it is the same at every scale
STEEPNESS = 0.75


@dataclass(frozen=True, slots=True)
class Size:
    """One municipality: its number, and the places in support that were always filled."""

    number: int
    active: int


def sizes(scale: float) -> list[Size]:
    """Return the municipalities of a database at this scale. The first one is the one whose pages are measured."""
    count = max(1, round(MUNICIPALITIES * scale))
    weights = [rank**-STEEPNESS for rank in range(1, MUNICIPALITIES)]
    whole = sum(weights)
    others = [Size(rank + 1, max(2, round(_share(weight, whole)))) for rank, weight in enumerate(weights, 1)]
    # A smaller database has large and small ones too: every so many of the whole list.
    step = len(others) / max(1, count - 1)
    return [Size(1, MEASURED), *(others[int((index + 0.5) * step)] for index in range(count - 1))]


def _share(weight: float, whole: float) -> float:
    return (ACTIVE - MEASURED) * weight / whole

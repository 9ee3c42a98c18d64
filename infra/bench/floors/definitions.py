"""The words of the figures, read from the product's file of definitions, which is data for both."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NAME: Final = "2026-1"
FILE: Final = Path("platform/ayumi/reports/editions") / f"{NAME}.toml"
# Room for the parts of a figure until the next; menus known by name come after those known by their own names only.
STEP, AFTER_NAMES = 1000, 900


@dataclass(frozen=True, slots=True)
class Defined:
    """A figure: what it is called, counted in and divided by, and where it stands."""

    key: str
    name: str
    column: str
    unit: str
    by: str
    zeros: bool
    counted: str
    position: int
    is_share: bool


def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _defined(said: dict[str, Any], position: int) -> Defined:
    return Defined(
        said["key"], said["ja"], said.get("column", said)["ja"], said["unit"], said.get("by", ""),
        said.get("zeros", False), said["counted"]["ja"], position, "share" in said,
    )  # fmt: skip


_SAID: Final = _read()
APPLIES_FROM: Final = _SAID["applies_from"]
RULES: Final[list[str]] = [each["ja"] for each in _SAID["rules"]]
UNITS: Final[dict[str, str]] = {key: each["ja"] for key, each in _SAID["units"].items()}
WORDS: Final[dict[str, dict[str, str]]] = {
    by: {key: each["ja"] for key, each in words.items()} for by, words in _SAID["words"].items()
}
FIGURES: Final[dict[str, Defined]] = {
    each["key"]: _defined(each, number * STEP)
    for number, each in enumerate((each for section in _SAID["sections"] for each in section["figures"]), 1)
}
SECTIONS: Final[list[tuple[str, str, list[Defined]]]] = [
    (section["key"], section["ja"], [FIGURES[each["key"]] for each in section["figures"]])
    for section in _SAID["sections"]
]


def parts_of(defined: Defined) -> list[tuple[str, int, bool]]:
    """The parts of a figure known beforehand: the word, where it stands, and whether it is there without anybody."""
    if not defined.by:
        return [("", defined.position, not defined.is_share)]
    first = defined.position + (AFTER_NAMES if defined.by == "menu" else 1)
    return [(word, place, defined.zeros) for place, word in enumerate(WORDS.get(defined.by, ()), first)]

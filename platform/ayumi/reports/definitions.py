"""What the figures of a report count, in dated editions (the folder `editions`), in Japanese and English."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

CURRENT: Final = "2026-1"
STEP: Final = 1000  # room for the parts of one figure between it and the next
EDITIONS: Final = Path(__file__).parent / "editions"


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words in the two languages."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        """Return the words of this language."""
        return self.en if language == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its words, its unit and exactly what is counted.

    ``by`` names what it is divided by, ``column`` is what it is called beside others of its kind. ``zeros``: parts
    without anybody are shown too. ``share``: the figure is the first of these divided by the second, in thousandths.
    """

    key: str
    words: Wording
    unit: str
    counted: Wording
    column: Wording
    position: int
    by: str = ""
    zeros: bool = False
    share: tuple[str, str] | None = None

    @property
    def is_of_people(self) -> bool:
        """Whether its value is a number of people, rather than the sum of what each has."""
        return self.unit == "people"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    key: str
    words: Wording
    figures: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """All definitions in force from a day on."""

    name: str
    applies_from: date
    rules: tuple[Wording, ...]
    sections: tuple[Section, ...]
    units: Mapping[str, Wording]
    words: Mapping[str, Mapping[str, Wording]]
    figures: Mapping[str, Definition] = field(default_factory=dict)

    def section_of(self, key: str) -> Section:
        """Return the section a figure stands in."""
        return next(each for each in self.sections if any(figure.key == key for figure in each.figures))

    def word(self, by: str, dimension: str) -> Wording | None:
        """Return how a part of a figure is called, when the edition knows it (names of firms it does not)."""
        return self.words.get(by, {}).get(dimension)


@cache
def edition(name: str = CURRENT) -> Edition:
    """Return an edition by its name; LookupError when there is none."""
    file = EDITIONS / f"{name}.toml"
    if file.parent != EDITIONS or not file.is_file():
        raise LookupError(f"no edition of definitions is called {name!r}")
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    numbers = iter(range(STEP, 1000 * STEP, STEP))
    sections = tuple(_section(each, numbers) for each in said["sections"])
    return Edition(
        name=said["edition"],
        applies_from=said["applies_from"],
        rules=tuple(_wording(each) for each in said["rules"]),
        sections=sections,
        units={key: _wording(each) for key, each in said["units"].items()},
        words={by: {key: _wording(each) for key, each in words.items()} for by, words in said["words"].items()},
        figures={each.key: each for section in sections for each in section.figures},
    )


def _section(said: dict[str, Any], numbers: Any) -> Section:
    figures = tuple(_definition(each, next(numbers)) for each in said["figures"])
    return Section(said["key"], _wording(said), figures)


def _definition(said: dict[str, Any], position: int) -> Definition:
    share = said.get("share")
    return Definition(
        key=said["key"],
        words=_wording(said),
        unit=said["unit"],
        counted=_wording(said["counted"]),
        column=_wording(said.get("column", said)),
        position=position,
        by=said.get("by", ""),
        zeros=said.get("zeros", False),
        share=(share[0], share[1]) if share else None,
    )


def _wording(said: dict[str, str]) -> Wording:
    return Wording(said["ja"], said["en"])

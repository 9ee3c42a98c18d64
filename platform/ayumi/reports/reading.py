"""A report as people read it: its figures in sections, beside those of the month before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from ayumi.reports import queries
from ayumi.reports.definitions import Definition, Edition, Section, edition
from ayumi.reports.model import Figure, MonthlyReport

Number = int | float
Key = tuple[str, str]

# Divided by these, figures stand side by side in a table; by anything else, below each other.
SIDE_BY_SIDE: Final = ("week", "menu", "employer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure, or one part of it, beside the same of the month before."""

    definition: Definition
    edition: Edition
    dimension: str = ""
    label: str | None = None
    value: Number | None = None
    previous: Number | None = None
    figure_id: UUID | None = None

    @property
    def change(self) -> Number | None:
        """How much it is more than in the month before."""
        if self.value is None or self.previous is None:
            return None
        return round(self.value - self.previous, 1) if self.is_rate else self.value - self.previous

    @property
    def is_rate(self) -> bool:
        """Whether it is a share in percent."""
        return self.definition.unit == "rate"

    def name(self, language: str = "ja") -> str:
        """Return what it is called: the figure, or its part."""
        if not self.dimension:
            return self.definition.words.said(language)
        if self.definition.by == "week":
            return week_name(date.fromisoformat(self.dimension), language)
        known = self.edition.word(self.definition.by, self.dimension)
        return known.said(language) if known else self.label or self.dimension

    def unit(self, language: str = "ja") -> str:
        """Return its unit."""
        return self.edition.units[self.definition.unit].said(language)

    def share_unit(self, language: str = "ja") -> str:
        """Return the unit of each person's share in it: days of something planned where it is a rate."""
        return self.edition.units["days"].said(language) if self.is_rate else self.unit(language)

    def shown(self) -> str:
        """Return its value as people write it."""
        return self._said(self.value)

    def shown_before(self) -> str:
        """Return what it was in the month before, as people write it."""
        return self._said(self.previous)

    def shown_change(self) -> str:
        """Return its change with its sign, a rate's with its decimal."""
        if self.change is None:
            return "―"
        sign = "±" if self.change == 0 else "+" if self.change > 0 else "-"
        return sign + self._said(abs(self.change))

    def _said(self, number: Number | None) -> str:
        if number is None:
            return "―"
        return f"{number:.1f}" if self.is_rate else f"{number:,}"


@dataclass(frozen=True, slots=True)
class Table:
    """Figures divided in the same way, side by side: one row for each part."""

    by: str
    definitions: tuple[Definition, ...]
    rows: tuple[tuple[Entry, ...], ...]


class Reading:
    """All figures of one report, by key and part."""

    def __init__(self, report: MonthlyReport, figures: Sequence[Figure], before: "Reading | None" = None) -> None:
        self.report = report
        self.definitions = edition(report.definition_edition)
        self.before = before
        self._figures = {(each.key, each.dimension): each for each in figures}
        self._before = before._figures if before else {}
        self._parts: dict[str, list[Figure]] = {key: [] for key in self.definitions.figures}
        for each in figures:
            self._parts[each.key].append(each)
        self._counted_before = before.definitions.figures if before else {}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of its edition of definitions."""
        return self.definitions.sections

    def one(self, key: str, dimension: str = "") -> Entry:
        """Return a figure, or one part of it; without a value when it was not counted."""
        return self._entry(self.definitions.figures[key], dimension)

    def plain(self, section: Section) -> list[Entry]:
        """Return the figures of a section that are not divided."""
        return [self._entry(each, "") for each in section.figures if not each.by]

    def divided(self, section: Section) -> Iterator[tuple[Definition, list[Entry]]]:
        """Yield the figures of a section whose parts stand below each other, as far as there are any."""
        for each in section.figures:
            parts = self.parts(each.key) if each.by and each.by not in SIDE_BY_SIDE else []
            if parts:
                yield each, parts

    def tables(self, section: Section) -> Iterator[Table]:
        """Yield the tables of a section: figures with the same parts, side by side."""
        for by in SIDE_BY_SIDE:
            found = tuple(each for each in section.figures if each.by == by)
            if found:
                yield self.table(*found)

    def table(self, *definitions: Definition) -> Table:
        """Set figures with the same parts side by side; parts without anything this month are left out."""
        parts = [each for one in definitions for each in self.parts(one.key)]
        dimensions = dict.fromkeys(each.dimension for each in parts)
        names = {each.dimension: each.label for each in parts if each.label}
        rows = (
            tuple(self._entry(one, dimension, names.get(dimension)) for one in definitions)
            for dimension in self._in_order(definitions[0].by, list(dimensions))
        )
        return Table(definitions[0].by, definitions, tuple(row for row in rows if any(each.value for each in row)))

    def _in_order(self, by: str, dimensions: list[str]) -> list[str]:
        return sorted(dimensions) if by == "week" else dimensions

    def parts(self, key: str) -> list[Entry]:
        """Return the parts of a figure in their order; those that were only there in the month before come last."""
        definition = self.definitions.figures[key]
        dimensions = [each.dimension for each in self._parts[key]]
        if definition.by != "week" and self.before is not None:
            gone = [each for each in self.before._parts.get(key, ()) if each.value]
            dimensions += [each.dimension for each in gone if each.dimension not in dimensions]
        return [self._entry(definition, dimension) for dimension in dimensions]

    def _entry(self, definition: Definition, dimension: str, label: str | None = None) -> Entry:
        key = (definition.key, dimension)
        figure = self._figures.get(key)
        before = self._before.get(key)
        named = figure or before
        return Entry(
            definition,
            self.definitions,
            dimension,
            named.label if named and named.label else label,
            self._number(definition, figure),
            self._previous(definition, before),
            figure.id if figure and figure.value else None,
        )

    def _number(self, definition: Definition, figure: Figure | None) -> Number | None:
        if definition.share is not None:
            return figure.value / 10 if figure else None
        return figure.value if figure else 0

    def _previous(self, definition: Definition, before: Figure | None) -> Number | None:
        """Last month's weeks are no measure of this month's, and what was not counted then has no change."""
        if definition.by == "week" or definition.key not in self._counted_before:
            return None
        return self._number(definition, before)

    @cached_property
    def values(self) -> Mapping[Key, int]:
        """Every figure with its value, to be compared with another edition."""
        return {key: each.value for key, each in self._figures.items()}


def week_name(monday: date, language: str = "ja") -> str:
    """Return Monday and Sunday of a week: 11/2〜11/8."""
    sunday = monday + timedelta(days=6)
    between = "–" if language == "en" else "〜"
    return f"{monday.month}/{monday.day}{between}{sunday.month}/{sunday.day}"


def read(report: MonthlyReport) -> Reading:
    """Read a report with its figures and those of the month before."""
    before = queries.month_before(report)
    ids = [report.id, *([before.id] if before else [])]
    found = queries.figures(*ids)
    return Reading(report, found[report.id], Reading(before, found[before.id]) if before else None)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is another in the later of two editions."""

    entry: Entry
    before: Number | None
    after: Number | None


def differences(later: Reading, earlier: Reading) -> list[Difference]:
    """Return the figures that differ between two editions of a month, in their order."""
    keys = [*later.values, *(key for key in earlier.values if key not in later.values)]
    found = []
    for key, dimension in keys:
        if later.values.get((key, dimension), 0) != earlier.values.get((key, dimension), 0):
            source = later if (key, dimension) in later.values else earlier
            after = later.one(key, dimension) if key in later.definitions.figures else None
            before = earlier.one(key, dimension) if key in earlier.definitions.figures else None
            found.append(
                Difference(source.one(key, dimension), before.value if before else None, after.value if after else None)
            )
    return found

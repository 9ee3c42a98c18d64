"""Charts as SVG, the same in a page, on paper and in a PDF: pure functions from figures to markup.

In a page the colours come from the style sheet of the tokens below and the letters from the page. With
`standalone=True` the picture carries its own letters and size, so that Typst can set it into a report.
No chart is alone: the page shows a table of the same figures beside it (components/chart.html).
`nothing` is what an empty chart says, in the reader's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from ayumi.papers.drawing import FAINT, GRID, PAPER, TEXT, WIDTH, Sheet, cut, finish, short, wide, wrapped

Amount = int | float

# Each stands at least 3:1 against paper, and neighbours differ in lightness too, for grey printers.
COLOURS: Final = ("#0017c1", "#0877d7", "#1d8b56", "#a58000", "#c74700", "#8843e1", "#666666", "#00424d")
DASHES: Final = ("", "7 4", "2 4", "10 3 2 3", "4 2")


@dataclass(frozen=True)
class Point:
    """One bar: what it is called and how much."""

    label: str
    value: Amount


@dataclass(frozen=True)
class Row:
    """One stacked bar: an amount for each of the series."""

    label: str
    values: Sequence[Amount]


@dataclass(frozen=True)
class Line:
    """One line over the labels; None leaves a gap."""

    name: str
    values: Sequence[Amount | None]


def bar_chart(
    title: str,
    points: Sequence[Point],
    *,
    desc: str = "",
    unit: str = "",
    nothing: str = "—",
    standalone: bool = False,
) -> Markup:
    """Upright bars with their numbers on top. Long labels are cut; the table beside has them whole."""
    sheet = Sheet(height=260)
    if not points or all(point.value == 0 for point in points):
        return _nothing(title, desc, nothing, standalone)
    top, floor = 36, 216
    ceiling = _ceiling([point.value for point in points])
    left = _axis(sheet, ceiling, top, floor, unit)
    step = (WIDTH - left - 4) / len(points)
    for place, point in enumerate(points):
        middle = left + step * (place + 0.5)
        height = (floor - top) * point.value / ceiling
        sheet.rect(middle - step * 0.34, floor - height, step * 0.68, height, COLOURS[0])
        if step >= wide(number(point.value)):
            sheet.text(middle, floor - height - 6, number(point.value), "middle", weight=700)
    _feet(sheet, [point.label for point in points], left, step, floor)
    return finish(sheet, title, desc, standalone)


def stacked_chart(
    title: str,
    rows: Sequence[Row],
    series: Sequence[str],
    *,
    desc: str = "",
    unit: str = "",
    nothing: str = "—",
    standalone: bool = False,
    colours: Sequence[str] = COLOURS,
) -> Markup:
    """Lying bars, each split into the series; the total at the end, the legend in the same order."""
    greatest = max((sum(row.values) for row in rows), default=0)
    if greatest == 0:
        return _nothing(title, desc, nothing, standalone)
    sheet = Sheet(height=0)
    y = _legend(sheet, series, colours=colours)
    left = min(150.0, max(wide(row.label) for row in rows) + 12)
    room = WIDTH - left - wide(f"{number(greatest)}{unit}") - 10
    for row in rows:
        _stack(sheet, row, y, left, room / greatest, unit, colours)
        y += 40
    sheet.height = int(y)
    return finish(sheet, title, desc, standalone)


def _stack(sheet: Sheet, row: Row, y: float, left: float, scale: float, unit: str, colours: Sequence[str]) -> None:
    sheet.text(left - 8, y + 19, cut(row.label, left - 10), "end")
    x = left
    for place, value in enumerate(row.values):
        width = value * scale
        if width:
            # A sliver of paper between the parts keeps neighbours apart without colour.
            sheet.rect(x, y, max(width - 2, 1), 28, colours[place % len(colours)])
        if width >= wide(number(value)) + 4:
            sheet.text(x + width / 2 - 1, y + 19, number(value), "middle", PAPER, 700)
        x += width
    sheet.text(x + 6, y + 19, f"{number(sum(row.values))}{unit}", weight=700)


def line_chart(
    title: str,
    labels: Sequence[str],
    lines: Sequence[Line],
    *,
    desc: str = "",
    unit: str = "",
    nothing: str = "—",
    standalone: bool = False,
) -> Markup:
    """Lines over time, told apart by dashes and marks as well as by colour; a missing value is a gap."""
    values = [value for line in lines for value in line.values if value is not None]
    if not labels or not values:
        return _nothing(title, desc, nothing, standalone)
    sheet = Sheet(height=260)
    top = _legend(sheet, [line.name for line in lines], dashed=True) + 22 if len(lines) > 1 else 36
    floor = top + 180
    ceiling = _ceiling(values)
    left = _axis(sheet, ceiling, top, floor, unit)
    step = (WIDTH - left - 4) / len(labels)
    for place, line in enumerate(lines):
        spots = [
            None if value is None else (left + step * (at + 0.5), floor - (floor - top) * value / ceiling)
            for at, value in enumerate(line.values)
        ]
        _path(sheet, spots, place)
    _feet(sheet, labels, left, step, floor)
    sheet.height = int(floor + 44)
    return finish(sheet, title, desc, standalone)


def _path(sheet: Sheet, spots: Sequence[tuple[float, float] | None], place: int, marked: bool = True) -> None:
    colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
    for one, other in pairwise(spots):
        if one and other:
            sheet.draw(
                Markup(
                    '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="2.5" stroke-linecap="round"{}/>'
                ).format(*map(short, (*one, *other)), colour, _dash(dash))
            )
    for spot in spots:
        if spot and marked:
            sheet.draw(_mark(place, spot[0], spot[1], colour))


def _mark(place: int, x: float, y: float, colour: str) -> Markup:
    shapes = (
        '<circle cx="{x}" cy="{y}" r="4" fill="{c}"/>',
        '<rect x="{l}" y="{t}" width="8" height="8" fill="{c}"/>',
        '<path d="M{x} {t}l5 9h-10z" fill="{c}"/>',
        '<circle cx="{x}" cy="{y}" r="4" fill="#ffffff" stroke="{c}" stroke-width="2"/>',
    )
    return Markup(shapes[place % len(shapes)]).format(x=short(x), y=short(y), l=short(x - 4), t=short(y - 4), c=colour)


def _dash(dash: str) -> Markup:
    return Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup("")


def _axis(sheet: Sheet, ceiling: Amount, top: float, floor: float, unit: str) -> float:
    """Draw four quiet lines with their numbers; return where the plot begins."""
    ticks = [ceiling * part / 4 for part in range(5)] if ceiling % 4 == 0 else [0, ceiling / 2, ceiling]
    left = max(wide(number(tick)) for tick in ticks) + 10
    for tick in ticks:
        y = floor - (floor - top) * tick / ceiling
        sheet.rule(left, y, WIDTH, y, FAINT if tick == 0 else GRID)
        sheet.text(left - 6, y + 5, number(tick), "end", FAINT)
    if unit:
        sheet.text(left - 6, top - 14, unit, "end" if wide(unit) <= left - 6 else "start", FAINT)
    return left


def _feet(sheet: Sheet, labels: Sequence[str], left: float, step: float, floor: float) -> None:
    """The words under the plot, on two rows where needed; where even that is too narrow, some are left out."""
    every = 1
    while step * every < 3 * TEXT and every < len(labels):
        every += 1
    for place, label in enumerate(labels):
        if place % every == 0:
            for row, words in enumerate(wrapped(label, step * every - 4)):
                sheet.text(left + step * (place + 0.5), floor + 19 + row * 17, words, "middle", FAINT)


def _legend(sheet: Sheet, names: Sequence[str], dashed: bool = False, colours: Sequence[str] = COLOURS) -> float:
    """Names with their signs, in as many rows as they need; returns where the plot may begin."""
    x, y = 0.0, 4.0
    for place, name in enumerate(names):
        width = wide(name) + 40
        if x and x + width > WIDTH:
            x, y = 0.0, y + 24
        _sign(sheet, place, x, y, dashed, colours[place % len(colours)])
        sheet.text(x + 24, y + 12, cut(name, WIDTH - 30))
        x += width
    return y + 28


def _sign(sheet: Sheet, place: int, x: float, y: float, dashed: bool, colour: str) -> None:
    if dashed:
        _path(sheet, [(x, y + 7), (x + 20, y + 7)], place, marked=False)
        sheet.draw(_mark(place, x + 10, y + 7, colour))
    else:
        sheet.rect(x, y, 18, 14, colour)


def _nothing(title: str, desc: str, nothing: str, standalone: bool) -> Markup:
    sheet = Sheet(height=96)
    sheet.draw(
        Markup(
            '<rect x="1" y="1" width="{}" height="94" rx="8" fill="none" stroke="{}" stroke-dasharray="4 4"/>'
        ).format(WIDTH - 2, FAINT)
    )
    sheet.text(WIDTH / 2, 53, cut(nothing, WIDTH - 20), "middle", FAINT)
    return finish(sheet, title, desc, standalone)


def number(amount: Amount) -> str:
    """1,234 or 1,234.5: as many decimals as there are, at most two."""
    if isinstance(amount, int):
        return f"{amount:,}"
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def _ceiling(values: Sequence[Amount]) -> Amount:
    """The next round number at or above the greatest value."""
    greatest = max(*values, 1) if len(values) > 1 else max(values[0], 1)
    return next(step for step in _rounds() if step >= greatest)


def _rounds() -> Iterator[int]:
    size = 1
    while True:
        yield from (size * part for part in (1, 2, 4, 6, 8))
        size *= 10

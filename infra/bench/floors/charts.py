"""The three pictures of a report as SVG by hand: people by status, attendance by week, days by employer."""

from collections.abc import Iterator
from html import escape
from typing import Final

from infra.bench.floors.contents import Contents, Number, Table
from infra.bench.floors.definitions import FIGURES, UNITS, WORDS

WIDTH, LETTER, MOST = 420, 14, 12
BLUE, GREY, AMBER, INK, FAINT, GRID, PAPER = (
    "#0017c1", "#8c8c8c", "#c74700", "#1a1a1a", "#666666", "#d9d9d9", "#ffffff",
)  # fmt: skip
NOTHING: Final = "この月の数字はありません"
STANDING: Final = ("candidate", "active", "paused")
STACKS: Final = {
    "attendance": ("週ごとの出席", (
        "attendance_attended_by_week", "attendance_absent_notified_by_week", "attendance_absent_by_week",
    )),
    "experience": ("事業所別の体験日数", ("experience_days_by_employer", "experience_open_days_by_employer")),
}  # fmt: skip
COLOURS: Final = {"attendance": (BLUE, GREY, AMBER), "experience": (BLUE, GREY)}
Bars = list[tuple[str, list[int]]]
Picture = tuple[str, str, str]  # title, what it shows in words, SVG


def drawn(contents: Contents) -> dict[str, Picture]:
    """Draw all three."""
    return {"people": people(contents)} | {name: stacked(contents, name) for name in STACKS}


def people(contents: Contents) -> Picture:
    """Bars of people by status."""
    now, unit = contents.now["people_by_status"], UNITS["people"]
    bars = [(WORDS["status"][word], int(now[word].value)) for word in STANDING]
    said = "、".join(f"{name} {value}{unit}" for name, value in bars)
    title = "状態別の人数（月末）"
    if not any(value for _name, value in bars):
        return title, said, nothing(title, said)
    ceiling = next(step for step in rounds() if step >= max(value for _name, value in bars))
    ticks = [ceiling * part / 4 for part in range(5)] if ceiling % 4 == 0 else [0, ceiling / 2, ceiling]
    left = max(wide(number(tick)) for tick in ticks) + 10
    parts = [axis(left, tick, 216 - 180 * tick / ceiling) for tick in ticks]
    parts.append(text(left - 6, 22, unit, "end" if wide(unit) <= left - 6 else "start", FAINT))
    step = (WIDTH - left - 4) / len(bars)
    for place, (_name, value) in enumerate(bars):
        middle, height = left + step * (place + 0.5), 180 * value / ceiling
        parts.append(rect(middle - step * 0.34, 216 - height, step * 0.68, height, BLUE))
        if step >= wide(number(value)):
            parts.append(text(middle, 210 - height, number(value), "middle", INK, 700))
    parts += [
        text(left + step * (place + 0.5), 235, name, "middle", FAINT) for place, (name, _value) in enumerate(bars)
    ]
    return title, said, finished(title, said, 260, parts)


def axis(left: float, tick: Number, y: float) -> str:
    """A quiet line with its number."""
    colour = FAINT if tick == 0 else GRID
    line = f'<line x1="{short(left)}" y1="{short(y)}" x2="{WIDTH}" y2="{short(y)}" stroke="{colour}" stroke-width="1"/>'
    return line + text(left - 6, y + 5, number(tick), "end", FAINT)


def stacked(contents: Contents, name: str) -> Picture:
    """Lying bars, each split by the columns of a table."""
    (title, keys), colours = STACKS[name], COLOURS[name]
    columns = [FIGURES[key] for key in keys]
    bars, series = at_most(contents.table(columns)), [each.column for each in columns]
    said = "。".join(f"{bar} " + "、".join(map("{}{}".format, series, values)) for bar, values in bars)
    most = max((sum(values) for _bar, values in bars), default=0)
    if most == 0:
        return title, said or NOTHING, nothing(title, said)
    parts, y = legend(series, colours)
    left = min(150.0, max(wide(bar) for bar, _values in bars) + 12)
    unit = UNITS["days"]
    scale = (WIDTH - left - wide(f"{number(most)}{unit}") - 10) / most
    for bar, values in bars:
        parts.append(text(left - 8, y + 19, cut(bar, left - 10), "end"))
        x = left
        for colour, value in zip(colours, values, strict=True):
            if width := value * scale:
                parts.append(rect(x, y, max(width - 2, 1), 28, colour))
            if width >= wide(number(value)) + 4:
                parts.append(text(x + width / 2 - 1, y + 19, number(value), "middle", PAPER, 700))
            x += width
        parts.append(text(x + 6, y + 19, f"{number(sum(values))}{unit}", weight=700))
        y += 40
    return title, said, finished(title, said, int(y), parts)


def at_most(table: Table) -> Bars:
    """The longest bars in their order, the rest in one together."""
    bars = [(name, [int(value or 0) for value in values]) for name, values in table.rows]
    if len(bars) <= MOST:
        return bars
    longest = set(sorted(range(len(bars)), key=lambda place: -sum(bars[place][1]))[: MOST - 1])
    rest = [values for place, (_name, values) in enumerate(bars) if place not in longest]
    together = [sum(values) for values in zip(*rest, strict=True)]
    return [bar for place, bar in enumerate(bars) if place in longest] + [(f"ほか{len(rest)}事業所", together)]


def legend(names: list[str], colours: tuple[str, ...]) -> tuple[list[str], float]:
    """Names with their colours; and where the bars begin."""
    parts, x, y = [], 0.0, 4.0
    for name, colour in zip(names, colours, strict=True):
        width = wide(name) + 40
        if x and x + width > WIDTH:
            x, y = 0.0, y + 24
        parts += [rect(x, y, 18, 14, colour), text(x + 24, y + 12, cut(name, WIDTH - 30))]
        x += width
    return parts, y + 28


def nothing(title: str, said: str) -> str:
    """A frame that says so."""
    frame = (
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="94" rx="8" fill="none" stroke="{FAINT}"'
        ' stroke-dasharray="4 4"/>'
    )
    return finished(title, said, 96, [frame, text(WIDTH / 2, 53, NOTHING, "middle", FAINT)])


def finished(title: str, said: str, height: int, parts: list[str]) -> str:
    """The whole picture."""
    desc = f"<desc>{escape(said)}</desc>" if said else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(title)}"'
        f' width="{WIDTH}" height="{height}" font-family="BIZ UDPGothic, Noto Sans JP"><title>{escape(title)}</title>'
        f"{desc}{''.join(parts)}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" fill="{fill}"/>'


def text(x: float, y: float, words: str, anchor: str = "start", fill: str = INK, weight: int = 400) -> str:
    """Letters; those in the middle stay inside the sheet."""
    if anchor == "middle":
        half = wide(words) / 2
        x = min(max(x, half), WIDTH - half)
    return (
        f'<text x="{short(x)}" y="{short(y)}" text-anchor="{anchor}" fill="{fill}" font-size="{LETTER}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )


def wide(words: str) -> float:
    """About how wide letters are."""
    return sum(LETTER if ord(letter) > 0x2FF else LETTER * 0.66 for letter in words) + 2


def cut(words: str, room: float) -> str:
    """As much as has room."""
    if wide(words) <= room:
        return words
    kept = words
    while kept and wide(kept + "…") > room:
        kept = kept[:-1]
    return f"{kept}…"


def rounds() -> Iterator[int]:
    """Round numbers, ascending."""
    size = 1
    while True:
        yield from (size * part for part in (1, 2, 4, 6, 8))
        size *= 10


def number(amount: Number) -> str:
    """A number with as many decimals as it has."""
    return f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}".rstrip("0").rstrip(".")


def short(value: float) -> str:
    """A measure with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")

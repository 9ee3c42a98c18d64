"""A sheet to draw a chart on: shapes as markup, texts cut to their room, the finished picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 420
TEXT: Final = 14
INK: Final = "#1a1a1a"
FAINT: Final = "#666666"
GRID: Final = "#d9d9d9"
PAPER: Final = "#ffffff"
NEVER_FIRST: Final = "ーぁぃぅぇぉっゃゅょァィゥェォッャュョ）」、。・々"
PDF_LETTERS: Final = "BIZ UDPGothic, Noto Sans JP"


@dataclass
class Sheet:
    """What is drawn so far, and how texts are cut to their room. Words are anybody's, colours and anchors our own."""

    height: int
    parts: list[Markup] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        room = f'width="{short(max(width, 0))}" height="{short(max(height, 0))}"'
        self.draw(Markup(f'<rect x="{short(x)}" y="{short(y)}" {room} fill="{fill}"/>'))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str = GRID) -> None:
        ends = f'x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}"'
        self.draw(Markup(f'<line {ends} stroke="{colour}" stroke-width="1"/>'))

    def text(self, x: float, y: float, words: str, anchor: str = "start", fill: str = INK, weight: int = 400) -> None:
        if anchor == "middle":
            half = wide(words) / 2
            x = min(max(x, half), WIDTH - half)
        place = f'x="{short(x)}" y="{short(y)}" text-anchor="{anchor}"'
        look = f'fill="{fill}" font-size="{TEXT}" font-weight="{weight}"'
        self.draw(Markup(f"<text {place} {look}>{escape(words)}</text>"))

    def draw(self, markup: Markup) -> None:
        self.parts.append(markup)


def finish(sheet: Sheet, title: str, desc: str, standalone: bool) -> Markup:
    """The whole picture, named; standalone with its own size and letters."""
    own = (
        Markup(' width="{}" height="{}" font-family="{}"').format(WIDTH, sheet.height, PDF_LETTERS)
        if standalone
        else Markup("")
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>'
        "<title>{}</title>{}{}</svg>"
    ).format(
        WIDTH, sheet.height, title, own, title,
        Markup("<desc>{}</desc>").format(desc) if desc else Markup(""),
        Markup("").join(sheet.parts),
    )  # fmt: skip


def wrapped(words: str, room: float) -> tuple[str, ...]:
    """A label on one row, or on two of about the same length, the second cut where it must be."""
    if wide(words) <= room:
        return (words,)
    first = words[: (len(words) + 1) // 2]
    while len(first) > 1 and (wide(first) > room or words[len(first)] in NEVER_FIRST):
        first = first[:-1]
    return first, cut(words[len(first) :], room)


def wide(words: str) -> float:
    """About how wide a text is: Japanese letters are square, Latin ones two thirds at most (digits on paper)."""
    return sum(TEXT if ord(letter) > 0x2FF else TEXT * 0.66 for letter in words) + 2


def cut(words: str, room: float) -> str:
    """A text, or as much of it as has room, with an ellipsis."""
    if wide(words) <= room:
        return words
    kept = words
    while kept and wide(kept + "…") > room:
        kept = kept[:-1]
    return f"{kept}…"


def short(value: float) -> str:
    """A measure with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")

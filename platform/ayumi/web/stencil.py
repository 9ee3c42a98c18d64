"""A part that stands on a page many times is written once, by its components, with marks where the copies differ.

Two hundred cells with their lists, written one by one, take longer than everything else of a page. A stencil is the
text of one of them: each copy is that text with its own words, escaped, in the places of the marks.
"""

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

BETWEEN = "\0"
OPTIONS = r'(<select [^>]*name="{name}"[^>]*>)(.*?)(</select>)'


def mark(name: str) -> str:
    """A text that stands for what differs, and that no component changes or escapes."""
    return f"\ue000{name}\ue001"


class Stencil:
    """``written``: the part as its components write it. ``selects``: name of a list there -> mark of its options."""

    def __init__(self, written: str, marks: Iterable[str], selects: Mapping[str, str]) -> None:
        for name, said in selects.items():
            written = _open(written, name, said)
        pattern = "|".join(re.escape(each) for each in (*marks, *selects.values()))
        self.parts = re.split(f"({pattern})", written)
        self.order = self.parts[1::2]

    def fill(self, words: Mapping[str, object]) -> Markup:
        """Return a copy with its own words: mark -> word, escaped unless it is mark-up."""
        safe = _escaped(words)
        parts = self.parts.copy()
        parts[1::2] = [safe[each] for each in self.order]
        return Markup("".join(parts))  # noqa: S704  the rest was written by components, every word is escaped


def _escaped(words: Mapping[str, object]) -> dict[str, str]:
    """Escape all words at once, but for mark-up. Between them stands what no text of the database can hold."""
    plain = {each: str(word) for each, word in words.items() if type(word) is not Markup}
    escaped = str(escape(BETWEEN.join(plain.values()))).split(BETWEEN)
    return {**words, **dict(zip(plain, escaped, strict=True))}  # type: ignore[dict-item]


def _open(written: str, name: str, said: str) -> str:
    """Put a mark in the place of a list's options."""
    return re.sub(OPTIONS.format(name=re.escape(name)), rf"\1{said}\3", written, count=1, flags=re.DOTALL)

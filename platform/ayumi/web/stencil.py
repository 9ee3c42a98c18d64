"""A part that stands on a page many times is written once, by its components, with marks where the copies differ.

Two hundred cells with their lists, written one by one, take longer than everything else of a page. A stencil is the
text of one of them: each copy is that text with its own words, escaped, in the places of the marks.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

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

    def fill_all(self, copies: Sequence[Mapping[str, object]]) -> Markup:
        """Return many copies, one after the other; the words of all are escaped at once."""
        words = [words[each] for words in copies for each in self.order]
        plain = [place for place, word in enumerate(words) if type(word) is not Markup]
        for place, word in zip(plain, _all_escaped([words[place] for place in plain]), strict=True):
            words[place] = word
        length, holes, parts = len(self.parts), len(self.order), self.parts * len(copies)
        for copy in range(len(copies)):
            parts[copy * length + 1 : (copy + 1) * length : 2] = words[copy * holes : (copy + 1) * holes]
        return Markup("".join(parts))  # noqa: S704  as above


def _escaped(words: Mapping[str, object]) -> dict[str, str]:
    """Escape all words at once, but for mark-up."""
    plain = {each: word for each, word in words.items() if type(word) is not Markup}
    return {**words, **dict(zip(plain, _all_escaped(plain.values()), strict=True))}  # type: ignore[dict-item]


def _all_escaped(words: Collection[object]) -> list[str]:
    """Escape many words as one text. Between them stands what no text of the database can hold."""
    return str(escape(BETWEEN.join(map(str, words)))).split(BETWEEN) if words else []


def _open(written: str, name: str, said: str) -> str:
    """Put a mark in the place of a list's options."""
    return re.sub(OPTIONS.format(name=re.escape(name)), rf"\1{said}\3", written, count=1, flags=re.DOTALL)

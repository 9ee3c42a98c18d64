"""A part that stands on a page many times is written once, by its components, with marks where the copies differ.

Two hundred cells of ten fields each, written one by one, take longer than everything else of a page. A stencil is the
text of one of them: each copy is that text with its own words, escaped, in the places of the marks.
"""

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

OPTIONS = r'(<select [^>]*name="{name}"[^>]*>)(.*?)(</select>)'
OPTION = r'<option value="{value}"[^>]*(?=>)'


def mark(name: str) -> str:
    """A text that stands for what differs, and that no component changes or escapes."""
    return f"\ue000{name}\ue001"


class Stencil:
    """``written``: the part as its components write it. ``selects``: name of a list there -> mark of its choice."""

    def __init__(self, written: str, marks: Iterable[str], selects: Mapping[str, str]) -> None:
        self.options: dict[str, str] = {}
        self.chosen: dict[tuple[str, str], Markup] = {}
        for name, said in selects.items():
            written = self._open(written, name, said)
        pattern = "|".join(re.escape(each) for each in (*marks, *selects.values()))
        self.parts = re.split(f"({pattern})", written)
        self.order = self.parts[1::2]

    def _open(self, written: str, name: str, said: str) -> str:
        """Put a mark in the place of a list's options; a list that is not there stays out."""
        found = re.search(OPTIONS.format(name=re.escape(name)), written, re.DOTALL)
        if found is None:
            return written
        self.options[said] = found[2]
        return f"{written[: found.end(1)]}{said}{written[found.start(3) :]}"

    def choose(self, said: str, value: str) -> Markup:
        """Return the options of a list with this one chosen."""
        key = (said, value)
        if key not in self.chosen:
            pattern = OPTION.format(value=re.escape(str(escape(value))))
            options = self.options.get(said, "")
            self.chosen[key] = Markup(re.sub(pattern, lambda found: f"{found[0]} selected", options, count=1))  # noqa: S704  the components have escaped it
        return self.chosen[key]

    def fill(self, words: Mapping[str, object]) -> Markup:
        """Return a copy with its own words: mark -> word, escaped unless it is mark-up."""
        safe = {each: escape(word) for each, word in words.items()}
        parts = self.parts.copy()
        parts[1::2] = [safe[each] for each in self.order]
        return Markup("".join(parts))  # noqa: S704  the rest was written by components, every word is escaped

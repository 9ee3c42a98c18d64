"""Which characters can be printed: asked of the fonts themselves before anything is printed.

The compiler of documents prints an empty box, or refuses the whole document, where no font has a character. A
name deserves better: here the characters are found first, each with the text it stands in.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont

GETA: Final = "〓"
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SELECTOR: Final = re.compile(f"[{_SELECTORS}]")
_LETTER: Final = re.compile(f"(?s).[{_SELECTORS}]?")
# What has no ink: joiners, direction marks, byte order marks, controls other than the line break.
_NO_INK: Final = "\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_INKLESS: Final = re.compile(f"[{_NO_INK}]")
_MARKS: Final = "\u3099\u309a"  # what is set over kana
_TO_CLEAN: Final = re.compile(f"[{_NO_INK}{_MARKS}]")


@dataclass(frozen=True, slots=True)
class Lost:
    """A character that no font has: where it stands in the data, the whole text there, and the character.

    The character is two code points when it is a form of a kanji (variation sequence) that no font has.
    """

    where: str
    text: str
    character: str


class Repertoire:
    """Everything a set of fonts can print."""

    def __init__(self, fonts: Iterable[Path]) -> None:
        coverages = [_coverage(path) for path in fonts]
        # Families complete each other; plain and bold of one family have the same characters (tested).
        self._single = frozenset().union(*(single for single, _ in coverages))
        self._forms = frozenset().union(*(forms for _, forms in coverages))
        # Most texts are made of these alone, and are not looked through letter by letter.
        self._plain = frozenset(letter for letter in map(chr, self._single) if not _SELECTOR.match(letter)) | {"\n"}

    def prints(self, letter: str) -> bool:
        """Whether a letter, or a kanji with its variation selector, can be printed as it is."""
        if len(letter) == 2:
            return (ord(letter[0]), ord(letter[1])) in self._forms
        return letter == "\n" or letter.isspace() or ord(letter) in self._single

    def lost(self, data: object, where: str = "") -> Iterator[Lost]:
        """Every character in any text of the data that cannot be printed."""
        for place, text in texts_in(data, where):
            if not self._plain.issuperset(text):
                yield from (Lost(place, text, letter) for letter in _LETTER.findall(text) if not self.prints(letter))

    def with_geta(self, text: str) -> str:
        """The text with 〓 for what cannot be printed; a kanji whose form no font has takes its plain form."""
        if self._plain.issuperset(text):
            return text
        return _LETTER.sub(lambda letter: self._instead(letter[0]), text)

    def _instead(self, letter: str) -> str:
        if self.prints(letter):
            return letter
        return letter[0] if len(letter) == 2 and self.prints(letter[0]) else GETA


def texts_in(data: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside nested data with its path, such as lines[3].person."""
    if isinstance(data, str):
        yield where, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from texts_in(value, f"{where}.{key}" if where else str(key))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from texts_in(value, f"{where}[{number}]")


def clean(text: str) -> str:
    """The text without what has no ink, lines ended in one way, and kana with their marks in one piece.

    Only kana are composed: composing everything would turn some kanji of names into others.
    """
    if not _TO_CLEAN.search(text):
        return text
    ended = re.sub(r"\r\n?", "\n", text).replace("\t", " ")
    inked = _INKLESS.sub("", ended)
    return re.sub(f"[ぁ-ヿ][{_MARKS}]", lambda kana: unicodedata.normalize("NFC", kana[0]), inked)


@cache
def _coverage(path: Path) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """The code points of a font, and its variation sequences (character, selector)."""
    with TTFont(path, lazy=True) as font:
        # Any names will do: to find those of the font itself takes longer than all the rest.
        font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
        tables: list[Any] = font["cmap"].tables
        single = frozenset(font.getBestCmap())
    forms = {
        (character, selector)
        for table in tables
        if table.format == 14
        for selector, pairs in table.uvsDict.items()
        for character, _glyph in pairs
    }
    return single, frozenset(forms)

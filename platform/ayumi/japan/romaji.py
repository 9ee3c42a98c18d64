"""Readings in Latin letters, for names in addresses: Hepburn as signposts write it, long vowels short."""

import re
from typing import Final

ROWS: Final = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
    "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
    "p": "パピプペポ",
}  # fmt: skip
SAID_OTHERWISE: Final = {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヤ": "ya", "ユ": "yu",
    "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "n", "ヴ": "vu", "ー": "",
}  # fmt: skip
SINGLE: Final = {kana: row + vowel for row, line in ROWS.items() for kana, vowel in zip(line, "aiueo", strict=True)}
SOUNDS: Final = SINGLE | SAID_OTHERWISE
SMALL: Final = {"ャ": "a", "ュ": "u", "ョ": "o"}
KINDS: Final = {
    "市": ("シ",), "町": ("チョウ", "マチ"), "村": ("ムラ", "ソン"), "区": ("ク",), "県": ("ケン",), "府": ("フ",),
    "都": ("ト",),
}  # fmt: skip


def romaji(kana: str) -> str:
    """A katakana reading in small Latin letters: モリオカ makes morioka, チョウフ chofu, サッポロ sapporo."""
    said = ""
    for place, mark in enumerate(kana):
        if mark in SMALL:
            said = _joined(said, SMALL[mark])
        elif mark != "ッ":
            said += _doubled(SOUNDS.get(mark, ""), after=kana[place - 1 : place])
    return re.sub("ou|oo", "o", said).replace("uu", "u")


def _joined(said: str, vowel: str) -> str:
    """キ and ャ are kya, シ and ャ are sha."""
    stem = said[:-1]
    return stem + vowel if stem.endswith(("sh", "ch", "j")) else f"{stem}y{vowel}"


def _doubled(sound: str, *, after: str) -> str:
    if after != "ッ" or not sound:
        return sound
    return ("t" if sound.startswith("ch") else sound[0]) + sound


def slug(name: str, kana: str) -> str:
    """A municipality's or prefecture's name in addresses: its reading without what kind of place it is."""
    for ending in KINDS.get(name[-1:], ()):
        if kana.endswith(ending) and len(kana) > len(ending):
            return romaji(kana.removesuffix(ending))
    return romaji(kana)

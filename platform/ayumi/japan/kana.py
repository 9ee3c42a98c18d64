"""Kana: finding people by how their names sound. Nothing here is ever applied to a stored name.

A name is kept exactly as entered, because even NFC changes some characters of names (U+FA19 into U+795E).
These functions make keys beside it, and tidy the kana reading, which is ours to write in one way.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal


class NotKana(ValueError):
    """A reading holds something else than kana."""


_SMALL: Final = str.maketrans(
    "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
    "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ",
)
# People look for 渡邊 by typing 渡辺: forms of one character, common in names, are brought to one of them.
_VARIANTS: Final = str.maketrans(
    "髙﨑𠮷齋齊斎邊邉濵濱嶋嶌澤廣國櫻德惠眞桒淵渕瀨榮曾萬龍",
    "高崎吉斉斉斉辺辺浜浜島島沢広国桜徳恵真桑渕渕瀬栄曽万竜",
)
_KATAKANA: Final = {code: code + 0x60 for code in (*range(ord("ぁ"), ord("ゖ") + 1), ord("ゝ"), ord("ゞ"))}
# All three at once: what hiragana become is made large as katakana are.
_HEARD: Final = {code: _SMALL.get(katakana, katakana) for code, katakana in _KATAKANA.items()} | _SMALL | _VARIANTS
_UNHEARD: Final = re.compile(
    r"[\s"  # spaces of every width
    r"ー\-\u2010-\u2015\u2212\u2500\uff0d〜~"  # long vowel marks and everything typed in their place
    r"・･゠＝="  # between the parts of foreign names
    r"\u200b-\u200d\u2060\ufeff"  # invisible joiners that come along when copying
    r"\ufe00-\ufe0f\U000e0100-\U000e01ef]"  # variation selectors (IVS)
)
_VOICING: Final = re.compile("[\u3099\u309a゛゜]")
_HALF_WIDTH: Final = re.compile("[\uff61-\uff9f]+")
_READING: Final = re.compile("[ァ-ヺー・゠＝　]+")


def search_key(text: str, level: Literal[1, 2] = 1) -> str:
    """What is compared when people look for a name; a prefix of a name makes a prefix of its key.

    Level 1 forgives width, hiragana or katakana, small kana, long vowels, spaces, dashes and letter case:
    はっとり じゅんいちろー and ﾊｯﾄﾘ ｼﾞｭﾝｲﾁﾛｰ both make ハツトリジユンイチロ. Level 2 forgives voicing too:
    ヤマザキ and ヤマサキ. What sounds alike but is written otherwise (サイトウ) stays apart: offer both.
    """
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    key = unicodedata.normalize("NFC", _UNHEARD.sub("", wide).translate(_HEARD))
    return key if level == 1 else _without_voicing(key)


def search_keys(texts: Sequence[str]) -> list[str]:
    """The keys of many names, in their order. They are made of one text, in which nothing meets across a NUL."""
    keys = search_key("\0".join(texts)).split("\0")
    return keys if len(keys) == len(texts) else [search_key(text) for text in texts]


def sort_key(reading: str) -> str:
    """Gojūon order for a plain byte-wise collation: unvoiced letters first, then voicing (ハ, バ, パ)."""
    return f"{search_key(reading, 2)} {search_key(reading)}"


def to_katakana(text: str) -> str:
    """A reading in full-width katakana, from hiragana and half-width kana, one wide space between parts."""
    wide = _HALF_WIDTH.sub(lambda half: unicodedata.normalize("NFKC", half[0]), text)
    katakana = unicodedata.normalize("NFC", _to_katakana(wide))
    return re.sub(r"\s+", "\u3000", katakana.strip())


def is_kana(text: str) -> bool:
    """Whether a reading is only full-width katakana, long vowel marks and the marks between its parts."""
    return bool(_READING.fullmatch(text)) and bool(text.strip())


def reading(text: str) -> str:
    """A reading as it is stored, or NotKana: kanji is never guessed."""
    katakana = to_katakana(text)
    if not is_kana(katakana):
        raise NotKana(text)
    return katakana


def _to_katakana(text: str) -> str:
    return text.translate(_KATAKANA)


def _without_voicing(text: str) -> str:
    return unicodedata.normalize("NFC", _VOICING.sub("", unicodedata.normalize("NFD", text)))

"""All municipalities of Japan, so that nobody types a name, a reading or a prefecture. Facts beside: data/README.md."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ayumi.japan import romaji
from ayumi.japan.kana import search_key

TABLE = Path(__file__).parent / "data" / "municipalities.csv"
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class LocalGovernment:
    """One municipality or prefecture."""

    code: str
    name: str
    kana: str
    prefecture: str

    @property
    def slug(self) -> str:
        """Its name in addresses, without what kind of municipality it is: morioka."""
        return romaji.slug(self.name, self.kana)


@cache
def prefectures() -> tuple[LocalGovernment, ...]:
    """All 47 prefectures by code."""
    return tuple(LocalGovernment(code, name, kana, name) for code, name, kana in _rows() if code[2:5] == "000")


@cache
def every() -> tuple[LocalGovernment, ...]:
    """All 1,741 municipalities by code."""
    named = {each.code[:2]: each.name for each in prefectures()}
    return tuple(
        LocalGovernment(code, name, kana, named[code[:2]]) for code, name, kana in _rows() if code[2:5] != "000"
    )


def by_code(code: str) -> LocalGovernment | None:
    """The municipality with this code."""
    return _by_code().get(code)


def prefecture_of(code: str) -> LocalGovernment:
    """The prefecture of a municipality's code."""
    return next(each for each in prefectures() if each.code[:2] == code[:2])


def search(words: str, most: int = MOST_FOUND) -> list[LocalGovernment]:
    """Municipalities that a code, a name, the beginning of a reading, or a prefecture and one of these may mean."""
    wanted = words.split()
    fitting = [each for each in every() if wanted and all(_fits(each, word) for word in wanted)]
    return sorted(fitting, key=lambda each: (words not in (each.code, each.name), len(each.name), each.code))[:most]


def _fits(each: LocalGovernment, word: str) -> bool:
    if word.isdecimal():
        return each.code.startswith(word)
    return word in each.name or word in each.prefecture or search_key(each.kana).startswith(search_key(word))


@cache
def _by_code() -> dict[str, LocalGovernment]:
    return {each.code: each for each in every()}


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple((row["code"], row["name"], row["kana"]) for row in csv.DictReader(lines))

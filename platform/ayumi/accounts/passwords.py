"""Passwords: which are taken, and how they are kept (argon2id, at the cost the settings name).

A password is brought to Unicode's form NFKC before it is measured, hashed or compared: the same keys pressed on
another machine may give full-width letters or another composition of kana. No kinds of characters are asked for;
length is, and that it is none of those everybody tries first and holds nothing a stranger knows of its owner.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ayumi.config import settings
from ayumi.japan.kana import search_key
from ayumi.kernel.words import _

LEAST_LENGTH = 12
MOST_LENGTH = 200
FEW_CHARACTERS = 4
SHORTEST_LATIN, SHORTEST_OTHER = 4, 2  # words shorter than this may stand in any password
COMMON = Path(__file__).parent / "common_passwords.txt"
PRODUCT = ("ayumi", "歩み", "あゆみ")

TOO_SHORT = _("Use 12 characters or more.")
TOO_LONG = _("Use 200 characters or fewer.")
COMMON_ONE = _("Many people use this password or one like it. Please choose another, for example four unrelated words.")
OWN_WORDS = _(
    "Please leave out your name, your e-mail address, the name of your municipality or firm, and the word Ayumi."
)


@lru_cache
def _hasher(cost: str) -> PasswordHasher:
    if cost == "low":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@lru_cache
def _nobodys_hash(cost: str) -> str:
    return _hasher(cost).hash("nobody has this password")


def normal(password: str) -> str:
    """Return a password as it is hashed."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher(settings().password_cost).hash(normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Tell whether a password belongs to a hash; takes as long when there is no hash to compare with."""
    cost = settings().password_cost
    try:
        return _hasher(cost).verify(kept or _nobodys_hash(cost), normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def fault(password: str, *, holds: Iterable[str] = ()) -> str | None:
    """Return the sentence that says why a new password is not taken, or None when it is.

    ``holds``: words about its owner that it must not hold (see ``queries.words_about``).
    """
    chosen = normal(password)
    if len(chosen) < LEAST_LENGTH:
        return TOO_SHORT
    if len(chosen) > MOST_LENGTH:
        return TOO_LONG
    if _is_common(chosen.casefold()):
        return COMMON_ONE
    return OWN_WORDS if _holds_any(chosen, [*holds, *PRODUCT]) else None


@lru_cache
def common() -> frozenset[str]:
    """Return the bundled list, read once."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_common(folded: str) -> bool:
    stem = re.sub(r"[\d\W_]+$", "", folded)
    unit = _unit(folded)
    return len(set(folded)) <= FEW_CHARACTERS or bool({folded, stem, unit, _unit(stem)} & common())


def _unit(text: str) -> str:
    """Return what a text repeats: ``abcabcab`` repeats ``abc``; itself when it repeats nothing."""
    return next((text[:length] for length in range(1, len(text)) if _repeats(text, length)), text)


def _repeats(text: str, length: int) -> bool:
    return text[length:] == text[:-length]


def _holds_any(password: str, words: Iterable[str]) -> bool:
    heard = search_key(password)
    return any(key in heard for word in words for key in _keys(word))


def _keys(word: str) -> list[str]:
    """Return the parts of a name that are long enough to be told from chance, as they are compared."""
    parts = {search_key(part) for part in [word, *re.split(r"[\s.@_+\-・　]+", word)]}
    return [part for part in parts if len(part) >= (SHORTEST_LATIN if part.isascii() else SHORTEST_OTHER)]

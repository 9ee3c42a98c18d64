"""Passwords: argon2id, at the cost the settings name."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ayumi.config import settings

LEAST_LENGTH = 12


@lru_cache
def _hasher(cost: str) -> PasswordHasher:
    if cost == "low":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@lru_cache
def _nobodys_hash(cost: str) -> str:
    return _hasher(cost).hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher(settings().password_cost).hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Tell whether a password belongs to a hash; takes as long when there is no hash to compare with."""
    cost = settings().password_cost
    try:
        return _hasher(cost).verify(kept or _nobodys_hash(cost), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False

"""Identifiers of made-up things: the same key gives the same identifier, so that rows find each other."""

from datetime import date, datetime, time
from uuid import UUID, uuid5

from ayumi.kernel.clock import JAPAN

SPACE = UUID("6f1c1b52-0f5e-4f7e-9d0a-2f5f0a1c7e11")


def key_id(*words: object) -> UUID:
    """Return the identifier of a thing, e.g. ``key_id("morioka", "person", "p-07")``."""
    return uuid5(SPACE, "/".join(str(word) for word in words))


def noon(on: date) -> datetime:
    """Return an office-like instant of a day, where only the day is told."""
    return datetime.combine(on, time(11, 30), JAPAN)

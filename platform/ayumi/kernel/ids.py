"""Opaque identifiers: time-ordered so that indexes stay compact, unguessable so that URLs tell nothing."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new() -> UUID:
    """Return a fresh version 7 UUID."""
    return uuid7()

"""Erases what stands on an approved disposal list, and certifies it."""

from uuid import UUID

from ayumi.retention import carrying_out


def run(*, disposal_id: str) -> None:
    """Carry a list out, or go on where it was broken off."""
    carrying_out.carry_out(UUID(disposal_id))

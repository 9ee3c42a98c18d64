"""Writes into the municipality's journal what an operator has seen behind broken glass, in the operator's name."""

from typing import Any
from uuid import UUID

from ayumi.hosting import glass


def run(*, glass_break_id: str, account_id: str, **seen: Any) -> None:
    """Write one view down."""
    glass.write_down(UUID(glass_break_id), account_id=UUID(account_id), **seen)

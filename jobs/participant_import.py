"""Check a list of people and take it over, or say what is wrong with it."""

from uuid import UUID

from ayumi.participants import imports


def run(import_id: str) -> None:
    """Do what was promised when the list was uploaded."""
    imports.work(UUID(import_id))

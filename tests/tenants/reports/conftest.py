"""Counts what a page asks the database, as elsewhere in the console."""

from tests.tenants.participants.conftest import counted

__all__ = ["counted"]

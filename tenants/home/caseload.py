"""Whose cases a home page is about: a caseworker's own, everybody's for those who lead or support."""

from uuid import UUID

from ayumi.accounts.labels import ROLES
from ayumi.web.visit import visit

OWN_CASES_ONLY = "caseworker"


def supports() -> bool:
    """Whether whoever is here writes records as their own work."""
    return any(role.value == "employment_support_worker" for role in visit().roles)


def whose() -> UUID | None:
    """Return the caseworker whose people count, or None for all."""
    roles = {role.value for role in ROLES if role in visit().roles}
    return visit().membership_id if roles == {OWN_CASES_ONLY} else None

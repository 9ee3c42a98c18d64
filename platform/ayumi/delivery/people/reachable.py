"""Addresses of pages that not every face has, and not everybody may open."""

from typing import Any

from flask import current_app, g

from ayumi.web import permissions
from ayumi.web.links import to
from ayumi.web.visit import visit


def reachable(endpoint: str, **values: Any) -> str:
    """Return the address of a page of the present face, or nothing where there is none for whoever is here."""
    view = current_app.view_functions.get(f"{g.face}.{endpoint}")
    permission = getattr(view, "permission", None)
    if view is None or permission is None or not permissions.may(visit(), permission):
        return ""
    return to(endpoint, **values)

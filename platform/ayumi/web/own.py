"""The door of one's own pages: only for somebody logged in by themselves, and asked again where a page says so."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from ayumi.kernel.errors import NotFound
from ayumi.web import by_provider, guard, login, step_up
from ayumi.web.visit import Visitor


def guard_own(pages: Blueprint) -> None:
    """Put the door before every view of a blueprint."""
    pages.before_request(admit)


def admit() -> ResponseReturnValue | None:
    """Let somebody to their own pages, or answer why not. Who came by an employer's link has none,
    who came by a municipality's provider next to none.
    """
    found = login.visitor()
    if found is None:
        return guard.ask_to_log_in()
    view = current_app.view_functions[str(request.endpoint)]
    if found.only_tenant_id is not None and not by_provider.may_open(found, view):
        raise NotFound
    return step_up.check(found, view)


def visitor() -> Visitor:
    """Return whoever is here; there is somebody behind this door."""
    found = login.visitor()
    assert found is not None
    return found

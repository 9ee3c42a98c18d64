"""What an operator has looked at, in words: which page, about what, with a link to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g
from flask_babel import gettext
from werkzeug.routing import BuildError

from ayumi.kernel.db import Rows
from ayumi.kernel.words import _
from ayumi.web.frame import NAVIGATION

# Parts of the console that have no line in its menu.
BESIDE = {
    "consents": _("Consents"),
    "days": _("Experience days"),
    "enrolments": _("Enrolments"),
    "goals": _("Goals"),
    "agreements": _("Agreements with employers"),
    "prices": _("Prices"),
    "selection": _("Way of choosing people"),
    "confirmations": _("Confirmations by employers"),
}


@dataclass(frozen=True, slots=True)
class View:
    """One page that was looked at."""

    at: datetime
    part: str
    page: str
    url: str


def shown(rows: Rows) -> list[View]:
    """Return the views of a break in order."""
    return [_view(row.at, row.changes or {}) for row in rows]


def _view(at: datetime, changes: dict[str, list[str | None]]) -> View:
    page, subject, id = (changes.get(name, [None, None])[1] or "" for name in ("page", "subject", "subject_id"))
    return View(at, _name(page), page, _address(page, f"{subject}_id", id))


def _name(page: str) -> str:
    """In which part of the console a page stands, in the words of its menu."""
    part = page.partition(".")[0]
    named = {entry.endpoint.partition(".")[0]: entry.label for entry in NAVIGATION[g.face]} | BESIDE
    return gettext(named[part]) if part in named else part


def _address(page: str, name: str, id: str) -> str:
    endpoint = f"{g.face}.{page}"
    if endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {name: id} if id else {}
    try:
        return current_app.url_for(endpoint, **values)
    except BuildError:  # it was about more than one thing
        return ""

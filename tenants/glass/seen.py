"""What an operator has looked at, in words: which page, about what, with a link to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g
from werkzeug.routing import BuildError

from ayumi.kernel.db import Rows


@dataclass(frozen=True, slots=True)
class View:
    """One page that was looked at."""

    at: datetime
    page: str
    url: str


def shown(rows: Rows) -> list[View]:
    """Return the views of a break in order."""
    return [View(row.at, *_page(row.changes or {})) for row in rows]


def _page(changes: dict[str, list[str | None]]) -> tuple[str, str]:
    page, subject, id = (changes.get(name, [None, None])[1] or "" for name in ("page", "subject", "subject_id"))
    return page, _address(page, f"{subject}_id", id)


def _address(page: str, name: str, id: str) -> str:
    endpoint = f"{g.face}.{page}"
    if endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {name: id} if id else {}
    try:
        return current_app.url_for(endpoint, **values)
    except BuildError:  # it was about more than one thing
        return ""

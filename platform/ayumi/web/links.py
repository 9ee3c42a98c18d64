"""Addresses within the face one is in: delivery pages are mounted in both, and never need to know which."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import Flask, g, request, url_for

NOBODY = UUID(int=0)


def init_links(app: Flask) -> None:
    """Give templates ``to``."""
    app.jinja_env.globals["to"] = to


def to(endpoint: str, **values: Any) -> str:
    """Return the address of ``records.week`` in the present face and municipality."""
    return url_for(f"{g.face}.{endpoint}", **values)


def fixed(endpoint: str) -> str:
    """Return the address of a page that takes nothing but the place one is in; it is made once for each place."""
    return _made(endpoint, g.get("face"), g.get("slug"), request.script_root)


@lru_cache(maxsize=4096)
def _made(endpoint: str, _face: str | None, _slug: str | None, _root: str) -> str:
    return url_for(endpoint)


def addresses(endpoint: str, name: str) -> Callable[[UUID], str]:
    """Return what makes the address of each of many things: one is made by Flask, the others are its copies."""
    begin, _mark, end = to(endpoint, **{name: NOBODY}).partition(str(NOBODY))

    def address(id: UUID) -> str:
        return f"{begin}{id}{end}"

    return address

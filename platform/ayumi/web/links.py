"""Addresses within the face one is in: delivery pages are mounted in both, and never need to know which."""

from typing import Any

from flask import Flask, g, url_for


def init_links(app: Flask) -> None:
    """Give templates ``to``."""
    app.jinja_env.globals["to"] = to


def to(endpoint: str, **values: Any) -> str:
    """Return the address of ``records.week`` in the present face and municipality."""
    return url_for(f"{g.face}.{endpoint}", **values)

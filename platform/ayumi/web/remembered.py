"""Components whose text depends on nothing but the language and what they are given are written once, and remembered.

Only for what says nothing of anybody: ways around, icons, the squares of a week.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from ayumi.web.formats import is_english

MOST = 4096


def init_remembered(app: Flask) -> None:
    """Give every template ``remember(component, what it is given ...)``."""
    app.jinja_env.globals["remember"] = remember


def remember(component: Callable[..., Markup], *given: Any) -> Markup:
    """Return what a component writes of this; ``given`` may hold texts, numbers and tuples of them."""
    return _written(component, is_english(), given)


@lru_cache(maxsize=MOST)
def _written(component: Callable[..., Markup], _english: bool, given: tuple[Any, ...]) -> Markup:
    return component(*given)

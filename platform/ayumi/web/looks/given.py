"""What a component is given: any object, mapping or tuple, of which most parts may be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Given:
    """Reads a part by its name; a part that is missing or None reads as an empty text."""

    __slots__ = ("_part",)

    def __init__(self, thing: Any) -> None:
        self._part: Callable[[str], Any]
        self._part = thing.get if isinstance(thing, Mapping) else lambda name: getattr(thing, name, None)

    def __getattr__(self, name: str) -> Any:
        value = self._part(name)
        return "" if value is None else value


def given(thing: Any, *names: str) -> Given:
    """Wrap what a page gave; ``names`` call the places of a tuple: item|given("url", "label")."""
    if isinstance(thing, Given):
        return thing
    if isinstance(thing, tuple | list):
        return Given(dict(zip(names, thing, strict=False)))
    return Given(thing)

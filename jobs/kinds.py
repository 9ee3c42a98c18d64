"""Which job does what was promised: kind -> what runs."""

from collections.abc import Callable
from typing import Any

KINDS: dict[str, Callable[..., Any]] = {}

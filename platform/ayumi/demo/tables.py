"""Reads the tables of facts and words that lie in the folder data, each once."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

DATA = resources.files("ayumi.demo") / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """One table by its path under data, without the ending."""
    path = DATA
    for part in f"{name}.toml".split("/"):
        path = path / part
    return tomllib.loads(path.read_text("utf-8"))


@cache
def slugs() -> tuple[str, ...]:
    """The municipalities in the order of the reference."""
    files = [each.name for each in (DATA / "municipalities").iterdir() if each.name.endswith(".toml")]
    found = [name.removesuffix(".toml") for name in files]
    return tuple(sorted(found, key=lambda slug: int(table(f"municipalities/{slug}")["order"])))

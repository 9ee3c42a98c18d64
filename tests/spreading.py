"""What a database spread over several machines (Citus) would refuse, by the forms in which it was refused; and one that
the product takes to be spread, though it lies on one machine.
"""

import re
from collections.abc import Iterator

import pytest

from ayumi.kernel import spread
from ayumi.kernel.doors import remark
from ayumi.schema import metadata

SPREAD = frozenset(table.name for table in metadata.tables.values() if remark(table) is None)
NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)")
SOURCES = re.compile(r"\bFROM\s+(\w+)(.*?)(?=\bWHERE\b|\bORDER BY\b|\bGROUP BY\b|$)", re.DOTALL)
IN_FEW = re.compile(r"\bmembership\.tenant_id = (ANY )?\(?%\(")
LOCKS = re.compile(r"\bFOR (NO KEY )?(UPDATE|SHARE|KEY SHARE)\b")
GATHERED = re.compile(r"\b(\w+) AS (?:MATERIALIZED\s+)?\(\s*SELECT\b.*?\bFROM\s+(\w+)", re.DOTALL)
POURED = re.compile(r"^\s*INSERT INTO \"?(\w+)\"?\s*\([^)]*\)\s*SELECT\b(.*)", re.DOTALL)


def refusals(statement: str) -> list[str]:
    """Say why Citus would refuse a statement."""
    return [*_locks(statement), *_joins(statement), *_pours(statement)]


def searches(statement: str) -> bool:
    """Whether a statement looks for memberships in all municipalities, and so on every machine."""
    return "membership" in NAMED.findall(statement) and not IN_FEW.search(statement)


def _locks(statement: str) -> Iterator[str]:
    """Rows are locked in one municipality at a time."""
    if LOCKS.search(statement):
        for name in sorted(SPREAD & set(NAMED.findall(statement))):
            if not re.search(rf"\b{name}\.tenant_id = (%\(|\d)", statement):
                yield f"locks rows of {name} in all municipalities"


def _joins(statement: str) -> Iterator[str]:
    """What is shared is not joined outward to what is spread; what was gathered there lies where it was gathered."""
    lies_there = SPREAD | {name for name, source in GATHERED.findall(statement) if source in SPREAD}
    for first, rest in SOURCES.findall(statement):
        if first not in lies_there:
            for name in re.findall(r"LEFT OUTER JOIN (\w+)", rest):
                if name in SPREAD:
                    yield f"joins {first} outward to {name}"


def _pours(statement: str) -> Iterator[str]:
    """Rows that are made elsewhere come in by VALUES, or beside rows of their municipality."""
    poured = POURED.match(statement)
    if poured and poured[1] in SPREAD and not SPREAD & set(NAMED.findall(poured[2])):
        yield f"pours into {poured[1]} what lies on one machine only"


class _Every(dict[object, bool]):
    """What is known of every database: it is spread."""

    def __missing__(self, _engine: object) -> bool:
        return True

    def __contains__(self, _engine: object) -> bool:
        return True


def taken_as_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product go the ways it goes on several machines, for one test."""
    monkeypatch.setattr(spread, "_known", _Every())

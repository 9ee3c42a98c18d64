"""Checks an exported journal (JSON Lines) by itself: no database, no platform, only the file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ayumi.audit.canonical import HASHED, digest_of, hash_of, loads
from ayumi.audit.faults import Fault, Finding

FIELDS = (*HASHED, "hash", "previous")


class NoJournal(ValueError):
    """The file is no exported journal."""


@dataclass(slots=True)
class Reading:
    """What an exported journal holds. ``gaps``: where entries are left out, as of another person or period."""

    entries: int = 0
    first: int = 0
    last: int = 0
    hash: str = ""
    gaps: int = 0
    withheld: int = 0
    findings: list[Finding] = field(default_factory=list)


def read(lines: Iterable[str | bytes]) -> Reading:
    """Check every line by itself and against the one before it."""
    found = Reading()
    for number, line in enumerate(lines, 1):
        if line.strip():
            _take(found, _entry(line, number))
    return found


def _entry(line: str | bytes, number: int) -> dict[str, Any]:
    try:
        entry = loads(line)
    except ValueError as error:
        raise NoJournal(f"line {number} is no JSON") from error
    if not isinstance(entry, dict) or not set(FIELDS) <= set(entry):
        raise NoJournal(f"line {number} is no journal entry")
    return entry


def _take(found: Reading, entry: dict[str, Any]) -> None:
    seq = entry["seq"]
    fault = _fault(found, entry)
    if fault is not None:
        found.findings.append(Finding(fault, seq))
    found.gaps += bool(found.entries) and seq > found.last + 1
    found.withheld += entry.get("salt") is None
    found.entries, found.first, found.last, found.hash = found.entries + 1, found.first or seq, seq, entry["hash"]


def _fault(found: Reading, entry: dict[str, Any]) -> Fault | None:
    if found.entries and entry["seq"] <= found.last:
        return Fault.OUT_OF_ORDER
    if hash_of(entry, entry["previous"]) != entry["hash"]:
        return Fault.CHANGED
    if found.entries and entry["seq"] == found.last + 1 and entry["previous"] != found.hash:
        return Fault.CHANGED
    said = entry.get("salt")
    if said is not None and digest_of(said, entry.get("why"), entry.get("changes")) != entry["digest"]:
        return Fault.CONTENT
    return None

"""The journal's arithmetic without a database: the same text, and so the same hash, as the database makes of an entry.

PostgreSQL prints jsonb in one way only: keys ordered by their length in bytes, then by their bytes; one space after
every comma and colon; numbers as they were written, without an exponent; text in UTF-8 with as few escapes as can be.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

HASHED = (
    "tenant_id", "seq", "id", "subject", "subject_id", "action", "status_before", "status_after", "at", "door",
    "membership_id", "account_id", "firm_id", "employer_id", "digest",
)  # fmt: skip


def canonical(value: Any) -> str:
    """Return a JSON value as the database prints it."""
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda pair: (len(pair[0].encode()), pair[0].encode()))
        return "{" + ", ".join(f"{_text(key)}: {canonical(each)}" for key, each in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(canonical(each) for each in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return _number(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} has no canonical form: read JSON with loads() of this module")


def loads(line: str | bytes) -> Any:
    """Read JSON without losing a digit."""
    return json.loads(line, parse_float=Decimal)


def digest_of(salt: str, why: str | None, changes: Any) -> str:
    """Return the digest of what an entry says."""
    return _sha(salt + canonical({"why": why, "changes": changes}))


def hash_of(entry: Mapping[str, Any], previous: str) -> str:
    """Return the hash of an entry that follows ``previous`` (empty before the first)."""
    return _sha(canonical({name: entry[name] for name in HASHED} | {"previous": previous}))


def moment(at: datetime) -> str:
    """Return an instant as it stands in what is hashed."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: Decimal) -> str:
    return "0" + format(value, "f").lstrip("-")[1:] if value.is_zero() else format(value, "f")

"""Two people, one thing: who changes it says which edition they saw, and what they changed is written down."""

from datetime import date, time
from enum import Enum
from typing import Any
from uuid import UUID

from ayumi.kernel.db import OfTenant, db
from ayumi.kernel.errors import Conflict
from ayumi.kernel.words import _


class ChangedMeanwhile(Conflict):
    """Somebody else has saved this since it was shown."""

    message = _("Somebody else has changed this in the meantime. Nothing of yours was saved over theirs.")


def unchanged(row: Any, edition: int | None) -> None:
    """Raise ChangedMeanwhile unless the row is still in the edition somebody looked at (None: they did not say)."""
    before = row.edition
    db.session.flush()  # what has been changed here before is nobody else's change
    if edition not in (None, before, row.edition):
        raise ChangedMeanwhile


def rewrite(row: OfTenant, **values: Any) -> dict[str, list[Any]]:
    """Give a row these values and return what changed, field -> [before, after], as the journal keeps it."""
    before = {name: getattr(row, name) for name in values}
    changes = {name: [_plain(before[name]), _plain(value)] for name, value in values.items() if before[name] != value}
    for name in changes:
        setattr(row, name, values[name])
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if isinstance(value, date | UUID) else value

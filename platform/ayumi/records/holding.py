"""A week that is held: locked until the end of the transaction, so its versions are read once and stay as they are."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ayumi.kernel.db import db, here, one
from ayumi.kernel.errors import Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.records import versions
from ayumi.records.model import RecordVersion, WeeklyRecord

HELD = "held_weeks"  # in a session's info: week -> as it is held


class NotOurs(Refused):
    """Somebody else supports this person in this week."""

    message = _("This week is written by whoever supports the person in that week.")


@dataclass(slots=True)
class HeldWeek:
    """A week with its versions, the first one first, and the transaction that holds it."""

    record: WeeklyRecord
    versions: list[RecordVersion]
    transaction: Any

    @property
    def draft(self) -> RecordVersion | None:
        """The version that is being written, if there is one."""
        return next((each for each in self.versions if each.submitted_at is None), None)

    @property
    def current(self) -> RecordVersion | None:
        """The version that counts: the one submitted last."""
        return next((each for each in self.versions if each.is_current and each.submitted_at is not None), None)


def is_ours(record: Any) -> bool:
    """Tell whether whoever is here writes this week: a firm its own, own staff those no firm can write any more."""
    place = here()
    if place.door is Door.FIRM:
        return bool(record.delivery_firm_id == place.firm_id)
    return record.delivery_firm_id is None or bool(record.delivery_firm_id != record.firm_id)


def hold(record_id: UUID, *, ours: bool = True) -> HeldWeek:
    """Return a week of somebody one may see, held until the end of the transaction; held already, it is held still."""
    known: dict[UUID, HeldWeek] = db.session().info.setdefault(HELD, {})
    found = known.get(record_id)
    if found is None or found.transaction is not _transaction():
        record = one(WeeklyRecord, record_id, lock=True)
        participants.one(record.participant_id)
        found = known[record_id] = HeldWeek(record, list(versions.every(record_id)), _transaction())
    if ours and not is_ours(found.record):
        raise NotOurs
    return found


def _transaction() -> Any:
    """The innermost transaction: what a savepoint has locked is free again when it is given up."""
    return db.session().get_nested_transaction() or db.session().get_transaction()

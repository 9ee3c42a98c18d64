"""A week that is held: locked until the end of the transaction, so its versions are read once and stay as they are."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, inspect, select

from ayumi.kernel.db import db, here
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.kept import kept
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.kernel.writing import Many, send, standing_for
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.records import versions
from ayumi.records.content import Content
from ayumi.records.model import RecordStatus, RecordVersion, WeeklyRecord

UNTOUCHED = 1  # the edition in which a week is expected
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
    said: dict[UUID, Content] = field(default_factory=dict)
    """Version -> what it says, as far as it has been read or written here."""
    unsent: Many | None = None
    """The days of a version that was begun here, as long as they have not been sent."""

    def begin(self, said: Content, *, reason: str | None = None) -> RecordVersion:
        """Open the next version, to be sent with whatever else is done to the week."""
        opened, self.unsent = versions.begin(self.record, self.versions, said=said, reason=reason)
        self.versions.append(opened)
        self.said[opened.id] = said
        return opened

    def send(self) -> None:
        """Send what has been written of the week: its last version and what became of the week itself."""
        days, self.unsent = self.unsent, None
        send(*self.versions[-1:], self.record, besides=days)

    def content_of(self, version: RecordVersion | None) -> Content:
        """Return what a version says, read once; nothing for none."""
        if version is None:
            return Content()
        if version.id not in self.said:
            self.said[version.id] = versions.content_of(version)
        return self.said[version.id]

    @property
    def content(self) -> Content:
        """What the week says at the moment: its draft, else the version that counts."""
        return self.content_of(self.draft or self.current)

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


def is_blank(record: WeeklyRecord) -> bool:
    """Whether nothing was ever written for this week: whoever saves something of it counts its edition."""
    return record.status is RecordStatus.EXPECTED and record.edition == UNTOUCHED


def hold(record_id: UUID, *, ours: bool = True) -> HeldWeek:
    """Return a week of somebody one may see, held until the end of the transaction; held already, it is held still."""
    known: dict[UUID, HeldWeek] = db.session().info.setdefault(HELD, {})
    found = known.get(record_id)
    if found is None or found.transaction is not _transaction():
        record = _lock(record_id)
        written = [] if is_blank(record) else list(versions.every(record_id))
        found = known[record_id] = HeldWeek(record, written, _transaction())
    if ours and not is_ours(found.record):
        raise NotOurs
    return found


def _lock(record_id: UUID) -> WeeklyRecord:
    found = db.session.execute(_of_somebody_seen(), {"week": record_id}).one_or_none()
    if found is None:
        raise NotFound
    record = standing_for(WeeklyRecord, found._asdict())
    participants.looked_at(record.participant_id)
    return record


@kept
def _of_somebody_seen() -> Select[*tuple[Any, ...]]:
    return (
        select(*(getattr(WeeklyRecord, name) for name in inspect(WeeklyRecord).columns.keys()))  # noqa: SIM118
        .join(Participant, Participant.id == WeeklyRecord.participant_id)
        .where(WeeklyRecord.id == bindparam("week"), participants.visible())
        .with_for_update(of=WeeklyRecord)
    )


def _transaction() -> Any:
    """The innermost transaction: what a savepoint has locked is free again when it is given up."""
    return db.session().get_nested_transaction() or db.session().get_transaction()

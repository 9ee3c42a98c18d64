"""The versions of a week: what each says, and writing the one that is still open."""

from collections.abc import Sequence
from dataclasses import fields as parts
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, select

from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, here
from ayumi.kernel.kept import kept
from ayumi.kernel.writing import Many
from ayumi.participants import fields
from ayumi.participants.fields import Group
from ayumi.records.content import Content, DayEntry, Words, said_by
from ayumi.records.model import RecordDay, RecordVersion, WeeklyRecord

DAY_FIELDS = tuple(each.name for each in parts(DayEntry))
WORD_FIELDS = tuple(each.name for each in parts(Words))


def counts() -> ColumnElement[bool]:
    """Holds for the version that counts; a draft never does."""
    return and_(RecordVersion.is_current, RecordVersion.submitted_at.is_not(None))


EVERY = select(RecordVersion).where(RecordVersion.weekly_record_id == bindparam("week")).order_by(RecordVersion.version)


def every(record_id: UUID) -> Sequence[RecordVersion]:
    """Return all versions of a week, the first one first."""
    return db.session.scalars(EVERY, {"week": record_id}).all()


def is_open_draft() -> ColumnElement[bool]:
    """Holds for weeks of which a version is being written."""
    return exists().where(RecordVersion.weekly_record_id == WeeklyRecord.id, RecordVersion.submitted_at.is_(None))


def contents(versions: Sequence[RecordVersion]) -> dict[UUID, Content]:
    """Return what these versions say, as far as it may be read here: version -> content.

    Whoever writes records reads all of them (a test holds that), so nothing is lost in copying and comparing.
    """
    days: dict[UUID, list[DayEntry]] = {version.id: [] for version in versions}
    if days:
        names = _readable()
        for row in db.session.execute(_days(), {"versions": list(days)}):
            days[row.record_version_id].append(DayEntry(**dict(zip(names, row[1:], strict=True))))
    return {version.id: Content(words_of(version), tuple(days[version.id])) for version in versions}


@kept
def _days() -> Select[*tuple[Any, ...]]:
    return (
        select(RecordDay.record_version_id, *(getattr(RecordDay, name) for name in _readable()))
        .where(RecordDay.record_version_id.in_(bindparam("versions", expanding=True)))
        .order_by(RecordDay.held_on, RecordDay.position)
    )


def _readable() -> list[str]:
    notes = () if fields.sees(Group.HEALTH_NOTES) else fields.NOTES
    return [name for name in DAY_FIELDS if name not in notes]


def content_of(version: RecordVersion | None) -> Content:
    """Return what one version says; nothing for none."""
    return contents([version])[version.id] if version else Content()


def words_of(version: RecordVersion) -> Words:
    """Return what a version says of the whole week."""
    return Words(**{name: getattr(version, name) for name in WORD_FIELDS})


# Writing ------------------------------------------------------------------------------------------------------


def begin(
    record: WeeklyRecord, before: list[RecordVersion], *, said: Content, reason: str | None = None
) -> tuple[RecordVersion, Many]:
    """Open the next version of a week that is held, with this content; ``before``: all versions so far.

    Returns it and its days, still to be sent.
    """
    opened = RecordVersion(
        id=ids.new(),
        weekly_record_id=record.id,
        participant_id=record.participant_id,
        version=max((each.version for each in before), default=0) + 1,
        is_current=False,
        correction_reason=reason,
        written_by=here().membership_id,
        saved_at=clock.now(),
        firm_id=record.firm_id,
        **said_by(said.words),
    )
    days = [said_by(entry) for entry in said.days]
    return opened, Many(RecordDay, days, {"record_version_id": opened.id, "firm_id": record.firm_id})


def write(version: RecordVersion, content: Content) -> None:
    """Put this content into an open version: only what differs is touched."""
    for name, value in said_by(content.words).items():
        setattr(version, name, value)
    version.saved_at = clock.now()
    version.written_by = here().membership_id
    _write_days(version, content)
    db.session.flush()  # before it may be handed in: then its days do not change any more


def _write_days(version: RecordVersion, content: Content) -> None:
    rows = db.session.scalars(select(RecordDay).where(RecordDay.record_version_id == version.id))
    kept = {(row.held_on, row.position): row for row in rows}
    for entry in content.days:
        row = kept.pop(entry.key, None)
        if row is None:
            db.session.add(_row(version, entry))
        else:
            _update(row, entry)
    for row in kept.values():
        db.session.delete(row)


def _update(row: RecordDay, entry: DayEntry) -> None:
    for name in DAY_FIELDS:
        setattr(row, name, getattr(entry, name))


def _row(version: RecordVersion, entry: DayEntry) -> RecordDay:
    return RecordDay(
        record_version_id=version.id,
        firm_id=version.firm_id,
        **{name: getattr(entry, name) for name in DAY_FIELDS},
    )


def make_current(version: RecordVersion, before: RecordVersion | None) -> None:
    """Let a submitted version count instead of the one before, if there was one."""
    if before is not None:
        before.is_current = False
        db.session.flush()
    version.is_current = True
    version.submitted_at = clock.now()


def give_up(version: RecordVersion) -> None:
    """Throw an open version away, with its days."""
    db.session.execute(delete(RecordDay).where(RecordDay.record_version_id == version.id))
    db.session.delete(version)
    db.session.flush()

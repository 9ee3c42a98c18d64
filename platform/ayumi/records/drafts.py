"""Write a week that is still open. Whoever saves second is told; nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from ayumi.kernel import states
from ayumi.kernel.db import db, here, one
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.participants import queries as participants
from ayumi.records import versions
from ayumi.records.content import Content, DayEntry, fingerprint
from ayumi.records.model import TRANSITIONS, RecordStatus, RecordVersion, WeeklyRecord

DAYS_A_WEEK = 7
MOST_A_DAY = 6
HELD = "held_weeks"  # in a session's info: week -> the transaction that holds it


class EditedMeanwhile(Conflict):
    """Somebody else has saved this in the meantime; ``theirs`` is what they saved."""

    message = _("Somebody else has saved this week in the meantime. Nothing was overwritten.")

    def __init__(self, theirs: Any, edition: int) -> None:
        super().__init__()
        self.theirs = theirs
        self.edition = edition


class NotOpen(Conflict):
    """The week is not being written at the moment."""

    message = _("This week has been handed in, so it does not change any more. A correction makes a new version.")


class NotOurs(Refused):
    """Somebody else supports this person in this week."""

    message = _("This week is written by whoever supports the person in that week.")


def is_ours(record: Any) -> bool:
    """Tell whether whoever is here writes this week: a firm its own, own staff those no firm can write any more."""
    place = here()
    if place.door is Door.FIRM:
        return bool(record.delivery_firm_id == place.firm_id)
    return record.delivery_firm_id is None or bool(record.delivery_firm_id != record.firm_id)


def held(record_id: UUID, *, ours: bool = True) -> WeeklyRecord:
    """Return a week of somebody one may see, held until the end of the transaction; held already, it is held still."""
    known = db.session().info.setdefault(HELD, {})
    is_held = record_id in known and known[record_id] is _transaction()
    record = one(WeeklyRecord, record_id, lock=not is_held)
    if not is_held:
        participants.one(record.participant_id)
        known[record_id] = _transaction()
    if ours and not is_ours(record):
        raise NotOurs
    return record


def _transaction() -> Any:
    """The innermost transaction: what a savepoint has locked is free again when it is given up."""
    return db.session().get_nested_transaction() or db.session().get_transaction()


def save_week(record_id: UUID, *, edition: int, content: Content) -> WeeklyRecord:
    """Save a person's whole week as a draft; ``edition`` is the one it was read in."""
    record = held(record_id)
    content = content.tidy()
    _check_days(record, content)
    stored = stored_content(record)
    if stored == content:
        return record
    if record.edition != edition:
        raise EditedMeanwhile(stored, record.edition)
    _write(record, content)
    return record


def save_day(record_id: UUID, *, before: str, entry: DayEntry) -> WeeklyRecord:
    """Save the first entry of one day; ``before`` is the fingerprint of what was read there."""
    record = held(record_id)
    stored = stored_content(record)
    theirs, mine = stored.first_on(entry.held_on), entry.settled()
    if theirs == mine:
        return record
    if fingerprint(theirs) != before:
        raise EditedMeanwhile(theirs, record.edition)
    content = stored.with_first(mine)
    _check_days(record, content)
    _write(record, content)
    return record


def save_words(record_id: UUID, *, before: str, summary: str | None, request_to_caseworker: str | None) -> WeeklyRecord:
    """Save summary and request; a concern stays as it is. ``before`` is the fingerprint of the two as read."""
    record = held(record_id)
    stored = stored_content(record)
    mine = replace(stored.words, summary=summary, request_to_caseworker=request_to_caseworker)
    if stored.words == mine:
        return record
    if fingerprint(stored.words.without_concern()) != before:
        raise EditedMeanwhile(stored.words, record.edition)
    _write(record, Content(mine, stored.days))
    return record


def stored_content(record: WeeklyRecord) -> Content:
    """Return what the week says at the moment: its draft, else the version that counts."""
    return versions.content_of(versions.draft(record.id) or versions.current(record.id))


def content_among(every: Sequence[RecordVersion]) -> Content:
    """Return the same of versions that have been found already."""
    return versions.content_of(
        next((each for each in reversed(every) if each.submitted_at is None), None)
        or (next((each for each in every if each.is_current), None))
    )


def _write(record: WeeklyRecord, content: Content) -> None:
    found = open_version(record)
    if found is None:
        versions.begin(record, said=content)
    else:
        versions.write(found, content)
    if record.supporter_id is None:
        record.supporter_id = here().membership_id
    flag_modified(record, "week_start")  # counts the edition, although only the version has changed
    db.session.flush()


def open_version(record: WeeklyRecord) -> RecordVersion | None:
    """Return the version that may be written, or None when the first save has to open it."""
    found = versions.draft(record.id)
    if found is not None and record.status is not RecordStatus.SKIPPED:
        return found
    if record.status is RecordStatus.EXPECTED:
        states.change(record, RecordStatus.DRAFT, table=TRANSITIONS, action="begun")
    elif record.status is not RecordStatus.RETURNED:
        raise NotOpen
    return None


def _check_days(record: WeeklyRecord, content: Content) -> None:
    for entry in content.days:
        if not 0 <= (entry.held_on - record.week_start).days < DAYS_A_WEEK or entry.position >= MOST_A_DAY:
            raise Invalid(_("This day does not belong to the week."))

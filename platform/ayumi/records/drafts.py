"""Write a week that is still open. Whoever saves second is told; nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from ayumi.kernel import states
from ayumi.kernel.db import here
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.records import versions
from ayumi.records.content import Content, DayEntry, fingerprint
from ayumi.records.holding import HeldWeek, hold
from ayumi.records.model import TRANSITIONS, RecordStatus, RecordVersion, WeeklyRecord

DAYS_A_WEEK = 7
MOST_A_DAY = 6


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


def save_week(record_id: UUID, *, edition: int, content: Content) -> WeeklyRecord:
    """Save a person's whole week as a draft; ``edition`` is the one it was read in.

    Which edition it is then is known once it has been sent to the database.
    """
    week = hold(record_id)
    write_week(week, edition=edition, content=content)
    week.send()
    return week.record


def write_week(week: HeldWeek, *, edition: int, content: Content) -> None:
    """Write a person's whole week into a week that is held, to be sent with whatever else is done to it."""
    content = content.tidy()
    _check_days(week.record, content)
    stored = week.content
    if stored == content:
        return
    if week.record.edition != edition:
        raise EditedMeanwhile(stored, week.record.edition)
    _write(week, content)


def save_day(record_id: UUID, *, before: str, entry: DayEntry) -> WeeklyRecord:
    """Save the first entry of one day; ``before`` is the fingerprint of what was read there."""
    week = hold(record_id)
    stored = week.content
    theirs, mine = stored.first_on(entry.held_on), entry.settled()
    if theirs == mine:
        return week.record
    if fingerprint(theirs) != before:
        raise EditedMeanwhile(theirs, week.record.edition)
    content = stored.with_first(mine)
    _check_days(week.record, content)
    _write(week, content)
    week.send()
    return week.record


def save_words(record_id: UUID, *, before: str, summary: str | None, request_to_caseworker: str | None) -> WeeklyRecord:
    """Save summary and request; a concern stays as it is. ``before`` is the fingerprint of the two as read."""
    week = hold(record_id)
    stored = week.content
    mine = replace(stored.words, summary=summary, request_to_caseworker=request_to_caseworker)
    if stored.words == mine:
        return week.record
    if fingerprint(stored.words.without_concern()) != before:
        raise EditedMeanwhile(stored.words, week.record.edition)
    _write(week, Content(mine, stored.days))
    week.send()
    return week.record


def content_among(every: Sequence[RecordVersion]) -> Content:
    """Return the same of versions that have been found already."""
    return versions.content_of(
        next((each for each in reversed(every) if each.submitted_at is None), None)
        or (next((each for each in every if each.is_current), None))
    )


def _write(week: HeldWeek, content: Content) -> None:
    record, draft = week.record, _writable(week)
    if draft is None:
        week.begin(content)
    else:
        versions.write(draft, content)
        week.said[draft.id] = content
    if record.status is RecordStatus.EXPECTED:
        states.change(record, RecordStatus.DRAFT, table=TRANSITIONS, action="begun")
    record.supporter_id = record.supporter_id or here().membership_id
    flag_modified(record, "week_start")  # counts the edition, although only the version has changed


def _writable(week: HeldWeek) -> RecordVersion | None:
    """Return the version that may be written, or None when the first save has to begin it."""
    status, found = week.record.status, week.draft
    may_begin = found is None and status in (RecordStatus.EXPECTED, RecordStatus.RETURNED)
    if status is RecordStatus.SKIPPED or (found is None and not may_begin):
        raise NotOpen
    return found


def _check_days(record: WeeklyRecord, content: Content) -> None:
    for entry in content.days:
        if not 0 <= (entry.held_on - record.week_start).days < DAYS_A_WEEK or entry.position >= MOST_A_DAY:
            raise Invalid(_("This day does not belong to the week."))

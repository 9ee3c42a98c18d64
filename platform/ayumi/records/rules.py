"""What may happen to a week: handed in, accepted or sent back, put right, left out; and concerns seen to."""

from datetime import date
from uuid import UUID

from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here, one
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.kernel.writing import at_once
from ayumi.participants import queries as participants
from ayumi.records import expecting, versions
from ayumi.records.content import Content, problems
from ayumi.records.drafts import NotOpen, save_day, save_week, save_words, write_week
from ayumi.records.holding import hold
from ayumi.records.model import TRANSITIONS, Concern, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.records.queries import open_concerns_of

HANDED_IN = (RecordStatus.SUBMITTED, RecordStatus.ACCEPTED)


class NewerVersion(Conflict):
    """The version that was read is not the one that counts any more."""

    message = _("A newer version has come in the meantime. Please read that one.")


class AlreadySeen(Conflict):
    """Somebody else has seen to this concern."""

    message = _("A colleague has already acknowledged this concern.")


def expect_weeks(until: date) -> int:
    """Expect one record per person in support and week, up to the week of a day; return how many are new.

    Harmless when done again. Weeks of people whose support rests or has ended need no record.
    """
    created = expecting.insert_weeks(until)
    expecting.follow_delivery()
    expecting.rest_weeks()
    return created


def submit(record_id: UUID) -> RecordVersion:
    """Hand in the open version: from now on it does not change. Handed in twice is handed in once."""
    week = hold(record_id)
    record, draft = week.record, week.draft
    if draft is None:
        found = week.current if record.status in HANDED_IN else None
        if found is None:
            raise NotOpen(_("Nothing has been written for this week yet."))
        return found
    _see_that_whole(week.content_of(draft))
    versions.make_current(draft, week.current)
    record.first_submitted_at = record.first_submitted_at or draft.submitted_at
    action = "corrected" if draft.correction_reason else "resubmitted" if draft.version > 1 else "submitted"
    states.change(record, RecordStatus.SUBMITTED, table=TRANSITIONS, action=action, why=draft.correction_reason)
    week.send()
    _raise_concern(record, draft)
    return draft


def write_and_submit(record_id: UUID, *, edition: int, content: Content) -> RecordVersion:
    """Save a person's whole week and hand it in, at once where the database can; ``edition``: that it was read in.

    Of a week that misses something nothing is written.
    """
    week = hold(record_id)
    _see_that_whole(content.tidy())
    write_week(week, edition=edition, content=content)
    if not at_once():
        week.send()
    return submit(record_id)


def _see_that_whole(content: Content) -> None:
    wrong = problems(content, clock.today())
    if wrong:
        raise Invalid(fields=wrong)


def _raise_concern(record: WeeklyRecord, version: RecordVersion) -> None:
    """A concern is raised once; said again in the same words in a later version it stays the same concern."""
    if not version.has_concern:
        return
    said = (version.concern_what, version.concern_since, version.concern_known_to)
    before = [(each.what, each.since, each.known_to) for each in open_concerns_of(record.id, also_seen=True)]
    if said in before:
        return
    concern = add(
        Concern(
            weekly_record_id=record.id,
            record_version_id=version.id,
            participant_id=record.participant_id,
            what=version.concern_what,
            since=version.concern_since,
            known_to=version.concern_known_to,
            raised_at=clock.now(),
            raised_by=here().membership_id,
            firm_id=record.firm_id,
        )
    )
    journal.note(concern, "raised")


def accept(record_id: UUID, *, version_id: UUID) -> WeeklyRecord:
    """Accept the version that was read."""
    record, version = _read(record_id, version_id)
    if record.status is RecordStatus.ACCEPTED:
        return record
    _decide(version)
    states.change(record, RecordStatus.ACCEPTED, table=TRANSITIONS, action="accepted")
    return record


def send_back(record_id: UUID, *, version_id: UUID, comment: str) -> WeeklyRecord:
    """Send the version that was read back to its writer, with what should be changed."""
    record, version = _read(record_id, version_id)
    if record.status is RecordStatus.RETURNED and version.returned_comment == comment:
        return record
    _decide(version)
    version.returned_comment = comment
    states.change(record, RecordStatus.RETURNED, table=TRANSITIONS, action="returned", why=comment)
    return record


def _read(record_id: UUID, version_id: UUID) -> tuple[WeeklyRecord, RecordVersion]:
    week = hold(record_id, ours=False)
    if week.current is None or week.current.id != version_id:
        raise NewerVersion
    return week.record, week.current


def _decide(version: RecordVersion) -> None:
    version.decided_by = here().membership_id
    version.decided_at = clock.now()


def correct(record_id: UUID, *, reason: str) -> RecordVersion:
    """Open a correction of a week that was handed in. The version that counts stays until it is submitted."""
    week = hold(record_id)
    if week.draft is not None:
        return week.draft
    if week.record.status not in HANDED_IN:
        raise NotOpen
    opened = week.begin(week.content_of(week.current), reason=reason)
    week.send()
    journal.note(week.record, "correction_begun", why=reason)
    return opened


def give_up_correction(record_id: UUID) -> WeeklyRecord:
    """Throw away a correction that was begun: the version handed in before is all there is again."""
    week = hold(record_id)
    found = week.draft
    if found is None:
        return week.record
    if week.record.status not in HANDED_IN:
        raise NotOpen
    versions.give_up(found)
    week.versions.remove(found)
    journal.note(week.record, "correction_given_up")
    return week.record


def skip(record_id: UUID, *, reason: str) -> WeeklyRecord:
    """Say that a week needs no record, and why. Own staff may say so for any week."""
    record = hold(record_id, ours=here().door is Door.FIRM).record
    if record.status is RecordStatus.SKIPPED:
        return record
    record.skip_reason = reason
    states.change(record, RecordStatus.SKIPPED, table=TRANSITIONS, action="skipped", why=reason)
    return record


def unskip(record_id: UUID) -> WeeklyRecord:
    """Expect a record of this week after all; a draft that was begun is there again."""
    week = hold(record_id, ours=here().door is Door.FIRM)
    record = week.record
    if record.status is not RecordStatus.SKIPPED:
        return record
    target = RecordStatus.DRAFT if week.draft else RecordStatus.EXPECTED
    record.skip_reason = None
    states.change(record, target, table=TRANSITIONS, action="expected")
    return record


def acknowledge(concern_id: UUID, *, acknowledgement: str) -> Concern:
    """Say that a concern has been seen and what is done about it; earlier words of the same week are seen with it."""
    concern = one(Concern, concern_id, lock=True)
    participants.one(concern.participant_id)
    if concern.acknowledged_at is not None:
        if concern.acknowledged_by == here().membership_id:
            return concern
        raise AlreadySeen
    for each in open_concerns_of(concern.weekly_record_id):
        each.acknowledged_at = clock.now()
        each.acknowledged_by = here().membership_id
        each.acknowledgement = acknowledgement
        journal.note(each, "acknowledged", why=acknowledgement)
    db.session.flush()
    return concern


__all__ = [
    "accept",
    "acknowledge",
    "correct",
    "expect_weeks",
    "give_up_correction",
    "save_day",
    "save_week",
    "save_words",
    "send_back",
    "skip",
    "submit",
    "unskip",
    "write_and_submit",
]

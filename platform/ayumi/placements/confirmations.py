"""An employer's word on a month's days: by link on its own page, or on paper and by phone through the office."""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import bindparam, select, update

from ayumi.consents.rules import LARGEST_SCAN, SCANS, Scan
from ayumi.japan.calendar import Month
from ayumi.kernel import asking, clock, ids, journal, outbox, states
from ayumi.kernel.asking import HERE
from ayumi.kernel.db import add, db, here, straight
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.kernel.files import rules as files
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _
from ayumi.kernel.writing import insert
from ayumi.papers.errors import FileRefused
from ayumi.papers.safety import check_upload
from ayumi.placements import months, queries
from ayumi.placements.model import (
    DAY_TRANSITIONS,
    Channel,
    Confirmation,
    ConfirmationRequest,
    DayStatus,
    ExperienceDay,
)
from ayumi.placements.schemas import minutes_between

NOON = time(12)
ANSWERED = (
    update(ConfirmationRequest)
    .where(
        ConfirmationRequest.tenant_id == HERE,
        ConfirmationRequest.employer_id == bindparam("employer"),
        ConfirmationRequest.month == bindparam("of"),
        ConfirmationRequest.answered_at.is_(None),
    )
    .values(answered_at=bindparam("now"))
)
KNOWN = straight(select(Confirmation.id).where(Confirmation.id == bindparam("word")))


class Settled(Conflict):
    """An employer changes a day that has been paid."""

    message = _("This day has been settled already. Please call the office if it is not right.")


class NothingOpen(Conflict):
    """There is no day that waits for the employer's word."""

    message = _("There is no day left to be confirmed.")


def confirm(
    employer_id: UUID,
    month: Month,
    *,
    id: UUID,
    given_by: str | None,
    channel: Channel = Channel.LINK,
    given_at: datetime | None = None,
    note: str | None = None,
    file_id: UUID | None = None,
    only: Collection[UUID] | None = None,
) -> UUID | None:
    """Confirm the days of a month that wait for it (``only``: these), and return the confirmation.

    Days in question stay in question and hold up no others. Sent twice, it is one confirmation; None when nothing
    was left to confirm.
    """
    if _known(id):
        return id
    days = [day for day in months.open_days(employer_id, month) if only is None or day.id in only]
    if not days and not note:
        return None
    word = _word(employer_id, month, id, channel, given_by, given_at=given_at, note=note, file_id=file_id)
    to = DayStatus.CONFIRMED
    states.change_all(ExperienceDay, days, to, table=DAY_TRANSITIONS, action="confirmed", confirmation_id=word.id)
    _answered(employer_id, month)
    if channel is Channel.LINK:
        outbox.promise("confirmation_copy", once=f"confirmation_copy:{id}", confirmation_id=id)
    return id


def confirm_for(
    employer_id: UUID,
    month: Month,
    *,
    id: UUID,
    channel: Channel,
    given_by: str,
    given_on: date,
    note: str | None,
    days: Collection[UUID],
    scan: Scan | None = None,
) -> UUID:
    """Write down a confirmation that reached the office on paper or by phone, with who said so and the scan."""
    if _known(id):
        return id
    if given_on > clock.today():
        raise Invalid(fields={"given_on": _("This day has not come yet.")})
    if not days:
        raise Invalid(_("Please tick at least one day that the employer has confirmed."))
    made = confirm(
        employer_id,
        month,
        id=id,
        channel=channel,
        given_by=given_by,
        given_at=datetime.combine(given_on, NOON, clock.JAPAN),
        note=note,
        file_id=_kept(scan, id) if scan else None,
        only=days,
    )
    if made is None:
        raise NothingOpen
    return made


def _kept(scan: Scan, id: UUID) -> UUID:
    try:
        kind = check_upload(scan.data, scan.filename, SCANS, LARGEST_SCAN)
    except FileRefused as error:
        raise Invalid(fields={"scan": error.sentence}, **error.params) from error
    return files.keep(
        scan.data, filename=scan.filename, content_type=kind.value, purpose="confirmation", subject_id=id
    ).id


def correct(day_id: UUID, *, edition: int | None, starts_at: time, ends_at: time, rest: int) -> ExperienceDay:
    """Give a day the times the employer says. What was recorded before is kept beside them."""
    day = _touchable(day_id, edition)
    said = day.corrected_from or f"{day.starts_at:%H:%M}–{day.ends_at:%H:%M}"
    changes = rewrite(day, starts_at=starts_at, ends_at=ends_at, minutes=minutes_between(starts_at, ends_at) - rest)
    if changes:
        day.corrected_from = said
        journal.note(day, "corrected", changes=changes)
    if day.status is DayStatus.DISPUTED:
        _agree(day)
    return day


def dispute(day_id: UUID, *, word: str, edition: int | None = None) -> ExperienceDay:
    """Say that a day is not right, in a word. The other days can be confirmed all the same."""
    day = _touchable(day_id, edition)
    day.dispute, day.confirmation_id = word, None
    if day.status is DayStatus.DISPUTED:
        journal.note(day, "disputed", why=word)
    else:
        states.change(day, DayStatus.DISPUTED, table=DAY_TRANSITIONS, action="disputed", why=word)
    _answered(day.employer_id, Month.of(day.held_on))
    return day


def agree(day_id: UUID, *, given_by: str | None, channel: Channel = Channel.LINK) -> ExperienceDay:
    """Say of a day in question that it is right after all."""
    day = _touchable(day_id, None)
    if day.status is DayStatus.DISPUTED:
        _agree(day, given_by, channel)
    return day


def asked(employer_id: UUID, month: Month) -> int:
    """Write down that an employer has been asked for a month (again), and return how often by now."""
    row = db.session.scalar(
        select(ConfirmationRequest)
        .where(ConfirmationRequest.employer_id == employer_id, ConfirmationRequest.month == month.first)
        .with_for_update()
    )
    row = row or add(ConfirmationRequest(employer_id=employer_id, month=month.first, sent_times=0))
    row.sent_at, row.answered_at = clock.now(), None
    row.sent_times += 1
    journal.note(row, "asked")
    return row.sent_times


def ask(employer_id: UUID, month: Month) -> None:
    """Promise that the employer will be sent a link for a month; pressed twice, it is sent once."""
    query = select(ConfirmationRequest.sent_times).where(
        ConfirmationRequest.employer_id == employer_id, ConfirmationRequest.month == month.first
    )
    number = (db.session.scalar(query) or 0) + 1
    outbox.promise(
        "confirmation_link",
        once=f"confirmation_link:{employer_id}:{month}:{number}",
        employer_id=employer_id,
        month=str(month),
        number=number,
    )


def _touchable(day_id: UUID, edition: int | None) -> ExperienceDay:
    day = queries.day(day_id, lock=True)
    unchanged(day, edition)
    if day.status is DayStatus.WITHDRAWN:
        raise NotFound
    if day.settled_at is not None and here().door is Door.EMPLOYER:
        raise Settled
    return day


def _agree(day: ExperienceDay, given_by: str | None = None, channel: Channel = Channel.LINK) -> None:
    if here().door is Door.STAFF and channel is Channel.LINK:
        channel = Channel.PHONE
    word = _word(day.employer_id, Month.of(day.held_on), ids.new(), channel, given_by)
    day.dispute = None
    _confirm(day, word)


def _confirm(day: ExperienceDay, word: Confirmation) -> None:
    day.confirmation_id = word.id
    states.change(day, DayStatus.CONFIRMED, table=DAY_TRANSITIONS, action="confirmed")


def _known(id: UUID) -> bool:
    return db.session.scalar(KNOWN, {"word": id}) is not None


def _word(
    employer_id: UUID,
    month: Month,
    id: UUID,
    channel: Channel,
    given_by: str | None,
    *,
    given_at: datetime | None = None,
    note: str | None = None,
    file_id: UUID | None = None,
) -> Confirmation:
    word = insert(
        Confirmation(
            id=id,
            employer_id=employer_id,
            month=month.first,
            channel=channel,
            given_by=given_by,
            given_at=given_at or clock.now(),
            note=note,
            file_id=file_id,
            entered_by=here().membership_id,
        )
    )
    journal.note(word, "given")
    return word


def _answered(employer_id: UUID, month: Month) -> None:
    """An employer has answered once none of the month's days waits for its word."""
    if not months.waits(employer_id, month):
        asking.ask(ANSWERED, employer=employer_id, of=month.first, now=clock.now())

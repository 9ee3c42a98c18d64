"""Experience days as supporters record them: one person at one employer on one date, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import add, db, here
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Conflict, Invalid
from ayumi.kernel.words import _
from ayumi.placements import queries
from ayumi.placements.model import DAY_TRANSITIONS, DayStatus, ExperienceDay, Placement, PlacementStatus
from ayumi.placements.schemas import minutes_between

MORNING = time(10)
CLOSING = time(23, 59)
RECORDABLE = (PlacementStatus.ACTIVE, PlacementStatus.ENDED)


class Confirmed(Conflict):
    """The employer has given its word on this day."""

    message = _("The employer has confirmed this day. It can no longer be changed here.")


@dataclass(frozen=True, slots=True)
class Worked:
    """A day and its times. ``minutes``: without the break."""

    on: date
    starts_at: time
    ends_at: time
    minutes: int


def usual_times(placement: Placement) -> tuple[time, time, int]:
    """Return from when to when this person is usually there, and how many minutes: as last time, else as planned."""
    last = queries.last_times(placement.id)
    if last is not None:
        return last.starts_at, last.ends_at, last.minutes
    ends_at = _later(MORNING, placement.planned_minutes_per_day)
    return MORNING, ends_at, min(placement.planned_minutes_per_day, minutes_between(MORNING, ends_at))


def record(placement_id: UUID, worked: Sequence[Worked]) -> list[ExperienceDay]:
    """Record days of a placement. Days that are there already stay as they are."""
    placement = queries.one(placement_id)
    there = _dates_taken(placement, [each.on for each in worked])
    fresh = [each for each in worked if each.on not in there]
    _check(placement, fresh)
    return [_record(placement, each) for each in fresh]


def change(day_id: UUID, *, edition: int, starts_at: time, ends_at: time, rest: int) -> ExperienceDay:
    """Change a day's times until it is confirmed. A day in question goes back to be confirmed."""
    day = queries.day(day_id, lock=True)
    unchanged(day, edition)
    _check_open(day)
    minutes = minutes_between(starts_at, ends_at) - rest
    changes = rewrite(day, starts_at=starts_at, ends_at=ends_at, minutes=minutes, corrected_from=None)
    if changes:
        journal.note(day, "day_changed", changes=changes)
    if day.status is DayStatus.DISPUTED:
        _reopen(day)
    return day


def reopen(day_id: UUID) -> ExperienceDay:
    """Put a day in question back to be confirmed: it is right after all."""
    day = queries.day(day_id, lock=True)
    if day.status is not DayStatus.RECORDED:
        _reopen(day)
    return day


def withdraw(day_id: UUID, *, why: str) -> ExperienceDay:
    """Take a day back, with the reason. A confirmed one only the municipality's own staff."""
    day = queries.day(day_id, lock=True)
    if day.status is not DayStatus.WITHDRAWN:
        states.change(day, DayStatus.WITHDRAWN, table=DAY_TRANSITIONS, action="withdrawn", why=why)
    return day


def settle(day_ids: Sequence[UUID]) -> None:
    """Mark days that an approved statement pays: from then on their employer asks the office for a change."""
    _mark(day_ids, clock.now())


def release(day_ids: Sequence[UUID]) -> None:
    """Mark days that no approved statement pays any longer."""
    _mark(day_ids, None)


# What a weekly record says of a day ---


def of_person_on(placement: Placement, on: date) -> ExperienceDay | None:
    """Return the day of this person at this employer, if it counts."""
    return db.session.scalar(
        select(ExperienceDay).where(
            ExperienceDay.employer_id == placement.employer_id,
            ExperienceDay.participant_id == placement.participant_id,
            ExperienceDay.held_on == on,
            ExperienceDay.status != DayStatus.WITHDRAWN,
        )
    )


def worked_in_week(row: Any, placement: Placement) -> Worked:
    """Read a day's times from a line of a weekly record; what it leaves open is as usual."""
    starts_at, ends_at, minutes = usual_times(placement)
    if row.starts_at is not None:
        starts_at = row.starts_at
        ends_at = row.ends_at or _later(starts_at, row.minutes or minutes)
    span = minutes_between(starts_at, ends_at)
    return Worked(row.held_on, starts_at, ends_at, max(1, min(row.minutes or span, span)))


def take_over(day: ExperienceDay, worked: Worked) -> None:
    """Let a day follow the weekly record as long as the employer has not spoken of it."""
    if day.status is not DayStatus.RECORDED or day.corrected_from is not None:
        return
    changes = rewrite(day, starts_at=worked.starts_at, ends_at=worked.ends_at, minutes=worked.minutes)
    if changes:
        journal.note(day, "day_changed", changes=changes)


def withdraw_missed(day: ExperienceDay | None) -> None:
    """Take back a recorded day that the weekly record calls missed, unless the employer has spoken of it."""
    if day is not None and day.status is DayStatus.RECORDED and day.corrected_from is None:
        states.change(day, DayStatus.WITHDRAWN, table=DAY_TRANSITIONS, action="withdrawn", why="weekly record")


# What all share ---


def _record(placement: Placement, worked: Worked) -> ExperienceDay:
    day = add(
        ExperienceDay(
            id=ids.new(),
            placement_id=placement.id,
            participant_id=placement.participant_id,
            employer_id=placement.employer_id,
            held_on=worked.on,
            starts_at=worked.starts_at,
            ends_at=worked.ends_at,
            minutes=worked.minutes,
            status=DayStatus.RECORDED,
            recorded_by=here().membership_id,
            recorded_at=clock.now(),
            delivery_firm_id=placement.delivery_firm_id,
            firm_id=placement.firm_id,
            is_restricted=placement.is_restricted,
        )
    )
    journal.note(day, "recorded", after=DayStatus.RECORDED.value)
    return day


def _dates_taken(placement: Placement, on: Sequence[date]) -> set[date]:
    query = select(ExperienceDay.held_on).where(
        ExperienceDay.employer_id == placement.employer_id,
        ExperienceDay.participant_id == placement.participant_id,
        ExperienceDay.held_on.in_(on),
        ExperienceDay.status != DayStatus.WITHDRAWN,
    )
    return set(db.session.scalars(query))


def _check(placement: Placement, worked: Sequence[Worked]) -> None:
    if not worked:
        return
    if placement.status not in RECORDABLE:
        raise Invalid(_("Days can be recorded once the placement has started."))
    if any(each.on > clock.today() for each in worked):
        raise Invalid(_("Days that have not come yet cannot be recorded."))
    if any(not placement.starts_on <= each.on <= placement.ends_on for each in worked):
        raise Invalid(_("A day is outside the period of this placement."))


def _check_open(day: ExperienceDay) -> None:
    if day.status not in (DayStatus.RECORDED, DayStatus.DISPUTED):
        raise Confirmed


def _reopen(day: ExperienceDay) -> None:
    why, day.dispute, day.confirmation_id = day.dispute, None, None
    states.change(day, DayStatus.RECORDED, table=DAY_TRANSITIONS, action="reopened", why=why)


def _mark(day_ids: Sequence[UUID], at: datetime | None) -> None:
    if day_ids:
        db.session.execute(update(ExperienceDay).where(ExperienceDay.id.in_(day_ids)).values(settled_at=at))


def _later(start: time, minutes: int) -> time:
    end = datetime.combine(date.min, start) + timedelta(minutes=minutes)
    return end.time() if end.date() == date.min and end.time() > start else CLOSING

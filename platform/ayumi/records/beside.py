"""What a list of people says about each one's weeks: scalars that stand beside a person's row."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, ScalarSelect, Text, bindparam, cast, func, select

from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from ayumi.records import versions
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.records.queries import SeenWeek, days_from_monday

WEEK = timedelta(weeks=1)


def last_week(participant_id: Any) -> ScalarSelect[Any]:
    """The Monday of the newest week that was ever handed in."""
    return (
        select(func.max(WeeklyRecord.week_start))
        .where(WeeklyRecord.participant_id == participant_id, WeeklyRecord.first_submitted_at.is_not(None))
        .scalar_subquery()
    )


def concerns(participant_id: Any) -> ScalarSelect[Any]:
    """How many concerns nobody has acknowledged."""
    return (
        select(func.count(Concern.id))
        .where(Concern.participant_id == participant_id, Concern.acknowledged_at.is_(None))
        .scalar_subquery()
    )


def monday_before() -> date:
    """The Monday of the week before this one."""
    return week_start(clock.today()) - WEEK


MONDAY_BEFORE = bindparam("monday_before", type_=Date(), callable_=monday_before)


def week_before(participant_id: Any) -> ScalarSelect[Any]:
    """The week before this one in one word, for ``read_week``: its status, and what was handed in of its days."""
    of_day = func.concat(RecordDay.held_on - WeeklyRecord.week_start, cast(RecordDay.attendance, Text))
    days = (
        select(func.string_agg(of_day, ",").filter(RecordDay.attendance.is_not(None)))
        .join(RecordVersion, RecordVersion.id == RecordDay.record_version_id)
        .where(RecordVersion.weekly_record_id == WeeklyRecord.id, versions.counts())
        .correlate(WeeklyRecord)
        .scalar_subquery()
    )
    return (
        select(func.concat(cast(WeeklyRecord.status, Text), " ", days))
        .where(WeeklyRecord.participant_id == participant_id, WeeklyRecord.week_start == MONDAY_BEFORE)
        .scalar_subquery()
    )


@lru_cache(maxsize=4096)
def read_week(word: str | None, monday: date) -> SeenWeek:
    """Read the week of a Monday from its word; None where there was none."""
    status, _blank, days = (word or " ").partition(" ")
    said = ((monday + timedelta(days=int(each[0])), Attendance(each[1:])) for each in days.split(",") if each)
    return SeenWeek(monday, None, RecordStatus(status) if status else None, None, days_from_monday(monday, tuple(said)))

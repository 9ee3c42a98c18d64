"""Attendance, menus, weekly records and concerns: from what was handed in and counts."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Text, and_, case, cast, func, literal, or_, select, true

from ayumi.menus.model import Menu
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.records.queries import UNWRITTEN, is_late, is_missing
from ayumi.reports.measures.measure import Measure, Rows, per_person, week_of
from ayumi.reports.scope import Blank


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of weeks and days."""
    lines = _lines(scope)
    return [*_attendance(lines), *_menus(scope, lines), *_weeks(scope), *_concerns(scope)]


# Days ---


def _lines(scope: Blank) -> CTE:
    """Every line of the versions that count, by the date it tells of."""
    return (
        select(
            RecordVersion.participant_id,
            RecordDay.held_on,
            RecordDay.menu_id,
            RecordDay.placement_id,
            cast(RecordDay.attendance, Text).label("attendance"),
        )
        .join(RecordVersion, RecordVersion.id == RecordDay.record_version_id)
        .join(WeeklyRecord, WeeklyRecord.id == RecordVersion.weekly_record_id)
        .where(
            RecordVersion.is_current,
            RecordVersion.submitted_at.is_not(None),
            WeeklyRecord.week_start.between(scope.first_week, scope.last),
            RecordDay.held_on.between(scope.first, scope.last),
        )
        .cte("lines")
    )


def _days(lines: CTE) -> CTE:
    """One row for each person and planned date: attended if any of it was, then absent (records.content says so)."""

    def any_is(word: Attendance) -> ColumnElement[bool]:
        return func.bool_or(lines.c.attendance == word.value)

    attended, absent = any_is(Attendance.ATTENDED), any_is(Attendance.ABSENT)
    result = case(
        (attended, Attendance.ATTENDED.value),
        (absent, Attendance.ABSENT.value),
        else_=Attendance.ABSENT_NOTIFIED.value,
    )
    return (
        select(lines.c.participant_id, lines.c.held_on, result.label("result"))
        .group_by(lines.c.participant_id, lines.c.held_on)
        .having(or_(attended, absent, any_is(Attendance.ABSENT_NOTIFIED)))
        .cte("days")
    )


def _attendance(lines: CTE) -> list[Measure]:
    days = _days(lines)
    conditions: dict[str, ColumnElement[bool]] = {"planned": true()} | {
        each.value: days.c.result == each.value
        for each in (Attendance.ATTENDED, Attendance.ABSENT_NOTIFIED, Attendance.ABSENT)
    }
    made = []
    for name, holds in conditions.items():
        made.append(Measure(f"attendance_{name}", _in_all(days).where(holds)))
        made.append(Measure(f"attendance_{name}_by_week", _by_week(days).where(holds)))
    return made


def _in_all(days: CTE) -> Rows:
    return per_person(days.c.participant_id, count=func.count()).group_by(days.c.participant_id)


def _by_week(days: CTE) -> Rows:
    week = week_of(days.c.held_on)
    return per_person(days.c.participant_id, by=week, sort=week, count=func.count()).group_by(
        days.c.participant_id, week
    )


def _menus(scope: Blank, lines: CTE) -> list[Measure]:
    unnamed = case((lines.c.placement_id.is_not(None), "experience"), else_="none")
    by = func.coalesce(cast(lines.c.menu_id, Text), unnamed)
    order = func.coalesce(func.to_char(Menu.position, "0000000").concat(Menu.name), literal("~").concat(unnamed))

    def taken_part(count: Any) -> Rows:
        return (
            per_person(lines.c.participant_id, by=by, label=func.max(Menu.name), sort=func.min(order), count=count)
            .outerjoin(Menu, Menu.id == lines.c.menu_id)
            .where(lines.c.attendance == Attendance.ATTENDED.value)
            .group_by(lines.c.participant_id, by)
        )

    return [
        Measure("menu_people", taken_part(1)),
        Measure("menu_days", taken_part(func.count(lines.c.held_on.distinct()))),
    ]


# Weeks ---


def _weeks(scope: Blank) -> list[Measure]:
    needed = WeeklyRecord.status != RecordStatus.SKIPPED
    handed_in = WeeklyRecord.first_submitted_at.is_not(None)
    missing = is_missing(scope.known_on)
    conditions: dict[str, ColumnElement[bool]] = {
        "expected": needed,
        "on_time": and_(needed, handed_in, ~is_late()),
        "late": and_(needed, is_late()),
        "missing": and_(~handed_in, missing),
        "not_due": and_(~handed_in, WeeklyRecord.status.in_(UNWRITTEN), ~missing),
        "accepted": WeeklyRecord.status == RecordStatus.ACCEPTED,
        "skipped": ~needed,
    }
    return [Measure(f"records_{name}", _weeks_that(scope, holds)) for name, holds in conditions.items()]


def _weeks_that(scope: Blank, condition: ColumnElement[bool]) -> Rows:
    return (
        per_person(WeeklyRecord.participant_id, count=func.count())
        .where(WeeklyRecord.week_start.between(scope.first, scope.last), condition)
        .group_by(WeeklyRecord.participant_id)
    )


# Concerns ---


def _concerns(scope: Blank) -> list[Measure]:
    raised, seen = Concern.raised_at, Concern.acknowledged_at
    conditions: dict[str, ColumnElement[bool]] = {
        "raised": and_(raised >= scope.since, raised < scope.until),
        "acknowledged": and_(seen >= scope.since, seen < scope.until),
        "open": and_(raised < scope.until, or_(seen.is_(None), seen >= scope.until)),
    }
    return [
        Measure(
            f"concerns_{name}",
            per_person(Concern.participant_id, count=func.count()).where(holds).group_by(Concern.participant_id),
        )
        for name, holds in conditions.items()
    ]

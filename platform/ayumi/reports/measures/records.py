"""Attendance, menus, weekly records and concerns: from what was handed in and counts."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Text, and_, case, cast, func, literal, or_, select

from ayumi.menus.model import Menu
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.records.queries import UNWRITTEN, is_late, is_missing
from ayumi.reports.measures.measure import Measure, Rows, per_person, week_of
from ayumi.reports.scope import Blank

Conditions = dict[str, ColumnElement[bool]]
RESULTS = (Attendance.ATTENDED.value, Attendance.ABSENT_NOTIFIED.value, Attendance.ABSENT.value)


def measures(scope: Blank) -> list[Measure]:
    """Return the measures of weeks and days."""
    lines = _lines(scope)
    return [*_attendance(lines), *_menus(lines), *_weeks(scope), *_concerns(scope)]


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
    by_week = _by_week(_days(lines))
    in_all = _in_all(by_week)
    week = by_week.c.week
    made = []
    for name in ("planned", *RESULTS):
        made.append(Measure(f"attendance_{name}", _counted(in_all, name)))
        made.append(Measure(f"attendance_{name}_by_week", _counted(by_week, name, by=week, sort=week)))
    return made


def _by_week(days: CTE) -> CTE:
    """Each person's days of each week, by their result."""
    results = (func.count().filter(days.c.result == each).label(each) for each in RESULTS)
    week = week_of(days.c.held_on).label("week")
    query = select(days.c.participant_id, week, func.count().label("planned"), *results)
    return query.group_by(days.c.participant_id, week).cte("by_week")


def _in_all(by_week: CTE) -> CTE:
    sums = (func.sum(by_week.c[each]).label(each) for each in ("planned", *RESULTS))
    return select(by_week.c.participant_id, *sums).group_by(by_week.c.participant_id).cte("in_all")


def _counted(counts: CTE, name: str, **divided: Any) -> Rows:
    """Everybody of whom one of several counts is more than nothing."""
    return per_person(counts.c.participant_id, count=counts.c[name], **divided).where(counts.c[name] > 0)


def _menus(lines: CTE) -> list[Measure]:
    taken = _taken_part(lines)
    named: dict[str, Any] = {"by": taken.c.menu, "label": taken.c.label, "sort": taken.c.sort}
    return [
        Measure("menu_people", per_person(taken.c.participant_id, **named)),
        Measure("menu_days", per_person(taken.c.participant_id, **named, count=taken.c.days)),
    ]


def _taken_part(lines: CTE) -> CTE:
    """On how many days each person took part in each menu."""
    unnamed = case((lines.c.placement_id.is_not(None), "experience"), else_="none")
    by = func.coalesce(cast(lines.c.menu_id, Text), unnamed).label("menu")
    order = func.coalesce(func.to_char(Menu.position, "0000000").concat(Menu.name), literal("~").concat(unnamed))
    return (
        select(
            lines.c.participant_id,
            by,
            func.max(Menu.name).label("label"),
            func.min(order).label("sort"),
            func.count(lines.c.held_on.distinct()).label("days"),
        )
        .outerjoin(Menu, Menu.id == lines.c.menu_id)
        .where(lines.c.attendance == Attendance.ATTENDED.value)
        .group_by(lines.c.participant_id, by)
        .cte("taken_part")
    )


# Weeks and concerns ---


def _weeks(scope: Blank) -> list[Measure]:
    needed = WeeklyRecord.status != RecordStatus.SKIPPED
    handed_in = WeeklyRecord.first_submitted_at.is_not(None)
    missing = is_missing(scope.known_on)
    conditions: Conditions = {
        "expected": needed,
        "on_time": and_(needed, handed_in, ~is_late()),
        "late": and_(needed, is_late()),
        "missing": and_(~handed_in, missing),
        "not_due": and_(~handed_in, WeeklyRecord.status.in_(UNWRITTEN), ~missing),
        "accepted": WeeklyRecord.status == RecordStatus.ACCEPTED,
        "skipped": ~needed,
    }
    of_month = WeeklyRecord.week_start.between(scope.first, scope.last)
    return _each("records", WeeklyRecord.participant_id, conditions, of_month)


def _concerns(scope: Blank) -> list[Measure]:
    raised, seen = Concern.raised_at, Concern.acknowledged_at
    conditions: Conditions = {
        "raised": and_(raised >= scope.since, raised < scope.until),
        "acknowledged": and_(seen >= scope.since, seen < scope.until),
        "open": and_(raised < scope.until, or_(seen.is_(None), seen >= scope.until)),
    }
    return _each("concerns", Concern.participant_id, conditions, raised < scope.until)


def _each(subject: str, person: Any, conditions: Conditions, of_interest: ColumnElement[bool]) -> list[Measure]:
    """One measure for each condition; what they hold for is read once, and counted for each person."""
    counts = (func.count().filter(holds).label(name) for name, holds in conditions.items())
    read = select(person, *counts).where(of_interest).group_by(person).cte(subject)
    return [Measure(f"{subject}_{name}", _counted(read, name)) for name in conditions]

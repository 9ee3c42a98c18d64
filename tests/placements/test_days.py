"""An experience day counts once, changes only until it is confirmed, and follows the weekly record."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ayumi.japan.calendar import week_start
from ayumi.kernel import clock, ids
from ayumi.kernel.db import add, db, one
from ayumi.kernel.editions import ChangedMeanwhile
from ayumi.kernel.errors import Invalid, NotFound, Refused
from ayumi.placements import confirmations, days, queries, rules
from ayumi.placements.model import DayStatus, ExperienceDay
from ayumi.records import versions
from ayumi.records.model import Attendance, RecordDay, RecordStatus, RecordVersion, WeeklyRecord
from ayumi.selection.model import Enrolment, EnrolmentStatus
from tests.employers.scene import LAST_MONTH, Scene, a_contact, a_placement, a_plan, a_scene, some_days, worked
from tests.world import inside

TIMES: dict[str, Any] = {"starts_at": time(10), "ends_at": time(13), "rest": 30}


def held(scene: Scene) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(ExperienceDay.held_on, ExperienceDay.status).order_by(ExperienceDay.held_on, ExperienceDay.id)
    )
    return [(row.held_on.day, row.status.value) for row in rows]


class TestRecord:
    def test_a_whole_month_at_once(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            assert len(days.record(placement_id, worked(2, 5, 9))) == 3

    def test_recorded_again_nothing_is_doubled(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            days.record(placement_id, worked(2, 5))
            assert [day.held_on.day for day in days.record(placement_id, worked(2, 5, 9))] == [9]

    def test_a_second_placement_at_the_same_employer_does_not_count_a_day_twice(self, app: Flask) -> None:
        scene = a_scene(app)
        first, second = a_placement(app, scene), a_placement(app, scene)
        with inside(app, scene.worker):
            days.record(first, worked(2))
            assert days.record(second, worked(2)) == []

    def test_the_database_itself_counts_a_day_once(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        day_id = some_days(app, scene, placement_id, 2)[0]
        with inside(app, scene.worker):
            twin = {c.key: getattr(queries.day(day_id), c.key) for c in ExperienceDay.__table__.columns}
            with pytest.raises(IntegrityError, match="uq_experience_day_once"):
                add(ExperienceDay(**twin | {"id": ids.new()}))
            db.session.rollback()

    def test_a_withdrawn_day_may_be_recorded_anew(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        day_id = some_days(app, scene, placement_id, 2)[0]
        with inside(app, scene.worker):
            days.withdraw(day_id, why="日を間違えました")
            days.record(placement_id, worked(2))
            assert [status for _day, status in held(scene)] == ["withdrawn", "recorded"]

    def test_days_to_come_and_days_outside_the_period_are_refused(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        tomorrow = clock.today() + timedelta(days=1)
        for on in (tomorrow, LAST_MONTH.first - timedelta(days=1)):
            with inside(app, scene.worker), pytest.raises(Invalid):
                days.record(placement_id, [days.Worked(on, time(10), time(12), 120)])

    def test_times_are_as_planned_and_then_as_last_time(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        with inside(app, scene.worker):
            placement = queries.one(placement_id)
            assert days.usual_times(placement) == (time(10), time(12), 120)
            days.record(placement_id, worked(2, starts_at=time(13), ends_at=time(16)))
            assert days.usual_times(placement) == (time(13), time(16), 180)


class TestChange:
    def test_times_without_the_break_are_counted(self, app: Flask) -> None:
        scene = a_scene(app)
        day_id = some_days(app, scene, a_placement(app, scene), 2)[0]
        with inside(app, scene.worker):
            assert days.change(day_id, edition=1, **TIMES).minutes == 150

    def test_two_people_changing_a_day_are_told(self, app: Flask) -> None:
        scene = a_scene(app)
        day_id = some_days(app, scene, a_placement(app, scene), 2)[0]
        with inside(app, scene.worker):
            days.change(day_id, edition=1, **TIMES)
            with pytest.raises(ChangedMeanwhile):
                days.change(day_id, edition=1, **TIMES)

    def test_what_is_confirmed_stays(self, app: Flask) -> None:
        scene = a_scene(app)
        day_id = some_days(app, scene, a_placement(app, scene), 2)[0]
        with inside(app, a_contact(app, scene)):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田")
        with inside(app, scene.worker), pytest.raises(days.Confirmed):
            days.change(day_id, edition=2, **TIMES)

    def test_a_firm_cannot_withdraw_what_is_confirmed_but_the_office_can(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        day_id = some_days(app, scene, a_placement(app, scene), 2)[0]
        with inside(app, a_contact(app, scene)):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田")
        with inside(app, scene.who), pytest.raises(Refused):
            days.withdraw(day_id, why="間違い")
        with inside(app, scene.worker):
            assert days.withdraw(day_id, why="間違い").status is DayStatus.WITHDRAWN

    def test_a_day_of_another_municipality_is_not_there(self, app: Flask) -> None:
        scene, other = a_scene(app), a_scene(app)
        day_id = some_days(app, scene, a_placement(app, scene), 2)[0]
        with inside(app, other.worker), pytest.raises(NotFound):
            days.withdraw(day_id, why="間違い")


# From the weekly record ---

MONDAY = week_start(LAST_MONTH.first + timedelta(days=7))


def a_week(app: Flask, scene: Scene, placement_id: UUID, *attended: Attendance, starts_at: time | None = None) -> UUID:
    """Write a week whose first days were at the placement."""
    with inside(app, scene.worker):
        record = db.session.scalar(select(WeeklyRecord))
        if record is None:
            enrolment = add(_enrolment(scene))
            record = add(
                WeeklyRecord(
                    participant_id=scene.person_id,
                    enrolment_id=enrolment.id,
                    week_start=MONDAY,
                    due_on=MONDAY,
                    status=RecordStatus.SUBMITTED,
                )
            )
        number = len(db.session.scalars(select(RecordVersion.id)).all()) + 1
        version = add(
            RecordVersion(
                weekly_record_id=record.id,
                participant_id=scene.person_id,
                version=number,
                is_current=number == 1,
                saved_at=clock.now(),
            )
        )
        for position, each in enumerate(attended):
            add(_record_day(version.id, placement_id, MONDAY + timedelta(days=position), each, starts_at))
        version.submitted_at = clock.now()
        return version.id


def _enrolment(scene: Scene) -> Enrolment:
    return Enrolment(
        participant_id=scene.person_id,
        route_id=scene.town.route_id,
        route_label="ケースワーカーが主導",
        decided_on=MONDAY,
        decided_by="会議",
        reason="生活のリズムを整える",
        starts_on=MONDAY,
        status=EnrolmentStatus.ACTIVE,
        entered_at=clock.now(),
    )


def _record_day(version_id: UUID, placement_id: UUID, on: date, attendance: Attendance, at: time | None) -> RecordDay:
    return RecordDay(
        record_version_id=version_id,
        held_on=on,
        placement_id=placement_id,
        attendance=attendance,
        starts_at=at,
        minutes=90 if at else None,
    )


def from_week(version_id: UUID) -> int:
    """Record the days of this version, and return how many are new."""
    return rules.record_from_week(version_id, versions.content_of(one(RecordVersion, version_id)))


PRESENT, AWAY = Attendance.ATTENDED, Attendance.ABSENT_NOTIFIED


class TestRecordFromWeek:
    def test_attended_days_are_recorded_once_with_the_weeks_times(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        version_id = a_week(app, scene, placement_id, PRESENT, AWAY, PRESENT, starts_at=time(9))
        with inside(app, scene.worker):
            assert from_week(version_id) == 2
            assert from_week(version_id) == 0
            found = db.session.scalars(select(ExperienceDay).order_by(ExperienceDay.held_on)).all()
            assert [(day.held_on - MONDAY).days for day in found] == [0, 2]
            assert {(day.starts_at, day.ends_at, day.minutes) for day in found} == {(time(9), time(10, 30), 90)}

    def test_a_corrected_week_takes_back_what_it_calls_missed(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        first = a_week(app, scene, placement_id, PRESENT, PRESENT)
        second = a_week(app, scene, placement_id, PRESENT, AWAY, starts_at=time(14))
        with inside(app, scene.worker):
            from_week(first)
            assert from_week(second) == 0
            assert [status for _day, status in held(scene)] == ["recorded", "withdrawn"]
            assert queries.days_of(placement_id, MONDAY, MONDAY)[0].starts_at == time(14)

    def test_a_corrected_week_takes_back_what_it_no_longer_names(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        first = a_week(app, scene, placement_id, PRESENT, PRESENT)
        second = a_week(app, scene, placement_id, PRESENT)
        with inside(app, scene.worker):
            from_week(first)
            assert from_week(second) == 0
            assert [status for _day, status in held(scene)] == ["recorded", "withdrawn"]

    def test_days_before_the_placement_was_started_here_are_recorded_once_it_is(self, app: Flask) -> None:
        scene = a_scene(app)
        with inside(app, scene.worker):
            placement_id = rules.plan(scene.person_id, **a_plan(scene)).id
        version_id = a_week(app, scene, placement_id, PRESENT, AWAY, PRESENT)
        with inside(app, scene.worker):
            assert from_week(version_id) == 0
            rules.hold_meeting(placement_id, meeting_held_on=LAST_MONTH.first, meeting_note=None)
            rules.start(placement_id)
            assert [status for _day, status in held(scene)] == ["recorded", "recorded"]

    def test_what_the_employer_has_confirmed_is_never_touched(self, app: Flask) -> None:
        scene = a_scene(app)
        placement_id = a_placement(app, scene)
        first = a_week(app, scene, placement_id, PRESENT)
        second = a_week(app, scene, placement_id, AWAY)
        with inside(app, scene.worker):
            from_week(first)
        with inside(app, a_contact(app, scene)):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田")
        with inside(app, scene.worker):
            from_week(second)
            assert [status for _day, status in held(scene)] == ["confirmed"]

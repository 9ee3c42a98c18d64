"""One record is expected per person in support and week, and none of people whose support rests."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.kernel import clock, journal
from ayumi.kernel.db import add, db
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Programme
from ayumi.participants.model import Participant
from ayumi.records import expecting, rules
from ayumi.records.model import WeeklyRecord
from ayumi.selection.model import EndReason, Enrolment, EnrolmentStatus
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_person, a_scene, expect, the_week
from tests.world import a_firm, a_town, at, inside, working

THIS_MONDAY = LAST_MONDAY + WEEK


def weeks(app: Flask, scene: Scene) -> list[tuple[date, str]]:
    with working(app, scene.town):
        query = select(WeeklyRecord.week_start, WeeklyRecord.status).order_by(WeeklyRecord.week_start)
        return [(row.week_start, row.status.value) for row in db.session.execute(query)]


def set_enrolment(app: Flask, scene: Scene, status: EnrolmentStatus, *, days_ago: int = 0) -> None:
    """Change an enrolment, as if it had happened some days ago."""
    with inside(app, scene.caseworker):
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.participant_id == scene.person_id)).one()
        before, enrolment.status = enrolment.status, status
        if status is EnrolmentStatus.ENDED:
            enrolment.ends_on, enrolment.end_reason = clock.today() - timedelta(days=days_ago), EndReason.JOB
        add(
            journal.Entry(
                subject="enrolment",
                subject_id=enrolment.id,
                action=status.value,
                status_before=before.value,
                status_after=status.value,
                at=clock.now() - timedelta(days=days_ago),
                door="staff",
            )
        )


def test_every_week_from_the_start_of_the_enrolment_to_the_day_named_is_expected(app: Flask) -> None:
    scene = a_scene(app)
    expect(app, scene.town, THIS_MONDAY + WEEK)
    mondays = [LAST_MONDAY + count * WEEK for count in range(-2, 3)]
    assert weeks(app, scene) == [(monday, "expected") for monday in mondays]


def test_an_enrolment_in_the_middle_of_a_week_is_expected_from_that_week_on(app: Flask) -> None:
    scene = a_scene(app)
    other = a_person(app, scene.town, starts_on=LAST_MONDAY + timedelta(days=4))
    expect(app, scene.town)
    with working(app, scene.town):
        assert the_week(other).week_start == LAST_MONDAY


def test_no_week_is_expected_from_before_the_municipality_kept_its_records_here(app: Flask) -> None:
    scene = a_scene(app)
    with at(app, Place(Door.OWNER, tenant_id=scene.town.tenant_id)):
        db.session.scalars(select(Programme)).one().started_on = LAST_MONDAY
    expect(app, scene.town, THIS_MONDAY)
    assert weeks(app, scene) == [(LAST_MONDAY, "expected"), (THIS_MONDAY, "expected")]


def test_expecting_again_adds_nothing(app: Flask) -> None:
    scene = a_scene(app)
    with working(app, scene.town):
        assert rules.expect_weeks(THIS_MONDAY) == 4
        assert rules.expect_weeks(THIS_MONDAY) == 0


def test_a_town_without_anybody_in_support_expects_nothing(app: Flask) -> None:
    with working(app, a_town(app)):
        assert rules.expect_weeks(THIS_MONDAY) == 0


def test_the_week_belongs_to_whoever_supports_the_person(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    expect(app, scene.town)
    with working(app, scene.town):
        week = the_week(scene.person_id)
        assert (week.delivery_firm_id, week.firm_id) == (scene.firm_id, scene.firm_id)


@pytest.mark.parametrize(
    ("monday", "days", "due"),
    [
        (date(2026, 11, 9), 1, date(2026, 11, 16)),
        (date(2026, 11, 16), 1, date(2026, 11, 24)),  # Monday the 23rd is Labour Thanksgiving Day
        (date(2026, 12, 21), 1, date(2026, 12, 28)),
        (date(2026, 12, 21), 2, date(2027, 1, 4)),  # municipal offices rest from 29 December to 3 January
        (date(2026, 11, 9), 3, date(2026, 11, 18)),
    ],
)
def test_a_week_is_due_on_the_office_day_after_its_sunday(monday: date, days: int, due: date) -> None:
    assert expecting.due_day(monday, days) == due


def test_the_municipality_says_how_many_days_after_sunday_a_week_is_due(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.caseworker):
        db.session.scalars(select(Programme)).one().record_due_days = 4
    expect(app, scene.town)
    with working(app, scene.town):
        assert the_week(scene.person_id).due_on == expecting.due_day(LAST_MONDAY, 4)


def test_no_week_is_expected_while_support_rests(app: Flask) -> None:
    scene = a_scene(app)
    set_enrolment(app, scene, EnrolmentStatus.PAUSED)
    expect(app, scene.town)
    assert weeks(app, scene) == []


def test_weeks_after_a_pause_began_need_no_record_and_are_expected_again_when_support_goes_on(app: Flask) -> None:
    scene, next_monday = a_scene(app), THIS_MONDAY + WEEK
    expect(app, scene.town, next_monday)
    set_enrolment(app, scene, EnrolmentStatus.PAUSED)
    expect(app, scene.town, next_monday)
    assert dict(weeks(app, scene))[next_monday] == "skipped"
    assert dict(weeks(app, scene))[THIS_MONDAY] == "expected"
    set_enrolment(app, scene, EnrolmentStatus.ACTIVE)
    expect(app, scene.town, next_monday)
    assert dict(weeks(app, scene))[next_monday] == "expected"


def test_the_weeks_of_a_pause_are_not_asked_for_afterwards(app: Flask) -> None:
    scene = a_scene(app)
    set_enrolment(app, scene, EnrolmentStatus.PAUSED, days_ago=(clock.today() - LAST_MONDAY).days + 7)
    set_enrolment(app, scene, EnrolmentStatus.ACTIVE)
    expect(app, scene.town)
    assert [monday for monday, _status in weeks(app, scene)] == [
        LAST_MONDAY - 2 * WEEK,
        LAST_MONDAY - WEEK,
        THIS_MONDAY,
    ]


def test_weeks_after_the_end_need_no_record(app: Flask) -> None:
    scene = a_scene(app)
    expect(app, scene.town, THIS_MONDAY + WEEK)
    set_enrolment(app, scene, EnrolmentStatus.ENDED, days_ago=(clock.today() - LAST_MONDAY).days - 2)
    expect(app, scene.town, THIS_MONDAY + WEEK)
    assert [status for _monday, status in weeks(app, scene)] == ["expected"] * 3 + ["skipped"] * 2


def test_a_week_nobody_has_begun_follows_the_person_to_another_firm(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    expect(app, scene.town)
    other = a_firm(app)
    with inside(app, scene.caseworker):
        person = db.session.scalars(select(Participant).where(Participant.id == scene.person_id)).one()
        person.delivery_firm_id = person.firm_id = other
    expect(app, scene.town)
    with working(app, scene.town):
        assert the_week(scene.person_id, THIS_MONDAY).delivery_firm_id == other
        assert the_week(scene.person_id, LAST_MONDAY).delivery_firm_id == scene.firm_id


def test_expected_weeks_of_one_town_are_not_seen_in_another(app: Flask) -> None:
    scene, other = a_scene(app), a_scene(app)
    expect(app, scene.town)
    assert len(weeks(app, scene)) == 4
    assert weeks(app, other) == []

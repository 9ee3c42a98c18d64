"""Weeks are found for whoever they wait for, and only of people one may see."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.participants.model import Participant
from ayumi.records import beside, drafts, queries, reading, rules
from ayumi.records.content import DayEntry
from ayumi.records.holding import hold
from ayumi.records.model import Attendance, RecordStatus
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_person, a_scene, a_week, attended, expect, said, submitted
from tests.world import a_contract, a_firm, a_member, inside


def ids(found: queries.Found) -> list[object]:
    return [row.record_id for row in found[1]]


def week_before(person_id: UUID) -> queries.SeenWeek:
    """Read what a list of people says of somebody's week before this one."""
    word = db.session.scalar(select(beside.week_before(Participant.id)).where(Participant.id == person_id))
    return beside.read_week(word, LAST_MONDAY)


def overdue(app: Flask, scene: Scene, record_id: object) -> None:
    """Let a week be due yesterday."""
    with inside(app, scene.supporter):
        hold(record_id).record.due_on = clock.today() - timedelta(days=1)  # type: ignore[arg-type]


def test_weeks_to_read_are_those_of_the_caseworker_the_oldest_first(app: Flask) -> None:
    scene = a_scene(app)
    colleague = a_member(app, scene.town, Party.STAFF, Role.CASEWORKER)
    second, first = a_week(app, scene), a_week(app, scene, LAST_MONDAY - WEEK)
    submitted(app, scene, first, said(scene.town, attended(scene.town, LAST_MONDAY - WEEK)))
    submitted(app, scene, second)
    with inside(app, scene.caseworker):
        assert ids(queries.to_read(scene.caseworker.membership_id, 5)) == [first, second]
        assert ids(queries.to_read(None, 1)) == [first]
        assert queries.to_read(None, 1)[0] == 2
        assert queries.to_read(colleague.membership_id, 5) == (0, [])


def test_a_week_is_missing_from_the_day_after_it_was_due(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    for monday in (LAST_MONDAY - WEEK, LAST_MONDAY - 2 * WEEK):
        submitted(app, scene, a_week(app, scene, monday), said(scene.town, attended(scene.town, monday)))
    with inside(app, scene.supporter):
        hold(record_id).record.due_on = clock.today()
    with inside(app, scene.caseworker):
        assert queries.missing(None, 5) == (0, [])
    overdue(app, scene, record_id)
    with inside(app, scene.caseworker):
        assert ids(queries.missing(scene.caseworker.membership_id, 5)) == [record_id]


def test_a_firm_sees_only_its_own_weeks_as_due(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    other_firm = a_firm(app)
    a_contract(app, scene.town, other_firm)
    stranger = a_member(app, scene.town, Party.FIRM, Role.MANAGER, firm_id=other_firm)
    expect(app, scene.town)
    with inside(app, scene.supporter):
        assert queries.due_for_supporters(2)[0] == 4
    with inside(app, stranger):
        assert queries.due_for_supporters(2) == (0, [])
    with inside(app, scene.caseworker):
        assert queries.due_for_supporters(2) == (0, [])


def test_next_weeks_record_is_not_due_yet(app: Flask) -> None:
    scene = a_scene(app)
    expect(app, scene.town, clock.today() + 2 * WEEK)
    with inside(app, scene.supporter):
        assert queries.due_for_supporters(9)[0] == 4


def test_a_restricted_person_is_in_no_list_and_no_count(app: Flask) -> None:
    scene = a_scene(app)
    a_person(app, scene.town, caseworker=scene.caseworker, restricted=True)
    expect(app, scene.town)
    with inside(app, scene.supporter):
        assert queries.due_for_supporters(99)[0] == 4
        assert sum(row.missing for row in reading.by_caseworker()) < 4
    with inside(app, scene.caseworker):
        assert queries.due_for_supporters(99)[0] == 8


def test_the_strip_shows_twelve_weeks_of_what_was_handed_in(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    absent = DayEntry(
        held_on=LAST_MONDAY + timedelta(days=2), attendance=Attendance.ABSENT_NOTIFIED, absence_reason="通院"
    )
    submitted(app, scene, record_id, said(scene.town, attended(scene.town), absent))
    with inside(app, scene.caseworker):
        strip = queries.attendance_strip([scene.person_id])[scene.person_id]
        assert [week.week_start for week in strip] == [LAST_MONDAY + count * WEEK for count in range(-10, 2)]
        week = strip[-2]
        assert (week.record_id, week.attended, week.planned) == (record_id, 1, 2)
        assert week.days[:3] == (Attendance.ATTENDED, None, Attendance.ABSENT_NOTIFIED)
        assert strip[0].status is None
        assert week_before(scene.person_id) == replace(week, record_id=None, due_on=None)


def test_a_day_counts_as_attended_when_any_of_it_was(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    again = DayEntry(held_on=LAST_MONDAY, position=1, attendance=Attendance.ABSENT, absence_reason="疲れ")
    submitted(app, scene, record_id, said(scene.town, attended(scene.town), again))
    with inside(app, scene.caseworker):
        assert week_before(scene.person_id).attended == 1


def test_somebody_of_whom_no_week_was_expected_has_nothing_noted(app: Flask) -> None:
    scene = a_scene(app)
    with inside(app, scene.caseworker):
        assert week_before(scene.person_id) == queries.SeenWeek(LAST_MONDAY, None, None, None, (None,) * 7)


def test_a_draft_is_not_seen_by_others_before_it_is_handed_in(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=said(scene.town))
    with inside(app, scene.caseworker):
        week = week_before(scene.person_id)
        assert (week.status, week.days) == (RecordStatus.DRAFT, (None,) * 7)


def test_the_weeks_of_a_person_come_newest_first_with_what_counts(app: Flask) -> None:
    scene = a_scene(app)
    submitted(app, scene, a_week(app, scene), said(scene.town, request_to_caseworker="電話をください"))
    with inside(app, scene.caseworker):
        found = queries.weeks_of(scene.person_id, 2)
        assert [row.week_start for row in found] == [LAST_MONDAY + WEEK, LAST_MONDAY]
        assert (found[1].version, found[1].has_request, found[0].version) == (1, True, None)


def test_supervisors_see_by_caseworker_what_waits(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    submitted(app, scene, record_id, said(scene.town, has_concern=True, concern_what="眠れない"))
    with inside(app, scene.caseworker):
        (row,) = reading.by_caseworker()
        assert (row.caseworker_name, row.to_read, row.concerns, row.requests) == ("佐々木 美咲", 1, 1, 0)
        rules.acknowledge(queries.open_concerns(None, 1)[1][0].concern_id, acknowledgement="訪問します")
        assert reading.by_caseworker()[0].concerns == 0

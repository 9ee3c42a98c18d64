"""A week is written in a draft; whoever saves second is told, and nothing is overwritten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import db
from ayumi.kernel.errors import Conflict, Invalid, NotFound
from ayumi.records import drafts, holding, rules, versions
from ayumi.records.content import Content, DayEntry, Words, fingerprint
from ayumi.records.holding import hold
from ayumi.records.model import Attendance, RecordStatus
from tests.records.scene import (
    LAST_MONDAY,
    a_person,
    a_scene,
    a_week,
    accepted,
    attended,
    current_of,
    draft_of,
    expect,
    said,
    standing,
    submitted,
    the_week,
)
from tests.world import a_contract, a_firm, a_member, inside

TUESDAY = LAST_MONDAY + timedelta(days=1)


def test_the_first_save_opens_version_one(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        record = drafts.save_week(record_id, edition=1, content=said(scene.town))
        db.session.flush()
        opened = draft_of(record_id)
        assert (record.status, record.edition) == (RecordStatus.DRAFT, 2)
        assert opened is not None and (opened.version, opened.is_current) == (1, False)
        assert record.supporter_id == scene.supporter.membership_id


def test_versions_are_asked_for_unless_nobody_has_touched_the_week(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        assert not any("record_version" in each for each in sent_while(lambda: hold(record_id)))
        rules.skip(record_id, reason="面談だけの週")
    with inside(app, scene.supporter):
        rules.unskip(record_id)
    with inside(app, scene.supporter):
        assert any("record_version" in each for each in sent_while(lambda: hold(record_id)))


def sent_while(doing: Callable[[], object]) -> list[str]:
    """Return the statements that are sent to the database while something is done."""
    sent: list[str] = []
    engine = db.session.connection().engine

    def hear(*heard: Any) -> None:
        sent.append(heard[2])

    event.listen(engine, "before_cursor_execute", hear)
    doing()
    event.remove(engine, "before_cursor_execute", hear)
    return sent


def test_what_was_saved_is_there_again_with_its_minutes_counted(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=said(scene.town, has_concern=True, concern_what="眠れない"))
    with inside(app, scene.supporter):
        stored = standing(record_id)
        assert stored.words.concern_what == "眠れない"
        assert stored.days == (replace(attended(scene.town), minutes=120),)


def test_several_menus_a_day_keep_their_order_and_an_emptied_one_goes(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    morning, noon = attended(scene.town), attended(scene.town, position=1, starts_at=time(13), ends_at=time(14))
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=Content(Words(), (noon, morning)))
        week = hold(record_id)
        assert [day.minutes for day in standing(record_id).days] == [120, 60]
        drafts.save_week(record_id, edition=week.record.edition, content=Content(Words(), (noon,)))
        assert [day.key for day in standing(record_id).days] == [(LAST_MONDAY, 0)]


def test_a_plan_without_attendance_can_be_kept_in_a_draft(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        plan = DayEntry(held_on=TUESDAY, menu_id=scene.town.menu_id)
        drafts.save_week(record_id, edition=1, content=Content(Words(), (plan,)))
        assert standing(record_id).days == (plan,)


def test_the_second_of_two_people_is_told_and_sees_what_the_first_saved(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=said(scene.town, summary="先の人"))
    with inside(app, scene.caseworker), pytest.raises(drafts.EditedMeanwhile) as told:
        drafts.save_week(record_id, edition=1, content=said(scene.town, summary="後の人"))
    assert told.value.theirs.words.summary == "先の人"
    with inside(app, scene.caseworker):
        assert standing(record_id).words.summary == "先の人"


def test_the_same_content_sent_twice_is_saved_once(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    for _again in range(2):
        with inside(app, scene.supporter):
            drafts.save_week(record_id, edition=1, content=said(scene.town))
    with inside(app, scene.supporter):
        assert hold(record_id).record.edition == 2
        assert len(versions.every(record_id)) == 1


def test_two_people_in_different_cells_do_not_disturb_each_other(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    empty = fingerprint(DayEntry(held_on=LAST_MONDAY)), fingerprint(DayEntry(held_on=TUESDAY))
    with inside(app, scene.supporter):
        drafts.save_day(record_id, before=empty[0], entry=attended(scene.town))
    with inside(app, scene.caseworker):
        drafts.save_day(record_id, before=empty[1], entry=attended(scene.town, TUESDAY))
        assert len(standing(record_id).days) == 2


def test_two_people_in_the_same_cell_are_told(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    empty = fingerprint(DayEntry(held_on=LAST_MONDAY))
    with inside(app, scene.supporter):
        drafts.save_day(record_id, before=empty, entry=attended(scene.town))
    absent = DayEntry(held_on=LAST_MONDAY, attendance=Attendance.ABSENT, absence_reason="連絡なし")
    with inside(app, scene.caseworker), pytest.raises(drafts.EditedMeanwhile) as told:
        drafts.save_day(record_id, before=empty, entry=absent)
    assert told.value.theirs.attendance is Attendance.ATTENDED


def test_a_cell_leaves_other_menus_of_its_day_alone(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    second = attended(scene.town, position=1, starts_at=time(13), ends_at=time(14))
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=Content(Words(), (attended(scene.town), second)))
        before = fingerprint(standing(record_id).first_on(LAST_MONDAY))
        drafts.save_day(record_id, before=before, entry=attended(scene.town, starts_at=time(9)))
        assert [day.minutes for day in standing(record_id).days] == [180, 60]


def test_the_words_of_a_week_are_saved_without_touching_its_concern(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=said(scene.town, has_concern=True, concern_what="眠れない"))
        before = fingerprint(standing(record_id).words.without_concern())
        drafts.save_words(record_id, before=before, summary="新しいまとめ", request_to_caseworker="電話をください")
        words = standing(record_id).words
        assert (words.summary, words.request_to_caseworker, words.concern_what) == (
            "新しいまとめ",
            "電話をください",
            "眠れない",
        )
    with inside(app, scene.supporter), pytest.raises(drafts.EditedMeanwhile):
        drafts.save_words(record_id, before=before, summary="別のまとめ", request_to_caseworker=None)


@pytest.mark.parametrize("days", [-1, 7])
def test_a_day_outside_the_week_is_refused(app: Flask, days: int) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    outside = attended(scene.town, LAST_MONDAY + timedelta(days=days))
    with inside(app, scene.supporter), pytest.raises(Invalid):
        drafts.save_week(record_id, edition=1, content=said(scene.town, outside))


def test_a_week_that_was_handed_in_does_not_change(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    submitted(app, scene, record_id)
    with inside(app, scene.supporter):
        edition = hold(record_id).record.edition
        with pytest.raises(drafts.NotOpen):
            drafts.save_week(record_id, edition=edition, content=said(scene.town, summary="あとから"))


def test_a_skipped_week_is_not_written(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        edition = rules.skip(record_id, reason="入院中").edition
        with pytest.raises(Conflict):
            drafts.save_week(record_id, edition=edition, content=said(scene.town))


def test_a_week_that_was_sent_back_opens_a_new_version_with_the_same_content(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    version_id = submitted(app, scene, record_id)
    with inside(app, scene.caseworker):
        rules.send_back(record_id, version_id=version_id, comment="金曜の様子を書いてください")
    with inside(app, scene.supporter):
        before = fingerprint(DayEntry(held_on=TUESDAY))
        drafts.save_day(record_id, before=before, entry=attended(scene.town, TUESDAY))
        first, second = versions.every(record_id)
        contents = versions.contents([first, second])
        assert (second.version, second.summary) == (2, first.summary)
        assert len(contents[second.id].days) == len(contents[first.id].days) + 1


def test_the_firms_week_is_not_written_by_own_staff(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    with inside(app, scene.caseworker), pytest.raises(holding.NotOurs):
        drafts.save_week(record_id, edition=1, content=said(scene.town))


def test_own_staff_finish_a_week_that_its_firm_may_no_longer_see(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    with inside(app, scene.caseworker):
        record = hold(record_id, ours=False).record
        record.firm_id = None
    with inside(app, scene.caseworker):
        edition = hold(record_id).record.edition
        drafts.save_week(record_id, edition=edition, content=said(scene.town))


def test_another_firms_week_is_not_there(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    other = a_firm(app)
    a_contract(app, scene.town, other)
    stranger = a_member(app, scene.town, Party.FIRM, Role.SUPPORTER, firm_id=other)
    with inside(app, stranger), pytest.raises(NotFound):
        drafts.save_week(record_id, edition=1, content=said(scene.town))


def test_the_week_of_a_restricted_person_is_not_there_for_colleagues(app: Flask) -> None:
    scene = a_scene(app)
    hidden = a_person(app, scene.town, caseworker=scene.caseworker, restricted=True)
    expect(app, scene.town)
    with inside(app, scene.caseworker):
        record_id = hold(the_week(hidden).id).record.id
    with inside(app, scene.supporter), pytest.raises(NotFound):
        drafts.save_week(record_id, edition=1, content=said(scene.town))


def test_a_correction_leaves_the_accepted_version_current(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    version_id = accepted(app, scene, record_id)
    with inside(app, scene.supporter):
        rules.correct(record_id, reason="時間の誤り")
        edition = hold(record_id).record.edition
        drafts.save_week(record_id, edition=edition, content=said(scene.town, summary="直したもの"))
        counting = current_of(record_id)
        assert counting is not None and counting.id == version_id


def test_what_does_not_belong_to_how_a_day_went_is_not_kept(app: Flask) -> None:
    scene = a_scene(app)
    absent = attended(scene.town, attendance=Attendance.ABSENT, absence_reason="連絡なし")
    there = attended(scene.town, absence_reason="連絡なし")
    assert (absent.settled().minutes, absent.settled().starts_at) == (None, None)
    assert (there.settled().minutes, there.settled().absence_reason) == (120, None)

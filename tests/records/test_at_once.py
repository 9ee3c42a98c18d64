"""A whole week is written and handed in with one statement, and that leaves what its steps would leave."""

from contextlib import ExitStack
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.kernel import journal, writing
from ayumi.kernel.db import db
from ayumi.kernel.errors import Invalid
from ayumi.records import drafts, queries, rules, versions
from ayumi.records.content import Content, DayEntry
from ayumi.records.drafts import EditedMeanwhile
from ayumi.records.holding import hold
from ayumi.records.model import Attendance, Condition, RecordStatus
from tests.overheard import overheard
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_scene, a_week, attended, current_of, said, submitted
from tests.world import inside

WAYS = ("at once", "in a savepoint", "step by step")
LEFT = text("""
SELECT to_jsonb(w) - '{id,week_start,due_on,first_submitted_at,edition}'::text[] AS week,
       to_jsonb(v) - '{id,weekly_record_id,saved_at,submitted_at}'::text[] AS version,
       (SELECT jsonb_agg((to_jsonb(d) - '{id,record_version_id,held_on}'::text[])
                         || jsonb_build_object('on', d.held_on - w.week_start) ORDER BY d.held_on, d.position)
        FROM record_day d WHERE d.record_version_id = v.id) AS days,
       w.first_submitted_at = v.submitted_at AS on_time
FROM weekly_record w JOIN record_version v ON v.weekly_record_id = w.id WHERE w.id = :week
""")


def written(scene: Scene, monday: date) -> Content:
    """Two days, one of them with two menus: every kind of thing that a day can say."""
    absent: dict[str, Any] = {"attendance": Attendance.ABSENT, "absence_reason": 'かぜ "39 度" {%s} \\n'}
    return said(
        scene.town,
        attended(scene.town, monday, place="作業室", condition=Condition.GOOD, observation="自分から\n話した。"),
        attended(scene.town, monday, position=1, starts_at=time(13, 5), ends_at=time(14)),
        DayEntry(held_on=monday + timedelta(days=2), **absent),
        request_to_caseworker='訪問の日を、"早めに"。',
    )


def left_by(record_id: UUID) -> Any:
    """All that stands in the database of a week, but which week it is, when it was written and in how many steps."""
    db.session.flush()
    found = db.session.execute(LEFT, {"week": record_id}).one()
    return [*found, [(each.action, each.status_before, each.status_after) for each in journal.history(record_id)]]


def begun(app: Flask, scene: Scene, record_id: UUID, content: Content) -> None:
    """Save a week as a draft."""
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=content)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("with_firm", [True, False])
def test_writing_and_handing_in_at_once_leaves_what_one_after_the_other_leaves(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str, with_firm: bool
) -> None:
    scene = a_scene(app, with_firm=with_firm)
    one, other = a_week(app, scene), a_week(app, scene, LAST_MONDAY - WEEK)
    submitted(app, scene, other, written(scene, LAST_MONDAY - WEEK))
    if way == "step by step":
        for module in (rules, writing):
            monkeypatch.setattr(module, "at_once", lambda: False)
    with inside(app, scene.supporter), ExitStack() as around:
        if way == "in a savepoint":
            around.enter_context(db.session.begin_nested())
        rules.write_and_submit(one, edition=1, content=written(scene, LAST_MONDAY))
    with inside(app, scene.supporter):
        assert left_by(one) == left_by(other)


def test_a_whole_week_is_one_statement(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter), overheard(app, "staff") as asked:
        rules.write_and_submit(record_id, edition=1, content=said(scene.town))
        asked_of_weeks = [each for each in asked if "record_version" in each or "record_day" in each]
        assert len(asked_of_weeks) == 1


def test_a_week_that_was_begun_is_handed_in_as_it_is_now(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    begun(app, scene, record_id, said(scene.town, attended(scene.town, observation="前の様子")))
    with inside(app, scene.supporter):
        version = rules.write_and_submit(record_id, edition=2, content=said(scene.town))
        assert (version.version, version.submitted_at is not None) == (1, True)
    with inside(app, scene.supporter):
        assert [day.observation for day in versions.content_of(current_of(record_id)).days] == [None]


def test_a_week_that_was_sent_back_gets_another_version(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    version_id = submitted(app, scene, record_id)
    with inside(app, scene.caseworker):
        rules.send_back(record_id, version_id=version_id, comment="もう少し")
    with inside(app, scene.supporter):
        edition = hold(record_id).record.edition
        rules.write_and_submit(record_id, edition=edition, content=said(scene.town, summary="くわしく書いた"))
    with inside(app, scene.supporter):
        assert [(each.version, each.is_current) for each in versions.every(record_id)] == [(1, False), (2, True)]
        assert journal.history(record_id)[0].action == "resubmitted"


def test_who_comes_second_is_told_and_nothing_is_left_of_what_they_wrote(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    begun(app, scene, record_id, said(scene.town))
    with inside(app, scene.supporter), pytest.raises(EditedMeanwhile):
        rules.write_and_submit(record_id, edition=1, content=said(scene.town, summary="別の言葉"))
    with inside(app, scene.supporter):
        assert hold(record_id).record.status is RecordStatus.DRAFT


def test_of_a_week_that_misses_something_nothing_is_written(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        with pytest.raises(Invalid) as told:
            rules.write_and_submit(record_id, edition=1, content=said(scene.town, summary=""))
        assert list(told.value.fields) == ["summary"]
        assert not db.session.dirty
    with inside(app, scene.supporter):
        record = hold(record_id).record
        assert (record.status, record.edition, versions.every(record_id)) == (RecordStatus.EXPECTED, 1, [])


def test_a_concern_is_raised_with_the_week(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    content = said(scene.town, has_concern=True, concern_what="食事がとれていない")
    with inside(app, scene.supporter):
        rules.write_and_submit(record_id, edition=1, content=content)
    with inside(app, scene.supporter):
        assert [each.what for each in queries.open_concerns_of(record_id)] == ["食事がとれていない"]

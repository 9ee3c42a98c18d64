"""A week is handed in, read, sent back, accepted, put right or left out; concerns are seen to."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db
from ayumi.kernel.errors import Conflict, Invalid, Refused
from ayumi.records import drafts, queries, rules, versions
from ayumi.records.content import Content, Words
from ayumi.records.holding import hold
from ayumi.records.model import Attendance, Concern, RecordDay, RecordStatus, RecordVersion
from tests.records.scene import (
    LAST_MONDAY,
    WEEK,
    Scene,
    a_scene,
    a_week,
    accepted,
    attended,
    current_of,
    draft_of,
    said,
    submitted,
)
from tests.world import a_member, inside


def save(app: Flask, scene: Scene, record_id, content: Content) -> None:
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=hold(record_id).record.edition, content=content)


def refused(app: Flask, scene: Scene, content: Content, monday=LAST_MONDAY) -> dict[str, list[str]]:
    """Return what submitting this content is refused for."""
    record_id = a_week(app, scene, monday)
    save(app, scene, record_id, content)
    with inside(app, scene.supporter), pytest.raises(Invalid) as told:
        rules.submit(record_id)
    return told.value.fields


class TestSubmit:
    def test_it(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id = a_week(app, scene)
        version_id = submitted(app, scene, record_id)
        with inside(app, scene.caseworker):
            record, version = hold(record_id, ours=False).record, current_of(record_id)
            assert record.status is RecordStatus.SUBMITTED
            assert version is not None and version.id == version_id
            assert record.first_submitted_at == version.submitted_at
            assert [entry.action for entry in journal.history(record_id)] == ["submitted", "begun"]

    def test_handing_in_twice_is_handing_in_once(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        first = submitted(app, scene, record_id)
        with inside(app, scene.supporter):
            assert rules.submit(record_id).id == first
            assert len(versions.every(record_id)) == 1

    def test_a_week_without_a_word_is_not_handed_in(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        with inside(app, scene.supporter), pytest.raises(Conflict):
            rules.submit(record_id)

    def test_the_summary_is_required(self, app: Flask) -> None:
        scene = a_scene(app)
        assert "summary" in refused(app, scene, Content(Words(), (attended(scene.town),)))

    def test_a_concern_says_what(self, app: Flask) -> None:
        scene = a_scene(app)
        assert "concern_what" in refused(app, scene, said(scene.town, has_concern=True))

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"attendance": None}, "attendance"),
            ({"menu_id": None}, "menu_id"),
            ({"starts_at": None, "ends_at": None}, "starts_at"),
            ({"attendance": Attendance.ABSENT}, "absence_reason"),
            ({"attendance": Attendance.ABSENT_NOTIFIED}, "absence_reason"),
        ],
    )
    def test_a_day_says_all_that_is_needed(self, app: Flask, given: dict[str, Any], field: str) -> None:
        scene = a_scene(app)
        fields = refused(app, scene, said(scene.town, attended(scene.town, **given)))
        assert list(fields) == [f"{LAST_MONDAY}.0.{field}"]

    def test_minutes_will_do_instead_of_times(self, app: Flask) -> None:
        scene = a_scene(app)
        day = attended(scene.town, starts_at=None, ends_at=None, minutes=90)
        submitted(app, scene, a_week(app, scene), said(scene.town, day))

    def test_nobody_has_attended_tomorrow(self, app: Flask) -> None:
        scene, monday = a_scene(app), LAST_MONDAY + WEEK
        if clock.today().weekday() == 6:
            monday += WEEK
        tomorrow = clock.today() + timedelta(days=1)
        with inside(app, scene.caseworker):
            pass
        fields = refused(app, scene, said(scene.town, attended(scene.town, tomorrow)), monday)
        assert list(fields) == [f"{tomorrow}.0.attendance"]

    def test_what_was_handed_in_does_not_change_even_by_hand(self, app: Flask) -> None:
        scene = a_scene(app)
        version_id = submitted(app, scene, a_week(app, scene))
        with pytest.raises(IntegrityError), inside(app, scene.supporter):
            db.session.execute(update(RecordVersion).where(RecordVersion.id == version_id).values(summary="別の話"))
        with pytest.raises(IntegrityError), inside(app, scene.supporter):
            db.session.execute(update(RecordDay).values(minutes=1))

    def test_handed_in_after_the_day_it_was_due_is_late(self, app: Flask) -> None:
        scene = a_scene(app)
        on_time, late = a_week(app, scene), a_week(app, scene, LAST_MONDAY - WEEK)
        with inside(app, scene.supporter):
            hold(on_time).record.due_on = clock.today()
            hold(late).record.due_on = clock.today() - timedelta(days=1)
        submitted(app, scene, on_time)
        submitted(app, scene, late, said(scene.town, attended(scene.town, LAST_MONDAY - WEEK)))
        with inside(app, scene.caseworker):
            assert [queries.week(each).late for each in (on_time, late)] == [False, True]


class TestAccept:
    def test_it(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        accepted(app, scene, record_id)
        with inside(app, scene.caseworker):
            version = current_of(record_id)
            assert hold(record_id).record.status is RecordStatus.ACCEPTED
            assert version is not None and version.decided_by == scene.caseworker.membership_id

    def test_accepting_twice_is_accepting_once(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        version_id = accepted(app, scene, record_id)
        with inside(app, scene.caseworker):
            rules.accept(record_id, version_id=version_id)
            assert [each.action for each in journal.history(record_id)].count("accepted") == 1

    def test_only_the_version_that_counts_is_accepted(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        submitted(app, scene, record_id)
        with inside(app, scene.caseworker), pytest.raises(rules.NewerVersion):
            rules.accept(record_id, version_id=uuid4())

    def test_a_firm_does_not_accept(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id = a_week(app, scene)
        version_id = submitted(app, scene, record_id)
        with inside(app, scene.supporter), pytest.raises(Refused):
            rules.accept(record_id, version_id=version_id)


class TestSendBack:
    def test_it(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id = a_week(app, scene)
        version_id = submitted(app, scene, record_id)
        with inside(app, scene.caseworker):
            rules.send_back(record_id, version_id=version_id, comment="金曜の様子を書いてください")
        with inside(app, scene.supporter):
            total, found = queries.returned(5)
            assert (total, found[0].returned_comment) == (1, "金曜の様子を書いてください")

    def test_the_answer_is_a_new_version_and_the_first_day_it_came_stays(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        version_id = submitted(app, scene, record_id)
        with inside(app, scene.caseworker):
            first = rules.send_back(record_id, version_id=version_id, comment="もう少し").first_submitted_at
        again = submitted(app, scene, record_id, said(scene.town, summary="書き足しました。"))
        with inside(app, scene.caseworker):
            record, counting = hold(record_id).record, current_of(record_id)
            assert (record.status, record.first_submitted_at) == (RecordStatus.SUBMITTED, first)
            assert counting is not None and (counting.id, counting.version) == (again, 2)

    def test_an_accepted_week_is_not_sent_back(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        version_id = accepted(app, scene, record_id)
        with inside(app, scene.caseworker), pytest.raises(Conflict):
            rules.send_back(record_id, version_id=version_id, comment="やはり")


class TestCorrect:
    @pytest.mark.parametrize("before", [submitted, accepted])
    def test_it(self, app: Flask, before) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        before(app, scene, record_id)
        with inside(app, scene.supporter):
            opened = rules.correct(record_id, reason="時間の誤り")
            assert versions.content_of(opened) == versions.content_of(current_of(record_id))
        submitted(app, scene, record_id, said(scene.town, summary="直したもの"))
        with inside(app, scene.caseworker):
            assert hold(record_id).record.status is RecordStatus.SUBMITTED
            assert journal.history(record_id)[0].why == "時間の誤り"

    def test_asked_for_twice_it_is_opened_once(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        accepted(app, scene, record_id)
        with inside(app, scene.supporter):
            assert rules.correct(record_id, reason="誤り").id == rules.correct(record_id, reason="誤り").id

    def test_thrown_away_the_week_stands_as_it_was_handed_in(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        accepted(app, scene, record_id)
        with inside(app, scene.supporter):
            rules.correct(record_id, reason="押し間違い")
        with inside(app, scene.supporter):
            rules.give_up_correction(record_id)
            rules.give_up_correction(record_id)
            assert draft_of(record_id) is None
            assert hold(record_id).record.status is RecordStatus.ACCEPTED
            assert [each.action for each in journal.history(record_id)].count("correction_given_up") == 1

    def test_a_first_draft_is_not_a_correction_to_throw_away(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        save(app, scene, record_id, said(scene.town))
        with inside(app, scene.supporter), pytest.raises(Conflict):
            rules.give_up_correction(record_id)

    def test_a_version_that_was_handed_in_cannot_be_thrown_away(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        accepted(app, scene, record_id)
        with inside(app, scene.supporter):
            version = current_of(record_id)
            assert version is not None
            with pytest.raises(IntegrityError):
                versions.give_up(version)
            db.session.rollback()

    def test_a_week_that_was_not_handed_in_is_not_corrected(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        with inside(app, scene.supporter), pytest.raises(Conflict):
            rules.correct(record_id, reason="誤り")


class TestSkip:
    def test_a_week_left_out_says_why_and_can_be_expected_again(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        with inside(app, scene.supporter):
            assert rules.skip(record_id, reason="入院中").skip_reason == "入院中"
            assert rules.unskip(record_id).status is RecordStatus.EXPECTED

    def test_a_draft_left_out_comes_back_as_a_draft(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id = a_week(app, scene)
        save(app, scene, record_id, said(scene.town))
        with inside(app, scene.supporter):
            rules.skip(record_id, reason="入院中")
            assert rules.unskip(record_id).status is RecordStatus.DRAFT

    def test_own_staff_may_leave_out_a_week_of_a_firm(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        record_id = a_week(app, scene)
        with inside(app, scene.caseworker):
            assert rules.skip(record_id, reason="契約の終了").status is RecordStatus.SKIPPED


class TestConcerns:
    def raised(self, app: Flask, scene: Scene) -> tuple[object, object]:
        record_id = a_week(app, scene)
        version_id = submitted(app, scene, record_id, said(scene.town, has_concern=True, concern_what="眠れない"))
        return record_id, version_id

    def test_a_concern_is_raised_when_the_week_is_handed_in(self, app: Flask) -> None:
        scene = a_scene(app, with_firm=True)
        self.raised(app, scene)
        with inside(app, scene.caseworker):
            total, found = queries.open_concerns(scene.caseworker.membership_id, 3)
            assert (total, found[0].what) == (1, "眠れない")

    def test_it_is_acknowledged_with_what_is_done(self, app: Flask) -> None:
        scene = a_scene(app)
        self.raised(app, scene)
        with inside(app, scene.caseworker):
            concern_id = queries.open_concerns(None, 3)[1][0].concern_id
            rules.acknowledge(concern_id, acknowledgement="明日訪問します")
            assert queries.open_concerns(None, 3) == (0, [])
            assert rules.acknowledge(concern_id, acknowledgement="明日訪問します").acknowledgement == "明日訪問します"

    def test_a_colleague_who_comes_second_is_told(self, app: Flask) -> None:
        scene = a_scene(app)
        self.raised(app, scene)
        with inside(app, scene.caseworker):
            concern_id = queries.open_concerns(None, 3)[1][0].concern_id
            rules.acknowledge(concern_id, acknowledgement="明日訪問します")
        second = a_member(app, scene.town, Party.STAFF, Role.CASEWORKER)
        with inside(app, second), pytest.raises(rules.AlreadySeen):
            rules.acknowledge(concern_id, acknowledgement="電話します")

    def test_said_again_in_the_same_words_it_is_the_same_concern(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version_id = self.raised(app, scene)
        with inside(app, scene.caseworker):
            rules.send_back(record_id, version_id=version_id, comment="もう少し")  # type: ignore[arg-type]
        submitted(app, scene, record_id, said(scene.town, summary="別", has_concern=True, concern_what="眠れない"))  # type: ignore[arg-type]
        with inside(app, scene.caseworker):
            assert len(db.session.scalars(select(Concern)).all()) == 1

    def test_other_words_stand_for_the_week_and_are_seen_together_with_the_first(self, app: Flask) -> None:
        scene = a_scene(app)
        record_id, version_id = self.raised(app, scene)
        with inside(app, scene.caseworker):
            rules.send_back(record_id, version_id=version_id, comment="もう少し")  # type: ignore[arg-type]
        submitted(app, scene, record_id, said(scene.town, has_concern=True, concern_what="食べていない"))  # type: ignore[arg-type]
        with inside(app, scene.caseworker):
            total, found = queries.open_concerns(None, 3)
            assert (total, found[0].what) == (1, "食べていない")
            rules.acknowledge(found[0].concern_id, acknowledgement="明日訪問します")
            assert db.session.scalars(select(Concern).where(Concern.acknowledged_at.is_(None))).all() == []

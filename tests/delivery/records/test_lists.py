"""Supporters find what they have to write, theirs first."""

from datetime import timedelta

from flask import Flask

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock
from ayumi.records import rules
from ayumi.records.holding import hold
from tests.records.scene import LAST_MONDAY, WEEK, a_person, a_scene, a_week, accepted, expect, said, submitted
from tests.world import a_member, inside, logged_in


def test_the_list_holds_what_has_to_be_written_sent_back_weeks_first(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    record_id = a_week(app, scene)
    version_id = submitted(app, scene, record_id, said(scene.town))
    with inside(app, scene.caseworker):
        rules.send_back(record_id, version_id=version_id, comment="金曜の様子を書いてください")
    page = logged_in(app, scene.supporter).get(f"/portal/{scene.town.slug}/records/").text
    assert page.index("金曜の様子を書いてください") < page.index("未提出")


def test_a_correction_that_was_begun_is_in_the_list_again(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    accepted(app, scene, record_id)
    with inside(app, scene.supporter):
        rules.correct(record_id, reason="時間の誤り")
    page = logged_in(app, scene.supporter).get(f"/t/{scene.town.slug}/records/").text
    assert f"/records/{record_id}" in page
    assert "訂正中" in page


def test_overdue_weeks_have_a_list_of_their_own(app: Flask) -> None:
    scene = a_scene(app)
    record_id = a_week(app, scene)
    with inside(app, scene.supporter):
        hold(record_id).record.due_on = clock.today() - timedelta(days=3)
    page = logged_in(app, scene.supporter).get(f"/t/{scene.town.slug}/records/?tab=late").text
    assert "遅れ 3日" in page


def test_a_supporter_sees_their_own_people_and_on_request_everybody(app: Flask) -> None:
    scene = a_scene(app)
    a_person(app, scene.town, family_name="及川", given_name="誠")
    expect(app, scene.town)
    client = logged_in(app, scene.supporter)
    assert "及川 誠" not in client.get(f"/t/{scene.town.slug}/records/").text
    assert "及川 誠" in client.get(f"/t/{scene.town.slug}/records/?who=all").text


def test_who_supports_nobody_sees_everybody(app: Flask) -> None:
    scene = a_scene(app)
    expect(app, scene.town)
    worker = a_member(app, scene.town, Party.STAFF, Role.EMPLOYMENT_SUPPORT_WORKER)
    assert "高橋 陽子" in logged_in(app, worker).get(f"/t/{scene.town.slug}/records/").text


def test_a_list_without_rows_says_why(app: Flask) -> None:
    scene = a_scene(app)
    client = logged_in(app, scene.supporter)
    for tab in ("write", "late", "returned", "waiting", "done"):
        assert 'class="empty"' in client.get(f"/t/{scene.town.slug}/records/?tab={tab}").text


def test_weeks_handed_in_and_accepted_can_be_found_again(app: Flask) -> None:
    scene = a_scene(app)
    waiting, done = a_week(app, scene), a_week(app, scene, LAST_MONDAY - WEEK)
    submitted(app, scene, waiting)
    with inside(app, scene.supporter):
        rules.skip(done, reason="入院中のため")
    client = logged_in(app, scene.supporter)
    assert str(waiting) in client.get(f"/t/{scene.town.slug}/records/?tab=waiting").text
    assert "入院中のため" in client.get(f"/t/{scene.town.slug}/records/?tab=done").text


def test_finance_does_not_read_weeks(app: Flask) -> None:
    scene = a_scene(app)
    officer = a_member(app, scene.town, Party.STAFF, Role.FINANCE_OFFICER)
    assert logged_in(app, officer).get(f"/t/{scene.town.slug}/records/").status_code == 403


def test_the_list_asks_few_questions_of_the_database(app: Flask, statements) -> None:
    scene = a_scene(app)
    expect(app, scene.town)
    client = logged_in(app, scene.supporter)
    client.get(f"/t/{scene.town.slug}/records/")
    with statements("staff") as said_:
        client.get(f"/t/{scene.town.slug}/records/")
    assert len(said_) <= 3


def test_a_page_beyond_all_counting_is_an_empty_one(app: Flask) -> None:
    scene = a_scene(app)
    a_week(app, scene)
    client = logged_in(app, scene.supporter)
    for where in ("", f"weeks/{LAST_MONDAY}"):
        assert client.get(f"/t/{scene.town.slug}/records/{where}?page={'9' * 30}").status_code == 200

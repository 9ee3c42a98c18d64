"""In a real browser: cells that save themselves, keys that copy, and two people who are told of each other."""

import logging
from collections.abc import Iterator
from datetime import time
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from ayumi.records import drafts
from ayumi.records.model import Attendance
from tests.fitness import faults
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_scene, a_week, attended, said, standing, submitted, the_week
from tests.world import inside, logged_in

THIS_MONDAY = LAST_MONDAY + WEEK
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app, with_firm=True)


@pytest.fixture
def page(app: Flask, browser: Browser, site: str, scene: Scene) -> Iterator[Page]:
    cookie = logged_in(app, scene.supporter).get_cookie("ayumi")
    assert cookie
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="ja-JP")
    context.add_cookies([{"name": "ayumi", "value": cookie.value, "url": site}])
    yield context.new_page()
    context.close()


def stored(app: Flask, scene: Scene, monday=THIS_MONDAY):
    with inside(app, scene.supporter):
        return standing(the_week(scene.person_id, monday).id)


def test_a_cell_saves_itself_as_soon_as_it_is_chosen(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{THIS_MONDAY}")
    page.get_by_label("高橋 陽子", exact=False).locator("visible=true").first.wait_for()
    page.locator("select[name$='.attendance']").first.select_option("attended")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    expect(page.locator(".grid__end").first).to_contain_text("まだ：")
    assert stored(app, scene).days[0].attendance is Attendance.ATTENDED


def test_the_key_p_copies_all_of_the_same_day_of_last_week(app: Flask, page: Page, scene: Scene) -> None:
    submitted(app, scene, a_week(app, scene), said(scene.town, attended(scene.town, place="作業室")))
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{THIS_MONDAY}")
    page.locator("td[data-cell]").first.focus()
    page.keyboard.press("p")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    expect(page.locator("td[data-cell]").first.locator("select").last).to_have_value("attended")
    expect(page.locator(".grid__foot").first).to_contain_text("2時間")
    (entry,) = stored(app, scene).days
    assert (entry.menu_id, entry.minutes, entry.place) == (scene.town.menu_id, 120, "作業室")
    assert (entry.starts_at, entry.ends_at) == (time(10), time(12))


def test_arrows_move_and_the_key_y_copies_the_day_before(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    page.locator("select[name$='.attendance']").first.select_option("not_planned")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    page.locator("td[data-cell]").first.focus()
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("y")
    assert [day.attendance for day in stored(app, scene, LAST_MONDAY).days] == [Attendance.NOT_PLANNED] * 2


def test_hours_and_notes_are_written_in_the_panel_of_the_cell(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    foot = page.locator(".grid__foot").first
    page.locator("select[name$='.attendance']").first.select_option("attended")
    foot.get_by_role("button").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("または時間（分）").fill("90")
    panel.get_by_label("支援員の見たこと").fill("道具の用意を自分から始めた。")
    expect(foot).to_contain_text("1.5時間")
    expect(foot).to_contain_text("•メモ")
    assert faults(page) == []
    (entry,) = stored(app, scene, LAST_MONDAY).days
    assert (entry.attendance, entry.minutes) == (Attendance.ATTENDED, 90)
    assert entry.observation == "道具の用意を自分から始めた。"


def test_words_are_written_by_keys_alone(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    opener = page.get_by_role("button", name="高橋 陽子さんの週のまとめを書く")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("この週のまとめ")).to_be_focused()
    page.keyboard.type("よく来られた週でした。")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.locator(".grid__end").first).to_contain_text("そろっています")
    assert stored(app, scene, LAST_MONDAY).words.summary == "よく来られた週でした。"


def test_whoever_types_second_in_a_panel_is_told_and_keeps_the_text(app: Flask, page: Page, scene: Scene) -> None:
    record_id = a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    page.locator(".grid__foot").first.get_by_role("button").click()
    note = page.get_by_role("dialog").get_by_label("支援員の見たこと")
    expect(note).to_be_visible()
    with inside(app, scene.supporter):
        theirs = said(scene.town, attended(scene.town, observation="同僚の見たこと"))
        drafts.save_week(record_id, edition=1, content=theirs)
    note.fill("わたしの見たこと")
    expect(page.locator("[data-save-state][data-state=conflict]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".grid__foot").first.get_by_role("button").click()
    expect(note).to_have_value("わたしの見たこと")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="下書きを保存する").click()
    expect(page.get_by_role("alert")).to_contain_text("同僚の見たこと")
    page.locator(".grid__foot").first.get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_label("支援員の見たこと")).to_have_value("わたしの見たこと")
    assert stored(app, scene, LAST_MONDAY).days[0].observation == "同僚の見たこと"


def test_what_stands_in_an_open_panel_goes_with_the_whole_page(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    page.locator(".grid__foot").first.get_by_role("button").click()
    page.get_by_role("dialog").get_by_label("終了").fill("09:00")
    page.get_by_role("dialog").get_by_label("開始").fill("10:00")
    page.evaluate("document.getElementById('everyone').requestSubmit()")
    wrong = page.get_by_role("alert").get_by_role("link")
    expect(wrong).to_contain_text("高橋 陽子")
    wrong.click()
    expect(page.get_by_role("dialog").get_by_label("終了")).to_be_focused()
    expect(page.get_by_role("dialog").get_by_label("終了")).to_have_value("09:00")
    assert stored(app, scene, LAST_MONDAY).days == ()


def test_without_scripts_or_a_connection_the_rest_is_written_on_the_persons_page(
    app: Flask, browser: Browser, page: Page, scene: Scene
) -> None:
    record_id = a_week(app, scene)
    week, person = (f"/portal/{scene.town.slug}/records/{where}" for where in (f"weeks/{LAST_MONDAY}", record_id))
    page.goto(week)
    page.route(f"**/{record_id}/*", lambda route: route.abort())
    page.locator(".grid__foot").first.get_by_role("button").click()
    on = page.get_by_role("dialog").get_by_role("link")
    expect(on).to_have_attribute("href", f"{person}#write-{LAST_MONDAY}")
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    opened = plain.new_page()
    opened.goto(page.url)
    opened.locator(".grid__foot").first.get_by_role("link").click()
    expect(opened.locator(f"[id='day-{LAST_MONDAY}']").get_by_label("支援員の見たこと").first).to_be_visible()


def test_a_week_saves_itself_while_one_writes(app: Flask, page: Page, scene: Scene) -> None:
    record_id = a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/{record_id}")
    page.locator("textarea[name=summary]").fill("よく来られた週でした。")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    with page.expect_response(lambda answer: answer.request.method == "POST") as second:
        page.locator("textarea[name=summary]").fill("よく来られた週でした。表情も明るい。")
    assert second.value.status == 200
    assert stored(app, scene, LAST_MONDAY).words.summary == "よく来られた週でした。表情も明るい。"


def test_whoever_types_second_is_told_in_words_and_keeps_the_text(app: Flask, page: Page, scene: Scene) -> None:
    record_id = a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/{record_id}")
    with inside(app, scene.supporter):
        drafts.save_week(record_id, edition=1, content=said(scene.town, summary="同僚のまとめ"))
    page.locator("textarea[name=summary]").fill("わたしのまとめ")
    expect(page.locator("[data-save-state][data-state=conflict]")).to_be_visible()
    page.get_by_role("button", name="下書きを保存する").click()
    expect(page.get_by_role("alert")).to_contain_text("同僚のまとめ")
    expect(page.locator("textarea[name=summary]")).to_have_value("わたしのまとめ")
    assert stored(app, scene, LAST_MONDAY).words.summary == "同僚のまとめ"

"""In a real browser: cells that save themselves, keys that copy, and two people who are told of each other."""

import logging
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from ayumi.records import drafts
from ayumi.records.model import Attendance
from tests.records.scene import LAST_MONDAY, WEEK, Scene, a_scene, a_week, said, standing, submitted, the_week
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
    page.locator("select[data-part=attendance]").first.select_option("attended")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    expect(page.locator(".grid__end").first).to_contain_text("まだ：")
    assert stored(app, scene).days[0].attendance is Attendance.ATTENDED


def test_the_key_p_copies_the_same_day_of_last_week(app: Flask, page: Page, scene: Scene) -> None:
    submitted(app, scene, a_week(app, scene))
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{THIS_MONDAY}")
    page.locator("td[data-cell]").first.focus()
    page.keyboard.press("p")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    (entry,) = stored(app, scene).days
    assert (entry.menu_id, entry.minutes) == (scene.town.menu_id, 120)


def test_arrows_move_and_the_key_y_copies_the_day_before(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    page.locator("select[data-part=attendance]").first.select_option("not_planned")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    page.locator("td[data-cell]").first.focus()
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("y")
    assert [day.attendance for day in stored(app, scene, LAST_MONDAY).days] == [Attendance.NOT_PLANNED] * 2


def test_hours_and_notes_are_written_in_the_panel_of_the_cell(app: Flask, page: Page, scene: Scene) -> None:
    a_week(app, scene)
    page.goto(f"/portal/{scene.town.slug}/records/weeks/{LAST_MONDAY}")
    page.locator("td[data-cell] .grid__more").first.click()
    panel = page.locator(".panel:popover-open")
    panel.get_by_label("支援員の見たこと").fill("道具の用意を自分から始めた。")
    expect(page.locator("[data-save-state]")).to_contain_text("下書き保存しました")
    assert stored(app, scene, LAST_MONDAY).days[0].observation == "道具の用意を自分から始めた。"


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

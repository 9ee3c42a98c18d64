"""Panels that are asked for when they are opened, in a real browser, under the strict policy."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def grid(page: Page) -> None:
    page.goto("/grid")


def opener(page: Page, day: int = 23) -> Locator:
    return page.get_by_role("button", name=f"佐藤 隆 {day}日の時間とメモ")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="佐藤 隆 23日")


def test_a_click_opens_it_with_what_is_stored_now(page: Page) -> None:
    opener(page).click()
    expect(panel(page).get_by_label("時間")).to_be_focused()
    expect(panel(page).get_by_label("時間")).to_have_value("4.0")
    expect(page.locator("#hours-r1-d23")).to_have_text("4.0時間")
    expect(page.get_by_label("佐藤 隆 23日 メニュー")).to_have_value("9")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_it_opens_and_closes_by_keys_and_the_focus_comes_back(page: Page, key: str) -> None:
    opener(page).focus()
    page.keyboard.press(key)
    expect(panel(page).get_by_label("時間")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(opener(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("td:focus legend")).to_have_text("佐藤 隆 23日")


def test_its_button_closes_it_and_the_focus_comes_back(page: Page) -> None:
    opener(page).click()
    panel(page).get_by_role("button", name="閉じる").click()
    expect(panel(page)).to_be_hidden()
    expect(opener(page)).to_be_focused()


def test_while_it_is_asked_for_it_says_so_and_can_be_closed(page: Page) -> None:
    held: list[Route] = []
    page.route("**/cell/*", lambda route: held.append(route))
    with page.expect_request("**/cell/*"):
        opener(page).click()
    expect(panel(page)).to_be_focused()
    expect(panel(page).get_by_role("status")).to_have_text("開いています…")
    held[0].continue_()
    expect(panel(page).get_by_label("時間")).to_be_focused()
    expect(panel(page).get_by_role("status")).to_be_hidden()


def test_where_nothing_comes_it_says_so_and_leads_on(page: Page) -> None:
    page.route("**/cell/*", lambda route: route.abort())
    opener(page).click()
    expect(panel(page).get_by_role("alert")).to_contain_text("今は開けませんでした")
    expect(panel(page).get_by_role("link")).to_have_attribute("href", "/week")
    page.unroute("**/cell/*")
    page.keyboard.press("Escape")
    opener(page).click()
    expect(panel(page).get_by_label("時間")).to_be_visible()
    expect(panel(page).get_by_role("alert")).to_be_hidden()


def test_what_was_typed_in_it_and_could_not_be_saved_is_there_again(page: Page) -> None:
    opener(page).click()
    expect(panel(page).get_by_label("時間")).to_be_focused()
    page.route("**/cell/*", lambda route: route.fulfill(status=422, json={"errors": {"hours": ["?"]}}))
    panel(page).get_by_label("時間").fill("多い")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "invalid")
    page.keyboard.press("Escape")
    opener(page).click()
    expect(panel(page).get_by_label("時間")).to_have_value("多い")


def test_it_waits_for_what_was_chosen_in_its_cell(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/cell/" in request.url else None)
    page.get_by_label("佐藤 隆 23日 出席").select_option("notice")
    opener(page).click()
    expect(panel(page).get_by_label("時間")).to_be_focused()
    assert sent == ["POST", "GET"]

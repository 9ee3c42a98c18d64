"""The comforts that scripts add, in a real browser, under the strict policy."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

pytestmark = pytest.mark.browser


class TestAutosave:
    @pytest.fixture(autouse=True)
    def open_form(self, page: Page) -> None:
        page.goto("/forms")
        page.get_by_label("本人の言葉").fill("朝が苦手。")

    def note(self, page: Page, text: str) -> None:
        page.get_by_label("本人の言葉").fill(text)

    def test_a_moment_after_the_last_key_the_draft_is_saved_and_says_when(self, page: Page) -> None:
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        expect(page.locator("[data-save-state]")).to_have_text("10:42に下書き保存しました")
        expect(page.locator("[name=edition]")).to_have_value("4")

    def test_what_somebody_else_changed_is_told_and_nothing_is_lost(self, page: Page) -> None:
        self.note(page, "衝突")
        expect(page.locator("[data-save-state]")).to_contain_text("ほかの人が先に変更しました")
        expect(page.get_by_role("link", name="変更された内容を見る")).to_have_attribute("href", "/week")
        expect(page.get_by_label("本人の言葉")).to_have_value("衝突")

    def test_after_a_conflict_nothing_more_is_sent(self, page: Page) -> None:
        self.note(page, "衝突")
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        self.note(page, "もう一度")
        page.wait_for_timeout(2000)
        assert sent == []

    def test_an_ended_login_is_told_and_the_text_stays(self, page: Page) -> None:
        self.note(page, "期限")
        expect(page.locator("[data-save-state]")).to_contain_text("ログインの期限が切れました")
        expect(page.get_by_label("本人の言葉")).to_have_value("期限")

    def test_a_form_sent_while_a_save_is_under_way_carries_the_edition_that_the_save_brings(self, page: Page) -> None:
        held: list[Route] = []
        page.route("**/save", lambda route: held.append(route))
        with page.expect_request("**/save"):
            self.note(page, "まだ途中")
        page.get_by_label("本人の言葉").press("End")
        with page.expect_request("**/sent") as sent:
            page.get_by_role("button", name="登録する", exact=True).first.click()
            held[0].fulfill(json={"time": "10:43", "edition": 9})
        assert re.search(r'name="edition"\s+9\s', sent.value.post_data or "")

    def test_what_does_not_fit_is_told(self, page: Page) -> None:
        self.note(page, "誤り")
        expect(page.locator("[data-save-state]")).to_contain_text("印のある欄をご確認ください")

    def test_a_lost_connection_is_told_and_saved_when_it_is_back(self, page: Page, context_of: BrowserContext) -> None:
        context_of.set_offline(True)
        self.note(page, "トンネルの中")
        expect(page.locator("[data-save-state]")).to_contain_text("通信できません")
        context_of.set_offline(False)
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved", timeout=10_000)

    def test_a_login_page_instead_of_an_answer_counts_as_an_ended_login(self, page: Page) -> None:
        page.route("**/save", lambda route: route.fulfill(status=302, headers={"Location": "/login"}))
        self.note(page, "続き")
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "expired")

    def test_leaving_with_something_unsaved_is_asked_about(self, page: Page) -> None:
        asked: list[str] = []

        def agree(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", agree)
        page.route("**/save", lambda route: None)
        page.get_by_label("本人の言葉").press_sequentially("。")
        page.goto("/people")
        assert asked == ["beforeunload"]

    def test_nothing_typed_reaches_the_storage_of_the_browser(self, page: Page) -> None:
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    @pytest.fixture
    def context_of(self, page: Page) -> BrowserContext:
        return page.context


class TestOnce:
    def test_a_second_click_sends_nothing(self, page: Page, gallery: Flask) -> None:
        before = len(gallery.config["SENT"])
        page.goto("/employer")
        with page.expect_response("**/sent"):  # slow enough for a second one to come in before it
            page.get_by_role("button", name="すべて合っています").dblclick()
        assert len(gallery.config["SENT"]) == before + 1

    def test_the_button_comes_back_with_the_page(self, page: Page) -> None:
        page.goto("/employer")
        button = page.get_by_role("button", name="すべて合っています")
        button.click()
        expect(button).to_have_attribute("aria-disabled", "true")
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
        expect(button).not_to_have_attribute("aria-disabled", "true")


class TestGrid:
    @pytest.fixture(autouse=True)
    def open_grid(self, page: Page) -> None:
        page.goto("/grid")
        page.locator("td[data-cell]").first.focus()

    def here(self, page: Page) -> str | None:
        return page.locator("td:focus legend").text_content()

    def test_arrows_move_from_cell_to_cell_and_stop_at_the_edge(self, page: Page) -> None:
        assert self.here(page) == "佐藤 隆 23日"
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp"):
            page.keyboard.press(key)
        assert self.here(page) == "佐々木 由美子 23日"

    def test_enter_goes_into_the_cell_and_escape_out_of_it(self, page: Page) -> None:
        page.keyboard.press("Enter")
        expect(page.get_by_label("佐藤 隆 23日 メニュー")).to_be_focused()
        page.keyboard.press("Escape")
        assert self.here(page) == "佐藤 隆 23日"

    def test_y_asks_for_a_copy_of_the_day_before_once_that_is_saved(self, page: Page, gallery: Flask) -> None:
        gallery.config["SAVED"].clear()
        page.get_by_label("佐藤 隆 23日 出席").select_option("notice")
        page.locator("td[data-cell]").nth(1).focus()
        page.keyboard.press("y")
        expect(page.get_by_label("佐藤 隆 24日 出席")).to_have_value("absent")
        first, second = gallery.config["SAVED"]
        assert (first["r1-d23.attendance"], second["r1-d24.copy"]) == ("notice", "day")
        assert "r1-d23.copy" not in first

    def test_p_asks_for_a_copy_of_last_week_and_shows_what_has_come_of_it(self, page: Page, gallery: Flask) -> None:
        gallery.config["SAVED"].clear()
        page.keyboard.press("p")
        menu = page.get_by_label("佐藤 隆 23日 メニュー")
        expect(menu).to_have_value("8")
        expect(menu.locator("option:checked")).to_have_text("縫製")
        with page.expect_request("**/cell/*") as request:
            page.get_by_label("佐藤 隆 23日 出席").select_option("attended")
        assert "r1-d23.copy" in gallery.config["SAVED"][0]
        assert "r1-d23.copy" not in (request.value.post_data or "")

    def test_what_is_chosen_while_an_answer_is_under_way_is_kept(self, page: Page) -> None:
        held: list[Route] = []
        page.route("**/cell/*", lambda route: held.append(route))
        with page.expect_request("**/cell/*"):
            page.keyboard.press("p")
        page.get_by_label("佐藤 隆 23日 メニュー").select_option("3")
        held[0].continue_()
        expect(page.get_by_label("佐藤 隆 23日 出席")).to_have_value("absent")
        expect(page.get_by_label("佐藤 隆 23日 メニュー")).to_have_value("3")

    def test_what_a_wrong_choice_takes_away_is_sent_along_afterwards(self, page: Page) -> None:
        attendance = page.get_by_label("佐藤 隆 23日 出席")
        attendance.select_option("absent")
        expect(page.locator("input[name='r1-d23.hours']")).to_have_value("2.0")
        with page.expect_request("**/cell/*") as request:
            attendance.select_option("attended")
        assert "r1-d23.hours" in (request.value.post_data or "")

    def test_one_step_of_tab_leaves_the_grid(self, page: Page) -> None:
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("it => it.closest('td[data-cell]')") is None


class TestKeys:
    def test_j_and_k_go_to_the_neighbours(self, page: Page) -> None:
        page.goto("/week")
        page.keyboard.press("j")
        page.wait_for_url("**/people")
        page.goto("/week")
        page.keyboard.press("k")
        page.wait_for_url("**/home")

    def test_while_typing_they_are_letters(self, page: Page) -> None:
        page.goto("/week")
        page.locator(".ask summary").click()
        page.get_by_label("支援員に伝えること").press_sequentially("jk")
        assert page.url.endswith("/week")

    def test_who_switches_them_off_keeps_them_off(self, page: Page) -> None:
        page.goto("/week")
        page.get_by_label("kとjのキーで移動する").uncheck()
        page.reload()
        expect(page.get_by_label("kとjのキーで移動する")).not_to_be_checked()
        page.locator("h1").click()
        page.keyboard.press("j")
        page.wait_for_timeout(300)
        assert page.url.endswith("/week")


class TestSwipe:
    SWIPE = """([from, to]) => { const main = document.querySelector("main");
      const at = ([x, y]) => new Touch({identifier: 1, target: main, clientX: x, clientY: y});
      main.dispatchEvent(new TouchEvent("touchstart", {touches: [at(from)], bubbles: true}));
      main.dispatchEvent(new TouchEvent("touchend", {changedTouches: [at(to)], bubbles: true})) }"""

    @pytest.mark.parametrize(("end", "goal"), [((60, 210), "people"), ((350, 190), "home")])
    def test_a_long_level_swipe_goes_to_the_neighbour(self, page: Page, end: tuple[int, int], goal: str) -> None:
        page.goto("/week")
        page.evaluate(self.SWIPE, [(200, 200), end])
        page.wait_for_url(f"**/{goal}")

    @pytest.mark.parametrize("end", [(120, 200), (60, 260)], ids=["short", "slanting"])
    def test_scrolling_is_no_swipe(self, page: Page, end: tuple[int, int]) -> None:
        page.goto("/week")
        page.evaluate(self.SWIPE, [(200, 200), end])
        page.wait_for_timeout(300)
        assert page.url.endswith("/week")


class TestMenus:
    def test_escape_and_a_click_beside_close_a_question(self, page: Page) -> None:
        page.goto("/week")
        page.locator(".ask summary").click()
        page.keyboard.press("Escape")
        expect(page.locator(".ask__box")).to_be_hidden()
        expect(page.locator(".ask summary")).to_be_focused()
        page.locator(".ask summary").click()
        page.locator("h1").click()
        expect(page.locator(".ask__box")).to_be_hidden()


def test_a_swapped_region_is_told_to_screen_readers(page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body='<p id="progress" data-announce="61人のうち61人">済み</p>')

    page.route("**/report-progress", answer)
    page.goto("/report")
    expect(page.locator("#announce")).to_have_text("61人のうち61人", timeout=10_000)
    expect(page.locator("#progress")).to_have_text("済み")

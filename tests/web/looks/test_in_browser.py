"""The gallery in a real browser: seen, measured, pressed, and read as a screen reader would."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.fitness import faults, overflow
from tests.web.looks.gallery import PAGES

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
SEEN = """it => { const at = it.getBoundingClientRect();
  return it.contains(document.elementFromPoint(at.x + 4, at.y + 4)) }"""
BAND = """name => { const it = document.querySelector(".header." + name), at = getComputedStyle(it);
  return [at.backgroundColor, at.color, at.borderBottomColor] }"""


@pytest.fixture(scope="module")
def window(only_browser: Browser, address: str) -> Iterator[Page]:
    """One window for all the pages that are only looked at, with leave to measure them."""
    context = only_browser.new_context(base_url=address, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_keeps_within_the_window(
    window: Page, screens: Path, name: str, size: ViewportSize
) -> None:
    window.set_viewport_size(size)
    window.goto(f"/{name}?practice=1")
    window.screenshot(path=screens / f"{name}-{size['width']}.png", full_page=True)
    assert faults(window) == []
    assert overflow(window) <= 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reflows_on_the_narrowest_window(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"/{name}")
    assert overflow(page) <= 0


def test_every_band_can_be_read_and_told_from_the_others(page: Page) -> None:
    page.goto("/components")
    bands = [page.evaluate(BAND, f"band-{number:02}") for number in range(1, 21)]
    grounds = [channels(ground) for ground, _ink, _edge in bands]
    for ground, ink, edge in bands:
        assert contrast(ground, ink) >= 4.5
        assert contrast(ground, edge) >= 2.5
    apart = [sum(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in combinations(grounds, 2)]
    assert min(apart) >= 40


def channels(colour: str) -> list[float]:
    return [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]


def contrast(one: str, other: str) -> float:
    dark, light = sorted(luminance(channels(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(parts: list[float]) -> float:
    linear = [(it / 255) / 12.92 if it <= 10.31 else ((it / 255 + 0.055) / 1.055) ** 2.4 for it in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_first_key_leads_past_the_menu_to_the_content(page: Page) -> None:
    page.goto("/people")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.locator(".skip").evaluate("it => getComputedStyle(it).outline").startswith("rgb(0, 0, 0) solid 4px")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_has_the_focus_is_never_behind_the_bars(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 640})
    page.goto("/forms")
    for _step in range(30):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if here.count() and here.evaluate("it => it.closest('main') !== null && it.type !== 'checkbox'"):
            assert here.evaluate(SEEN), here.evaluate("it => it.outerHTML")


class TestWithoutScripts:
    @pytest.fixture
    def plain(self, browser: Browser, address: str) -> Iterator[Page]:
        context = browser.new_context(viewport=PHONE, base_url=address, java_script_enabled=False)
        yield context.new_page()
        context.close()

    def test_the_menu_of_a_phone_opens(self, plain: Page) -> None:
        plain.goto("/people")
        expect(plain.locator(".menu__sheet")).to_be_hidden()
        plain.locator(".menu summary").click()
        expect(plain.get_by_role("button", name="ログアウト")).to_be_visible()
        expect(plain.locator(".menu__sheet").get_by_role("link", name="協力事業所")).to_be_visible()

    def test_a_question_opens_over_the_bar_at_the_foot(self, plain: Page) -> None:
        plain.goto("/week")
        plain.locator(".ask summary").click()
        expect(plain.get_by_label("支援員に伝えること")).to_be_in_viewport()

    def test_what_opens_a_panel_leads_to_a_page_of_its_own(self, plain: Page) -> None:
        plain.goto("/grid")
        plain.get_by_role("link", name="佐藤 隆 23日の時間とメモ").click()
        plain.wait_for_url("**/week")

    def test_a_panel_that_stands_in_the_page_opens(self, plain: Page) -> None:
        plain.goto("/grid")
        plain.get_by_role("button", name="佐々木 由美子 23日の時間とメモ").click()
        expect(plain.get_by_role("dialog", name="佐々木 由美子 23日")).to_be_in_viewport()

    def test_a_row_leads_where_its_name_leads(self, plain: Page) -> None:
        plain.goto("/people")
        plain.locator("tbody tr").first.click(position={"x": 200, "y": 60})
        plain.wait_for_url("**/person")

    def test_filters_open_on_a_phone_and_are_open_on_a_desk(self, plain: Page) -> None:
        plain.goto("/people")
        expect(plain.get_by_label("担当")).to_be_hidden()
        plain.locator(".filters summary").click()
        expect(plain.get_by_label("担当")).to_be_visible()
        plain.set_viewport_size(DESK)
        plain.goto("/people")
        expect(plain.get_by_label("担当")).to_be_visible()


class TestRows:
    def test_a_click_anywhere_in_a_row_follows_its_link(self, page: Page) -> None:
        page.goto("/people")
        page.get_by_text("清掃の仕事に応募する").click()
        page.wait_for_url("**/person")

    def test_marking_text_in_a_row_goes_nowhere(self, page: Page) -> None:
        page.goto("/people")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('tbody td'))")
        page.evaluate("document.querySelector('tbody td').click()")
        assert page.url.endswith("/people")


def test_on_paper_there_is_nothing_to_press(page: Page) -> None:
    page.goto("/people")
    page.emulate_media(media="print")
    for gone in (".sidenav", ".bottombar", ".filters", ".pager", ".main__head .button"):
        assert not any(page.locator(gone).nth(n).is_visible() for n in range(page.locator(gone).count())), gone
    expect(page.get_by_role("columnheader", name="氏名")).to_be_visible()
    expect(page.get_by_text("盛岡市")).to_be_visible()


def test_who_wants_no_motion_sees_none(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/components")
    moving = """() => [...document.querySelectorAll("*")].filter(it => {
      const at = getComputedStyle(it); return at.transitionDuration !== "0s" || at.animationName !== "none" }).length"""
    assert page.evaluate(moving) == 0

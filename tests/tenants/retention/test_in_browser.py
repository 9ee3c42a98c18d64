"""A disposal and a packing as they are lived: on a phone and on a desk, the worker doing what was approved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fitness import DESK, PHONE, is_fit
from tests.live import Product, running
from tests.retention.papers import a_scene
from tests.retention.scene import GONE, Scene
from tests.world import Member, logged_in

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[3] / "var/screens"


@pytest.fixture(scope="module")
def product(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(app, tmp_path_factory.mktemp("disposal")) as started:
        yield started


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app)


def window(app: Flask, product: Product, browser: Browser, member: Member) -> BrowserContext:
    """Open a browser in which somebody is logged in."""
    context = browser.new_context(viewport={"width": PHONE, "height": 844}, locale="ja-JP", bypass_csp=True)
    context.set_default_timeout(20_000)
    cookie = logged_in(app, member).get_cookie("ayumi")
    assert cookie is not None
    context.add_cookies([{"name": "ayumi", "value": cookie.value, "url": product.address}])
    return context


def seen(page: Page, name: str) -> None:
    """Look at a page on a phone and on a desk, and keep its pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    for width in (DESK, PHONE):
        is_fit(page, width)
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)


def test_a_list_is_drafted_approved_by_another_and_erased(
    app: Flask, product: Product, browser: Browser, scene: Scene
) -> None:
    home = f"{product.address}/t/{scene.town.slug}/retention/"
    drafter = window(app, product, browser, scene.drafter).new_page()
    drafter.goto(home)
    seen(drafter, "disposal-none")
    drafter.get_by_role("link", name="廃棄一覧を作る").click()
    seen(drafter, "disposal-new")
    drafter.get_by_role("button", name="廃棄一覧を作る").click()
    expect(drafter.get_by_text(GONE).first).to_be_visible()
    drafter.get_by_role("link", name="保留する").last.click()
    drafter.get_by_label("理由").fill("照会中のため")
    seen(drafter, "disposal-keep")
    drafter.get_by_role("button", name="保留する").click()
    seen(drafter, "disposal-drafted")
    drafter.get_by_role("button", name="承認を求めて提出する").click()
    seen(drafter, "disposal-waiting")

    head = window(app, product, browser, scene.head).new_page()
    head.goto(home)
    seen(head, "disposals")
    head.get_by_role("link", name="令和8年4月1日").click()
    seen(head, "disposal-to-approve")
    head.get_by_role("button", name="決裁して消去する").click()
    expect(head.get_by_text("証明書をダウンロードする")).to_be_visible(timeout=60_000)
    head.reload()
    seen(head, "disposal-done")
    with head.expect_download() as fetched:
        head.get_by_role("link", name="証明書をダウンロードする").click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")
    assert GONE not in scene.everything()


def test_periods_holds_and_packing_are_fit_to_work_with(
    app: Flask, product: Product, browser: Browser, scene: Scene
) -> None:
    place = f"{product.address}/t/{scene.town.slug}"
    page = window(app, product, browser, scene.administrator).new_page()
    for name, tail in (("periods", "classes"), ("periods-edit", "classes/edit"), ("holds-new", "holds/new")):
        page.goto(f"{place}/retention/{tail}")
        seen(page, name)
    page.get_by_label("ケース番号").fill(f"{GONE}-1")
    page.get_by_label("理由").fill("審査請求が係属中")
    page.get_by_role("button", name="廃棄を止める").click()
    seen(page, "holds")
    page.goto(f"{place}/moving/")
    seen(page, "packing-none")
    page.get_by_role("button", name="一式を作る").click()
    expect(page.get_by_role("link", name="ダウンロードする")).to_be_visible(timeout=60_000)
    seen(page, "packing-done")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="ダウンロードする").click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"PK")
    page.goto(f"{place}/moving/")
    seen(page, "packings")

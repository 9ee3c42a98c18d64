"""What people do besides the plan: press twice, go back, write in two windows, come back after a long pause."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select, update

from ayumi.accounts import rules as accounts
from ayumi.contracts.model import Contract
from ayumi.kernel import clock
from ayumi.kernel.db import db, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.participants.model import Participant
from tests.live import Product, log_in, new_page
from tests.records.scene import LAST_MONDAY, Scene, a_scene, a_week, submitted
from tests.world import PASSWORD, Member, inside, working

pytestmark = pytest.mark.browser

SUMMARY = "この週のまとめ"


def window(browser: Browser, product: Product, member: Member, path: str) -> Page:
    """Somebody's window with a page open."""
    page = new_page(browser)
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, product, member.email, PASSWORD)
    page.goto(f"{product.address}{path}")
    return page


def type_a_person(page: Page) -> None:
    """Fill in the form of a new person."""
    texts = {
        "姓(?!（)": "工藤",
        "名(?!（)": "はる",
        "姓（カナ）": "クドウ",
        "名（カナ）": "ハル",
        "ケース番号": "K-1001",
    }
    for label, text in texts.items():
        page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)
    for part, number in (("year", "50"), ("month", "4"), ("day", "2")):
        page.locator(f"[name='birth_date.{part}']").fill(number)


def people(app: Flask, scene: Scene) -> int:
    """How many of that number there are."""
    with working(app, scene.town):
        query = select(func.count()).select_from(Participant).where(Participant.case_number == "K-1001")
        return db.session.scalar(query) or 0


def test_a_double_click_registers_one_person(app: Flask, product: Product, browser: Browser) -> None:
    scene = a_scene(app)
    page = window(browser, product, scene.caseworker, f"/t/{scene.town.slug}/people/new")
    type_a_person(page)
    page.get_by_role("button", name="登録する", exact=True).dblclick()
    expect(page.get_by_role("status").filter(has_text="登録しました")).to_be_visible()
    assert people(app, scene) == 1


def test_going_back_and_sending_again_registers_nobody_twice(app: Flask, product: Product, browser: Browser) -> None:
    scene = a_scene(app)
    page = window(browser, product, scene.caseworker, f"/t/{scene.town.slug}/people/new")
    type_a_person(page)
    page.get_by_role("button", name="登録する", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("工藤 はる")
    page.go_back()
    expect(page.get_by_label("ケース番号")).to_have_value("")  # never an old page out of the browser's memory
    type_a_person(page)
    page.get_by_role("button", name="登録する", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("同じ人がいます：工藤 はる")
    assert people(app, scene) == 1


def test_of_two_windows_on_one_week_the_second_is_told_and_keeps_its_text(
    app: Flask, product: Product, browser: Browser
) -> None:
    scene = a_scene(app)
    path = f"/t/{scene.town.slug}/records/{a_week(app, scene)}"
    first, second = (window(browser, product, who, path) for who in (scene.supporter, scene.caseworker))
    first.get_by_label(SUMMARY).fill("最初の窓で書いた。")
    first.get_by_role("button", name="下書きを保存する").click()
    expect(first.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()
    second.get_by_label(SUMMARY).fill("次の窓で書いた。")
    second.get_by_role("button", name="下書きを保存する").click()
    expect(second.get_by_role("alert").filter(has_text="ほかの人が先に")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text("最初の窓で書いた。")
    expect(second.get_by_label(SUMMARY)).to_have_value("次の窓で書いた。")


def test_a_session_that_ends_while_somebody_writes_loses_no_word(
    app: Flask, product: Product, browser: Browser
) -> None:
    scene = a_scene(app)
    path = f"/t/{scene.town.slug}/records/{a_week(app, scene)}"
    page = window(browser, product, scene.supporter, path)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        accounts.end_sessions(session, scene.supporter.account_id)
    page.get_by_label(SUMMARY).fill("長い一週間のまとめ。明日の面談で続きを聞く。")
    page.get_by_role("button", name="下書きを保存する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ログイン")
    expect(page.locator("main")).to_contain_text("入力した内容は残っています")
    page.get_by_label("メールアドレス").fill(scene.supporter.email)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{path}*")
    expect(page.get_by_label(SUMMARY)).to_have_value("長い一週間のまとめ。明日の面談で続きを聞く。")


def test_a_firm_whose_contract_has_ended_reads_for_ninety_days_and_writes_nothing(
    app: Flask, product: Product, browser: Browser
) -> None:
    scene = a_scene(app, with_firm=True)
    record = a_week(app, scene, LAST_MONDAY - timedelta(days=7))
    submitted(app, scene, a_week(app, scene))
    ends(app, scene, days_ago=89)
    path = f"/portal/{scene.town.slug}"
    page = window(browser, product, scene.supporter, f"{path}/records/{record}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("高橋 陽子")
    expect(page.get_by_label(SUMMARY)).to_have_count(0)
    expect(page.get_by_role("button", name="提出する")).to_have_count(0)
    page.goto(f"{product.address}{path}/people/?who=all")
    expect(page.get_by_role("link", name="高橋 陽子")).to_be_visible()
    ends(app, scene, days_ago=91)
    answer = page.goto(f"{product.address}{path}/people/")
    assert answer is not None and answer.status in (403, 404)


def ends(app: Flask, scene: Scene, *, days_ago: int) -> None:
    """Let the firm's contract have ended."""
    with inside(app, scene.caseworker):
        last = clock.today() - timedelta(days=days_ago)
        db.session.execute(update(Contract).where(Contract.firm_id == scene.firm_id).values(ends_on=last))

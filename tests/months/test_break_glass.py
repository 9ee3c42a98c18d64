"""Break-glass as its people meet it: two operators, and the municipality that is asked, watches and looks back."""

import re
import time
from email.message import EmailMessage

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ayumi.accounts.model import Party, Role
from ayumi.factors import apps
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.fitness import is_fit
from tests.hosting.operators import Operator, an_operator
from tests.live import Product, log_in, new_page, type_code
from tests.notices.inbox import mails_to, words
from tests.participants.people import a_person
from tests.web import people
from tests.world import PASSWORD, TOTP_SECRET, Town, a_member, a_town, inside

pytestmark = pytest.mark.browser

REASON = "月次報告の人数が合わず、帳票の元の記録を確かめるため"


def with_app(app: Flask, operator: Operator) -> Operator:
    """Give an operator an authenticator app."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        apps.put(session, operator.account_id, secret=TOTP_SECRET)
    return operator


def mailed(address: str, subject: str) -> EmailMessage:
    """Wait until somebody has this mail."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        for mail in mails_to(address):
            if subject in mail["Subject"]:
                return mail
        time.sleep(0.1)
    pytest.fail(f"no mail about {subject}")


def follow(page: Page, mail: EmailMessage) -> None:
    """Open the page that a mail leads to."""
    found = re.search(r"http://\S+", words(mail))
    assert found
    page.goto(found[0])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def answered(page: Page, address: str) -> int:
    """Go somewhere, and return the status of the answer."""
    answer = page.goto(address)
    return answer.status if answer else 0


def ask(page: Page, product: Product, town: Town) -> None:
    """Ask to look inside, after proving again who one is."""
    page.goto(f"{product.address}/operator/m/{town.slug}/")
    page.get_by_role("link", name="緊急閲覧を申請する").click()
    page.wait_for_url("**/confirm**")
    type_code(page, TOTP_SECRET)
    page.get_by_label("閲覧が必要な理由").fill(REASON)
    page.get_by_label("問い合わせ番号").fill("AY-2041")
    page.get_by_label("この問い合わせに必要なものだけを見て").check()
    is_fit(page)
    press(page, "申請する")
    expect(page.get_by_role("heading", name="別の運用担当者の承認が必要です")).to_be_visible()
    assert page.get_by_role("button", name="承認").count() == 0  # nobody approves what they ask for


def approve(page: Page, mail: EmailMessage) -> None:
    """Come by the mail, prove again who one is, and approve."""
    follow(page, mail)
    expect(page.get_by_text(REASON)).to_be_visible()
    press(page, "承認")
    type_code(page, TOTP_SECRET)
    expect(page.get_by_text("申請を承認しました")).to_be_visible()


def agree(page: Page, mail: EmailMessage) -> None:
    """Agree for the municipality, led there by the mail."""
    follow(page, mail)
    expect(page.get_by_text(REASON)).to_be_visible()
    is_fit(page)
    press(page, "1時間の閲覧に同意する")
    expect(page.get_by_text("閲覧できる状態")).to_be_visible()


def look(page: Page, name: str) -> str:
    """Look at a person's page, with the banner on it and nothing to change; return its address."""
    page.reload()
    page.get_by_role("link", name="閲覧を始める").click()
    page.goto(f"{page.url}people/")
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    banner = page.locator(".banner--bad")
    expect(banner).to_contain_text("閲覧のみ")
    expect(banner).to_contain_text("AY-2041")
    forms = page.locator("form[method=post]").evaluate_all("all => all.map(each => each.getAttribute('action'))")
    assert all(action.startswith(("/operator/", "/logout")) for action in forms)
    is_fit(page)
    seen = page.url
    page.goto(f"{seen}/edit")
    assert name not in page.locator("main").inner_text()
    return seen


def review(page: Page, seen: str) -> None:
    """See every view in one's own log, end the look and look back at it."""
    told = page.locator(f"a[href='/{seen.split('/', 3)[3]}']")
    for _try in range(60):
        page.reload()
        if told.count():
            break
        page.wait_for_timeout(200)
    expect(told).to_have_count(1)
    press(page, "いま終わらせる")
    page.get_by_label("点検の結果").fill("申請の理由に必要な閲覧だけでした。")
    is_fit(page)
    press(page, "点検を終える")
    expect(page.get_by_text("申請の理由に必要な閲覧だけでした。")).to_be_visible()
    page.goto(re.sub(r"/glass/.*", "/journal/", page.url))
    expect(page.get_by_text("運用担当者（緊急閲覧）").first).to_be_visible()


def test_operators_look_inside_only_together_and_the_municipality_watches(
    app: Flask, product: Product, browser: Browser
) -> None:
    town = a_town(app, name="硝子野市")
    administrator = a_member(app, town, Party.STAFF, Role.ADMINISTRATOR)
    head = a_member(app, town, Party.STAFF, Role.SECTION_HEAD)
    with inside(app, head):
        a_person(family_name="硝子", given_name="玲")
    asking, second = with_app(app, an_operator(app)), with_app(app, an_operator(app))
    first_page, second_page, town_page = (new_page(browser) for _person in range(3))
    for page, who in ((first_page, asking), (second_page, second)):
        log_in(page, product, who.email, PASSWORD)
        people.let_time_pass(app, who, 20)
    log_in(town_page, product, administrator.email, PASSWORD)

    ask(first_page, product, town)
    mailed(administrator.email, "緊急閲覧を申請しました")
    approve(second_page, mailed(second.email, "承認を待っています"))
    assert answered(first_page, f"{product.address}/t/{town.slug}/") == 404  # the municipality has not agreed yet
    first_page.go_back()
    agree(town_page, mailed(administrator.email, "同意の確認"))
    seen = look(first_page, "硝子 玲")
    review(town_page, seen)
    assert answered(first_page, seen) == 404
    assert mails_to(asking.email) == []
    mailed(head.email, "緊急閲覧が終わりました")

"""The whole way in a browser: an administrator sets the provider up, an invited person comes in by it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ayumi.accounts.model import Party, Role
from ayumi.invitations import rules as invitations
from ayumi.kernel import ids
from tests.fitness import is_fit
from tests.live import Product, new_page, running
from tests.signon.providers import CLIENT_ID, SECRET, real_provider
from tests.world import PASSWORD, Member, Town, a_member, a_town, inside

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def product(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(app, tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture(scope="module")
def town(app: Flask) -> Town:
    return a_town(app, name="試験野市")


@pytest.fixture(scope="module")
def administrator(app: Flask, town: Town) -> Member:
    return a_member(app, town, Party.STAFF, Role.ADMINISTRATOR, Role.SECTION_HEAD, name="管野 理")


def enter(page: Page, product: Product, member: Member) -> None:
    """Log in with a password where no second factor is asked for."""
    page.goto(f"{product.address}/login")
    page.get_by_label("メールアドレス").fill(member.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button.button--primary").click()
    page.wait_for_url(lambda url: "/login" not in url)


def log_in_at_the_provider(page: Page, subject: str) -> None:
    """Do what the provider's own pages ask."""
    page.locator("input[name=login]").fill(subject)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]").click()


def test_a_provider_is_set_up_and_an_invited_person_comes_in_by_it(
    app: Flask, product: Product, browser: Browser, town: Town, administrator: Member
) -> None:
    email = f"hanako-{ids.new().hex[-8:]}@city.example"
    people = {"hanako": {"email": email, "email_verified": True, "name": "Hanako"}}
    with real_provider(people, town.slug, base_url=product.address) as issuer:
        set_up(new_page(browser), product, town, administrator, issuer)
        with inside(app, administrator):
            invitations.invite(email=email, name="花野 花子", party=Party.STAFF, roles=[Role.CASEWORKER])
        come_in(new_page(browser, width=390, height=844), product, town)


def set_up(page: Page, product: Product, town: Town, administrator: Member, issuer: str) -> None:
    enter(page, product, administrator)
    page.goto(f"{product.address}/t/{town.slug}/access/")
    is_fit(page)
    page.get_by_role("link", name="認証基盤を登録する").click()
    is_fit(page)
    page.get_by_label("ログイン画面での名前").fill("試験野市職員アカウント")
    page.get_by_label("発行者").fill(issuer)
    page.get_by_label("クライアントID").fill(CLIENT_ID)
    page.get_by_label("クライアントシークレット").fill(SECRET)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="試してみる").click()
    log_in_at_the_provider(page, "hanako")
    expect(page.get_by_text("認証基盤でログインできました")).to_be_visible()
    page.get_by_role("button", name="有効にする").click()
    expect(page.get_by_text("ログインできるようになりました")).to_be_visible()
    is_fit(page)
    page.goto(f"{product.address}/t/{town.slug}/access/edit")
    is_fit(page)


def come_in(page: Page, product: Product, town: Town) -> None:
    page.goto(f"{product.address}/login")
    page.get_by_role("link", name="自治体の職員認証でログインする").click()
    is_fit(page)
    page.get_by_label("自治体").fill(town.name)
    page.get_by_role("button", name="次へ").click()
    is_fit(page)
    page.get_by_role("link", name=town.name).click()
    is_fit(page)
    page.get_by_role("link", name="試験野市職員アカウント").click()
    log_in_at_the_provider(page, "hanako")
    page.wait_for_url(lambda url: url.startswith(f"{product.address}/t/{town.slug}/"))


def test_an_incident_is_entered_and_reported_on_a_phone(
    app: Flask, product: Product, browser: Browser, town: Town, administrator: Member
) -> None:
    page = new_page(browser, width=390, height=844)
    enter(page, product, administrator)
    page.goto(f"{product.address}/t/{town.slug}/incidents/")
    is_fit(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="漏えい等を登録する").click()
    page.get_by_label("ひとことで").fill("通知書の誤送付")
    page.locator("textarea[name=what]").fill("別の世帯の通知書を同封して郵送した。電話で連絡があってわかった。")
    page.get_by_label("要配慮個人情報（病歴").check()
    is_fit(page)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("個人情報保護委員会への報告が必要です")).to_be_visible()
    is_fit(page)
    page.get_by_role("link", name="速報を提出済み").click()
    is_fit(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("提出済み").first).to_be_visible()
    for part in ("sheet", "edit"):
        page.goto(f"{page.url.rstrip('/')}/{part}" if part == "sheet" else page.url.replace("/sheet", "/edit"))
        is_fit(page)
    page.goto(f"{product.address}/t/{town.slug}/incidents/")
    expect(page.get_by_text("確報：")).to_be_visible()
    is_fit(page)

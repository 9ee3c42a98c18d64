"""Second factors as people meet them: set up on the first day, used from then on, asked for again before an export."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ayumi.accounts.model import Party, Role
from ayumi.factors import apps
from tests.fitness import DESK, PHONE, is_fit
from tests.live import Product, log_in, new_page, type_code
from tests.web import people
from tests.world import PASSWORD, TOTP_SECRET, Member, a_member, a_town

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.fixture
def member(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER, Role.SECTION_HEAD)


@pytest.fixture
def site(product: Product) -> Product:
    """The product at the address at which browsers know passkeys."""
    return Product(product.address.replace("127.0.0.1", "localhost"), product.mail_dir)


def with_authenticator(page: Page) -> Page:
    """Give a window a device that verifies its user by finger."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def pictured(page: Page, name: str) -> None:
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for width in (PHONE, DESK):
        is_fit(page, width)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def log_out(page: Page, site: Product) -> None:
    page.goto(f"{site.address}/account")
    press(page, "ログアウト")
    page.wait_for_url("**/login")


def test_a_passkey_is_made_and_lets_in_without_a_password(
    app: Flask, site: Product, browser: Browser, member: Member
) -> None:
    people.ask_factor_of_staff(app, member.town)
    page = with_authenticator(new_page(browser))
    log_in(page, site, member.email, PASSWORD)
    page.wait_for_url("**/account/factors/")
    expect(page.locator("body")).to_contain_text(member.town.name)
    pictured(page, "factors-none")
    page.get_by_label("パスキーの名前").fill("窓口のパソコン")
    press(page, "この端末のパスキーを追加する")
    page.wait_for_url("**/codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    pictured(page, "paper-codes")
    page.goto(f"{site.address}/account/factors/")
    expect(page.locator("body")).to_contain_text("窓口のパソコン")
    pictured(page, "factors")
    log_out(page, site)
    pictured(page, "login-passkey")
    press(page, "パスキーを使う")
    page.wait_for_url(f"{site.address}/t/{member.town.slug}/")


def test_a_passkey_is_a_second_step_and_confirms_before_an_export(
    app: Flask, site: Product, browser: Browser, member: Member
) -> None:
    page = with_authenticator(new_page(browser))
    log_in(page, site, member.email, PASSWORD)
    page.goto(f"{site.address}/account/factors/")
    press(page, "この端末のパスキーを追加する")
    page.wait_for_url("**/codes/")
    log_out(page, site)
    page.get_by_label("メールアドレス").fill(member.email)
    page.get_by_label("パスワード").fill(PASSWORD)
    press(page, "ログイン")
    page.wait_for_url("**/login/second-step")
    press(page, "パスキーを使う")
    page.wait_for_url(f"{site.address}/t/{member.town.slug}/")
    people.let_time_pass(app, member, 20)
    page.goto(f"{site.address}/confirm?next=/account")
    press(page, "パスキーを使う")
    page.wait_for_url(f"{site.address}/account")
    pictured(page, "account")


def test_whoever_says_no_to_the_device_can_try_again(
    app: Flask, site: Product, browser: Browser, member: Member
) -> None:
    page = new_page(browser)
    page.goto(f"{site.address}/login")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    press(page, "パスキーを使う")
    expect(page.get_by_role("alert")).to_contain_text("もう一度試すか")


def test_without_scripts_one_logs_in_with_a_code(app: Flask, site: Product, browser: Browser, member: Member) -> None:
    people.with_app(app, member)
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    log_in(page, site, member.email, PASSWORD)
    assert page.url == f"{site.address}/t/{member.town.slug}/"
    context.close()


def test_an_app_is_set_up_with_the_key_that_is_typed(
    app: Flask, product: Product, browser: Browser, member: Member
) -> None:
    page = new_page(browser)
    log_in(page, product, member.email, PASSWORD)
    page.goto(f"{product.address}/account/factors/app")
    pictured(page, "app")
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("いまアプリに出ている6桁の数字").fill(apps.code_at(secret, apps.step_now()))
    press(page, "完了する")
    page.wait_for_url("**/codes/")
    with page.expect_download() as waiting:
        press(page, "ファイルに保存する")
    assert len(Path(waiting.value.path()).read_text(encoding="utf-8").split()) > 10
    log_out(page, product)
    page.get_by_label("メールアドレス").fill(member.email)
    page.get_by_label("パスワード").fill(PASSWORD)
    press(page, "ログイン")
    page.wait_for_url("**/login/second-step")
    pictured(page, "second-step")
    type_code(page, secret)
    page.wait_for_url(f"{product.address}/t/{member.town.slug}/")


def test_a_form_goes_on_by_itself_after_confirming(
    app: Flask, product: Product, browser: Browser, member: Member
) -> None:
    people.with_app(app, member)
    page = new_page(browser)
    log_in(page, product, member.email, PASSWORD)
    page.goto(f"{product.address}/account/factors/")
    people.let_time_pass(app, member, 20)
    press(page, "新しいコードを作る")
    expect(page.get_by_role("heading", level=1)).to_have_text("ご本人の確認をお願いします")
    pictured(page, "confirm")
    type_code(page, TOTP_SECRET)
    page.wait_for_url("**/codes/")
    expect(page.locator(".codes li")).to_have_count(10)


def test_sessions_and_password_fit_on_a_phone(app: Flask, product: Product, browser: Browser, member: Member) -> None:
    other = new_page(browser)
    log_in(other, product, member.email, PASSWORD)
    page = new_page(browser)
    log_in(page, product, member.email, PASSWORD)
    for path in ("sessions/", "password"):
        page.goto(f"{product.address}/account/{path}")
        pictured(page, path.strip("/"))
    page.goto(f"{product.address}/account/sessions/")
    press(page, "ほかをすべて終了する")
    expect(page.get_by_role("status").first).to_contain_text("終了しました")
    other.reload()
    assert "/login" in other.url

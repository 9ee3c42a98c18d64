"""The first thing anybody does."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from ayumi.accounts.model import Party, Role
from tests.live import Product, log_in, new_page
from tests.world import PASSWORD, a_contract, a_firm, a_member, a_town

pytestmark = pytest.mark.browser


def test_a_caseworker_logs_in_and_is_at_home(app: Flask, product: Product, browser: Browser) -> None:
    town = a_town(app)
    member = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    page = new_page(browser, width=390)
    log_in(page, product, member.email, PASSWORD)
    assert page.url == f"{product.address}/t/{town.slug}/"


def test_after_logging_out_the_back_button_shows_nothing(app: Flask, product: Product, browser: Browser) -> None:
    town = a_town(app)
    member = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    page = new_page(browser)
    log_in(page, product, member.email, PASSWORD)
    page.get_by_role("button", name="ログアウト").first.click()
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_load_state()
    assert "/login" in page.url


def test_two_tabs_in_two_municipalities_do_not_mix(app: Flask, product: Product, browser: Browser) -> None:
    here, there, firm = a_town(app, name="甲野台市"), a_town(app, name="乙川原市"), a_firm(app)
    for town in (here, there):
        a_contract(app, town, firm)
    member = a_member(app, here, Party.FIRM, Role.SUPPORTER, firm_id=firm)
    a_member(app, there, Party.FIRM, Role.SUPPORTER, firm_id=firm, account_id=member.account_id)
    first = new_page(browser)
    log_in(first, product, member.email, PASSWORD)
    first.get_by_role("link", name="甲野台市").click()
    second = first.context.new_page()
    second.goto(f"{product.address}/portal/{there.slug}/")
    first.reload()
    assert first.locator(".header__place").inner_text().startswith("甲野台市")
    assert second.locator(".header__place").inner_text().startswith("乙川原市")

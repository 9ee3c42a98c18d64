"""Every page, as everybody who may open it, on a phone and on a desk: no barrier, no overflow, no foreign word."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from tests.fitness import is_fit
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, KINDS, methods, path
from tests.live import Product
from tests.world import logged_in

pytestmark = pytest.mark.browser

PAGES = [rule for rule in BEHIND if "GET" in methods(rule)]
NOT_PAGES = {"application/pdf", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture(scope="module")
def town(app: Flask) -> Populated:
    return populate(app, "甲野台")


@pytest.fixture(scope="module")
def windows(app: Flask, product: Product, browser: Browser, town: Populated) -> Iterator[dict[str, BrowserContext]]:
    """One logged-in phone for each kind of user."""
    opened = {}
    for kind in KINDS:
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", bypass_csp=True)
        client = logged_in(app, town.members[kind])
        cookie = client.get_cookie("ayumi")
        assert cookie is not None
        context.add_cookies([{"name": "ayumi", "value": cookie.value, "url": product.address}])
        opened[kind] = context
    yield opened
    for context in opened.values():
        context.close()


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.endpoint)
def test_a_page_is_fit_for_everybody(
    rule: object, product: Product, town: Populated, windows: dict[str, BrowserContext]
) -> None:
    """The look is the same for all who may open it, so the first who may is enough."""
    address = product.address + path(rule, town, town)  # type: ignore[arg-type]
    for context in windows.values():
        answer = context.request.get(address, max_redirects=0, max_retries=2)
        assert answer.status < 500, address
        if answer.status != 200 or answer.headers["content-type"].split(";")[0] in NOT_PAGES:
            continue
        if "html" not in answer.headers["content-type"] or "<html" not in answer.text():
            continue
        page = context.new_page()
        page.goto(address)
        is_fit(page)
        page.close()
        break

"""Every page, as somebody who may open it, on a phone and on a desk: no barrier, no overflow, no foreign word."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.routing import Rule

from tests.fitness import is_fit
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, KINDS, methods, path
from tests.live import Product
from tests.world import logged_in

pytestmark = pytest.mark.browser

PAGES = [rule for rule in BEHIND if "GET" in methods(rule)]


@pytest.fixture(scope="module")
def town(app: Flask) -> Populated:
    return populate(app, "甲野台")


@pytest.fixture(scope="module")
def clients(app: Flask, town: Populated) -> dict[str, FlaskClient]:
    """Everybody, logged in."""
    return {kind: logged_in(app, town.members[kind]) for kind in KINDS}


@pytest.fixture(scope="module")
def phones(product: Product, only_browser: Browser, clients: dict[str, FlaskClient]) -> Iterator[dict[str, Page]]:
    """A phone of everybody, with the same session."""
    opened = {}
    for kind, client in clients.items():
        context = only_browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", bypass_csp=True)
        cookie = client.get_cookie("ayumi")
        assert cookie is not None
        context.add_cookies([{"name": "ayumi", "value": cookie.value, "url": product.address}])
        opened[kind] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.endpoint)
def test_a_page_is_fit_for_everybody(
    rule: Rule, product: Product, town: Populated, clients: dict[str, FlaskClient], phones: dict[str, Page]
) -> None:
    """The look is the same for all who may open it, so the first who may is enough."""
    address = path(rule, town, town)
    for kind, client in clients.items():
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype == "text/html" and "<html" in answer.text:
            phones[kind].goto(product.address + address)
            is_fit(phones[kind])
            break

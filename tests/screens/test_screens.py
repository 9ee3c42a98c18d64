"""Pictures of the main screens, on a phone and on a desk, in var/screens: made to be looked at."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from ayumi.config import settings
from ayumi.demo.load import everything
from ayumi.japan.calendar import week_start
from ayumi.kernel import clock
from tests.live import Product, chromium, log_in, new_page, running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PICTURES = Path(__file__).parents[2] / "var/screens"
FIRST = "main table tbody a"
CASEWORKER, SUPPORTER, HEAD = (
    "caseworker.1@morioka.example",
    "supporter.1@hibiki.example",
    "section-head.1@morioka.example",
)
# who, name of the picture, address or the first link that fits on the page before
SCREENS = (
    (CASEWORKER, "home", "/t/morioka/"),
    (CASEWORKER, "people", "/t/morioka/people/"),
    (CASEWORKER, "person", FIRST),
    (CASEWORKER, "to-read", "/t/morioka/reading/"),
    (CASEWORKER, "reading", FIRST),
    (CASEWORKER, "employers", "/t/morioka/employers/"),
    (CASEWORKER, "employer", FIRST),
    (CASEWORKER, "placements", "/t/morioka/placements/"),
    (CASEWORKER, "placement", FIRST),
    (CASEWORKER, "imports", "/t/morioka/people/imports/"),
    (CASEWORKER, "menus", "/t/morioka/menus/"),
    (HEAD, "payments", "/t/morioka/approval/"),
    (HEAD, "reports", "/t/morioka/reports/"),
    (SUPPORTER, "firm-home", "/portal/koshigaya/"),
    (SUPPORTER, "weeks", "/portal/koshigaya/records/"),
    (SUPPORTER, "week", FIRST),
    (SUPPORTER, "grid", f"/portal/koshigaya/records/weeks/{week_start(clock.today())}"),
)


@pytest.fixture(scope="module")
def product(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with app.app_context():
        everything.load(clock.today(), only=("morioka", "koshigaya"))
    with running(app, tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def password_of(email: str) -> str:
    rows: list[dict[str, str]] = json.loads(Path(settings().demo_logins).read_text(encoding="utf-8"))
    return next(row["password"] for row in rows if row["email"] == email)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
def test_the_main_screens_open_fit_and_are_pictured(
    product: Product, browser: Browser, width: int, height: int
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    pages: dict[str, Page] = {}
    for email, name, where in SCREENS:
        page = pages.get(email)
        if page is None:
            page = pages[email] = new_page(browser, width=width, height=height)
            page.goto(f"{product.address}/login")
            page.screenshot(path=PICTURES / f"login-{width}.png", full_page=True)
            log_in(page, product, email, password_of(email))
        open_screen(page, product, where, name)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is wider than {width}"
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)


def open_screen(page: Page, product: Product, where: str, name: str) -> None:
    """Open an address, or the first link that fits."""
    address = where if where.startswith("/") else page.locator(where).first.get_attribute("href")
    answer = page.goto(f"{product.address}{address}")
    assert answer is not None
    assert answer.status == 200, name

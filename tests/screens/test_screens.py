"""Pictures of the main screens, on a phone and on a desk, in var/screens: made to be looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from ayumi.japan.calendar import Month, week_start
from ayumi.kernel import clock
from tests.live import Product, log_in, new_page
from tests.months.clean_start import FirstDay, demonstration
from tests.months.play.employer import Employer

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "var/screens"
TOWNS = ("morioka", "koshigaya", "yokohama")
FIRST = "main table tbody a"
CASEWORKER, SUPPORTER, HEAD = (
    "caseworker.1@morioka.example",
    "supporter.1@hibiki.example",
    "section-head.1@morioka.example",
)
SIZES = ((390, 844), (1280, 900))
HIGHEST = 4000
LAST_MONTH = Month.of(clock.today()).previous
MEASURED = """async () => {
  await document.fonts.ready;
  const {scrollHeight, scrollWidth, clientWidth} = document.documentElement;
  return [scrollHeight, scrollWidth - clientWidth];
}"""
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
def started(straight: Flask, services: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    with demonstration(services, tmp_path_factory.mktemp("screens"), 2, TOWNS) as begun:
        yield begun


@pytest.fixture
def product(started: FirstDay) -> Product:
    return started.product


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_main_screens_open_fit_and_are_pictured(
    started: FirstDay, product: Product, browser: Browser, width: int, height: int
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    pages: dict[str, Page] = {}
    for email, name, where in SCREENS:
        page = pages.get(email)
        if page is None:
            page = pages[email] = new_page(browser, width=width, height=height)
            page.goto(f"{product.address}/login")
            page.screenshot(path=PICTURES / f"login-{width}.png", full_page=True)
            log_in(page, product, email, started.password, started.secret(email))
        open_screen(page, product, where, name)
        picture(page, name, width, height)


def test_a_report_a_statement_and_the_choice_of_a_place_are_pictured(
    started: FirstDay, product: Product, browser: Browser
) -> None:
    page = new_page(browser)
    log_in(page, product, HEAD, started.password, started.secret(HEAD))
    open_screen(page, product, f"/t/morioka/reports/{LAST_MONTH}/", "report")
    for _look in range(180):  # the worker compiles it as soon as the product runs
        if page.locator(".report-parts").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert page.locator(".report-parts").count()
    in_both_widths(page, "report")
    open_screen(page, product, f"/t/morioka/approval/?month={LAST_MONTH.previous}", "statements")
    open_screen(page, product, FIRST, "statement")
    in_both_widths(page, "statement")
    log_in_page = new_page(browser)
    log_in(log_in_page, product, SUPPORTER, started.password, started.secret(SUPPORTER))
    open_screen(log_in_page, product, "/", "chooser")
    in_both_widths(log_in_page, "chooser")


def test_the_month_of_an_employer_is_pictured(product: Product, browser: Browser) -> None:
    contact = Employer.of(browser, product, "@")
    contact.address = str(contact.newest(0, "体験日をご確認ください")["To"])
    contact.comes_in()
    in_both_widths(contact.desk.page, "employer-month")


def in_both_widths(page: Page, name: str) -> None:
    """Take a picture of the open page on a phone and on a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        picture(page, name, width, height)


def picture(page: Page, name: str, width: int, height: int) -> None:
    """Take a picture of the open page, in a window as high as the page: what stays at its foot is at its foot."""
    high, wider = page.evaluate(MEASURED)
    assert wider <= 0, f"{name} is wider than {width}"
    page.set_viewport_size({"width": width, "height": min(max(high, height), HIGHEST)})
    page.screenshot(path=PICTURES / f"{name}-{width}.png")
    page.set_viewport_size({"width": width, "height": height})


def open_screen(page: Page, product: Product, where: str, name: str) -> None:
    """Open an address, or the first link that fits."""
    address = where if where.startswith("/") else page.locator(where).first.get_attribute("href")
    answer = page.goto(f"{product.address}{address}")
    assert answer is not None
    assert answer.status == 200, name

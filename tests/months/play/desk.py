"""What everybody does at a screen: log in, open a page, type, press, read what the page says."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.fitness import overflow
from tests.live import log_in, new_page
from tests.months.clean_start import FirstDay

WIDE, PHONE, SMALL_PHONE = 1280, 390, 360


@dataclass
class Desk:
    """Somebody in front of a window of their own. ``where``: the beginning of all addresses there."""

    page: Page
    address: str
    where: str = ""

    def open(self, path: str = "") -> None:
        """Open a page by its address; it must be there."""
        answer = self.page.goto(f"{self.address}{self.where}{path}")
        assert answer is not None and answer.status == 200, f"{self.where}{path}: {answer and answer.status}"

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow the first link of this name."""
        (within or self.page).get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button and wait for the page that follows."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def type(self, label: str, text: str | date, *, within: Locator | None = None) -> None:
        """Type into a field as it is labelled."""
        (within or self.page).get_by_label(label).first.fill(str(text))

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """Tick a box or choose a round button by its word."""
        (within or self.page).get_by_label(label).first.check()

    def choose(self, label: str, word: str, *, within: Locator | None = None) -> None:
        """Choose a word from a list."""
        (within or self.page).get_by_label(label).first.select_option(label=word)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Expect a text on the page, anywhere."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        """Expect a text to be nowhere on the page."""
        expect(self.page.locator("body")).not_to_contain_text(text)

    def told(self, text: str | re.Pattern[str]) -> None:
        """Expect to be told what has just been done."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def rows(self, caption: str | re.Pattern[str]) -> list[list[str]]:
        """Return the words of a table, line by line, by its caption."""
        lines = self.page.get_by_role("table", name=caption).first.locator("tbody tr")
        return [[cell.strip() for cell in line.locator("th, td").all_inner_texts()] for line in lines.all()]

    def downloaded(self, name: str | re.Pattern[str]) -> bytes:
        """Press a link that gives a file and return what is in it."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        return Path(waiting.value.path()).read_bytes()

    def choose_place(self, name: str) -> None:
        """Go to another of the places one belongs to, by the chooser."""
        assert self.page.goto(f"{self.address}/")
        self.page.get_by_role("link", name=re.compile(name)).first.click()
        self.page.wait_for_url(re.compile(r"/(t|portal)/[^/]+/$"))
        self.where = self.page.url.removeprefix(self.address).rstrip("/")
        expect(self.page.locator(".header__place")).to_contain_text(name)

    def no_wider_than_the_window(self) -> None:
        """Nothing has to be pushed sideways."""
        assert overflow(self.page) <= 0, self.page.url


def logged_in(browser: Browser, first: FirstDay, email: str, where: str, *, width: int = WIDE) -> Desk:
    """Let somebody log in with the password of the demonstration."""
    page = new_page(browser, width=width, height=844 if width < WIDE else 900)
    log_in(page, first.product, email, first.password, first.secret(email))
    desk = Desk(page, first.product.address, where)
    desk.open("/")
    return desk

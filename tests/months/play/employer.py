"""What an employer does: opens the mail, types the code, and on a phone corrects, questions and confirms days."""

import re
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, expect

from ayumi.web.mailbox import read, text_of
from tests.live import Product, new_page
from tests.months.play.desk import SMALL_PHONE, Desk

LINK = re.compile(r"https?://\S+/portal/employer/l/\S+")


@dataclass
class Employer:
    """The contact person of an employer, with a phone of 360 px and a mailbox."""

    desk: Desk
    mail_dir: Path
    address: str

    @classmethod
    def of(cls, browser: Browser, product: Product, address: str) -> "Employer":
        """Somebody with this e-mail address, not logged in anywhere."""
        page = new_page(browser, width=SMALL_PHONE, height=740)
        return cls(Desk(page, product.address), product.mail_dir, address)

    def comes_in(self, *, mails_before: int = 0) -> None:
        """Follow the link in the newest mail, have the code sent, type it."""
        link = LINK.search(text_of(self.newest(mails_before, "体験日をご確認ください")))
        assert link
        self.desk.page.goto(link.group())
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text("体験日")
        self.desk.no_wider_than_the_window()
        self.desk.press("確認コードを送る")
        code = re.search(r"\b(\d{6})\b", text_of(self.newest(mails_before + 1, "確認コード")))
        assert code
        self.desk.type("6桁の確認コード", code.group())
        self.desk.press("次へ")

    def comes_in_again(self) -> None:
        """Follow a second link from the same browser: still inside, or with a new code."""
        link = LINK.search(text_of(self.newest(2, "体験日をご確認ください")))
        assert link
        self.desk.page.goto(link.group())
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text("体験日の確認")

    def mails(self) -> list[EmailMessage]:
        """The mails to this address so far, oldest first."""
        found = [read(path) for path in sorted(self.mail_dir.glob("*.eml"))]
        return [mail for mail in found if self.address in str(mail["To"])]

    def newest(self, before: int, subject: str) -> EmailMessage:
        """Wait for a mail beyond those there were before, and return the last of this subject."""
        for _look in range(300):
            found = [mail for mail in self.mails()[before:] if subject in str(mail["Subject"])]
            if found:
                return found[-1]
            self.desk.page.wait_for_timeout(100)
        raise AssertionError(
            f"no mail “{subject}” for {self.address}: {[str(mail['Subject']) for mail in self.mails()]}"
        )

    def sees_only(self, nickname: str, *never: str) -> None:
        """Expect the nickname and nothing else of anybody."""
        self.desk.sees(nickname)
        for word in never:
            self.desk.does_not_see(word)
        self.desk.no_wider_than_the_window()

    def corrects(self, on: date, starts: str, ends: str) -> None:
        """Give a day other times."""
        self._opens(on, "時間が違う")
        self.desk.type("来た時刻", starts)
        self.desk.type("帰った時刻", ends)
        self.desk.press("この時間に直す")
        self.desk.told("時間を直しました")

    def questions(self, on: date, word: str) -> None:
        """Say in a sentence what is not right with a day."""
        self._opens(on, "そのほか")
        self.desk.type("違うところを、ひとことで教えてください", word)
        self.desk.press("担当者に伝える")
        self.desk.told("担当者が確かめます")

    def _opens(self, on: date, what: str) -> None:
        self.desk.page.get_by_role("link", name=re.compile(rf"{on.month}月{on.day}日")).first.click()
        self.desk.page.get_by_text(re.compile(what)).first.click()

    def confirms(self, days: int, yen: int | None) -> None:
        """Confirm what is left and read what it comes to."""
        self.desk.page.get_by_role("button", name=re.compile("すべて合っています")).click()
        expect(self.desk.page.get_by_role("heading", level=1)).to_have_text("ありがとうございました")
        self.desk.sees(f"{days}日")
        if yen is not None:
            self.desk.sees(f"{yen:,}円")

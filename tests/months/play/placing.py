"""What a supporter arranges: work experience at an employer, its days, and answers to an employer's questions."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import expect

from tests.months.play.book import Calendar, Person, Stay
from tests.months.play.desk import Desk

PLACEMENT = re.compile(r"/placements/([0-9a-f-]{36})")


@dataclass
class Placing:
    """A supporter, of the municipality or of a firm, who arranges work experience."""

    desk: Desk

    def plan(self, stay: Stay, calendar: Calendar) -> None:
        """Plan, prepare and start a placement from the person's page; it lasts from the first to today."""
        self._person(stay.person)
        self.desk.follow("就労体験先")
        self.desk.follow("受け入れを計画する")
        self.desk.choose("事業所と受け入れ場所", f"{stay.employer} {stay.site}")
        self.desk.type("事業所でのニックネーム", stay.person.nickname)
        self.desk.type("開始日", calendar.first)
        self.desk.type("終了日", calendar.last)
        self.desk.press("保存する")
        self._meet(calendar.mondays[0])
        self.desk.press("体験を始める")
        self.desk.told("体験を始めました")

    def _person(self, person: Person) -> None:
        self.desk.open("/people/?who=all")
        search = self.desk.page.get_by_role("search", name="名前・かな・ケース番号で探す")
        search.get_by_role("searchbox").fill(person.case)
        self.desk.press("探す", within=search)
        self.desk.follow(person.name, within=self.desk.page.get_by_role("table"))

    def _meet(self, on: date) -> None:
        self.desk.follow("打合せを記録する")
        self.desk.type("開いた日", on)
        self.desk.type("打合せで決めたこと", "はじめの2回は支援員が付き添う。休むときは朝9時までに電話する。")
        self.desk.press("保存する")

    def record(self, stay: Stay, calendar: Calendar) -> None:
        """Tick the days of the month; the times are the usual ones unless they differ."""
        match = PLACEMENT.search(self.desk.page.url)
        assert match, self.desk.page.url
        self.desk.open(f"/placements/{match.group(1)}/days/{calendar}")
        for on in stay.days:
            line = self.desk.page.locator(".month-list__day").filter(has=self.desk.page.locator(f"input[value='{on}']"))
            line.get_by_role("checkbox").check()
            line.locator("input[type=time]").nth(0).fill(stay.starts)
            line.locator("input[type=time]").nth(1).fill(stay.ends)
        self.desk.press("選んだ日を記録する")
        self.desk.told(f"{len(stay.days)}日を記録しました")

    # The employer's word ---

    def open_month(self, stay: Stay, calendar: Calendar) -> None:
        """Open an employer's month."""
        self.desk.open("/employers/")
        self.desk.follow(stay.employer)
        address = self.desk.page.url.removeprefix(self.desk.address + self.desk.where)
        self.desk.open(f"{address}/months/{calendar}")

    def ask(self, stay: Stay, calendar: Calendar) -> None:
        """Have a link sent to an employer."""
        self.open_month(stay, calendar)
        self.desk.press("リンクをいま送る")
        self.desk.told("リンク")

    def ask_again(self, stay: Stay, calendar: Calendar) -> None:
        """Have another link sent, because a day waits for the employer's word again."""
        self.open_month(stay, calendar)
        self.desk.press("リンクをもう一度送る")
        self.desk.told("リンク")

    def enter_paper(self, stay: Stay, calendar: Calendar, scan: bytes) -> None:
        """Enter an answer that came on paper, with the scan."""
        self.open_month(stay, calendar)
        self.desk.follow("紙・電話での回答を登録する")
        self.desk.tick("紙で")
        self.desk.type("回答のあった日", calendar.last)
        page = self.desk.page
        expect(page.get_by_role("group", name=re.compile("事業所が確認した日")).get_by_role("checkbox")).to_have_count(
            len(stay.days)
        )
        page.locator("input[type=file]").set_input_files(
            {"name": "確認書.pdf", "mimeType": "application/pdf", "buffer": scan}
        )
        self.desk.press("回答を登録する")
        self.desk.told("登録しました")
        self.desk.sees("紙で")

    def open_question(self, stay: Stay, on: date, word: str, calendar: Calendar) -> None:
        """Open the day that an employer questions, and read its word."""
        self.open_month(stay, calendar)
        line = self.desk.page.get_by_role("row").filter(has_text=re.compile(rf"(?<!\d){on.month}[/.]{on.day}（"))
        expect(line).to_contain_text(word)
        line.get_by_role("link").first.click()
        self.desk.sees(word)

    def take_back(self, why: str) -> None:
        """Take the open day back."""
        self.desk.page.get_by_text("この日を取り消す", exact=True).first.click()
        self.desk.type("理由", why)
        self.desk.press("この日を取り消す")
        self.desk.told("取り消しました")

    def change_times(self, starts: str, ends: str) -> None:
        """Give the open day other times; its employer is asked about it anew."""
        self.desk.type("来た時刻", starts)
        self.desk.type("帰った時刻", ends)
        self.desk.press("時間を保存する")
        self.desk.told("時間を変更しました")

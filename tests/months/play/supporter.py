"""What a supporter does, of the municipality or of a firm: writes weeks, arranges work experience, records its days."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, expect

from tests.months.play.book import ATTENDED, Day, Person, Week, week_of
from tests.months.play.desk import Desk

LETTERS = {"参加": "出", "連絡して欠席": "届", "連絡なく欠席": "欠"}


@dataclass
class Supporter:
    """A supporter; ``desk`` stands in the console or in the portal, the pages are the same."""

    desk: Desk

    def sees_nobody_but(self, seen: list[Person], unseen: list[Person]) -> None:
        """Find these people in the list and the others nowhere: not in lists, not by search."""
        self.desk.open("/people/?who=all&status=any")
        for person in seen:
            self.desk.sees(person.name)
        for person in unseen:
            self.desk.does_not_see(person.names[0])
            self.desk.open(f"/people/?who=all&status=any&q={person.case}")
            self.desk.sees("当てはまる人は見つかりませんでした")

    # One person's week ---

    def open_week(self, person: Person, monday: date) -> None:
        """Open somebody's week in the list of what is due."""
        self.desk.open("/records/?tab=late&who=all")
        line = self.desk.page.get_by_role("row").filter(has_text=person.name).filter(has_text=week_of(monday))
        line.get_by_role("link").first.click()
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text(person.name)

    def write(self, week: Week) -> None:
        """Fill in a person's week while its draft saves itself."""
        for day in week.days:
            self._day(day)
        page = self.desk.page
        page.get_by_label("この週のまとめ").fill(week.summary)
        if week.request:
            page.get_by_label("ケースワーカーへの連絡・依頼").fill(week.request)
        if week.concern:
            page.get_by_label("心配なことがあり、ケースワーカーにすぐ知らせたい").check()
            page.get_by_label("心配なこと", exact=True).fill(week.concern)

    def _day(self, day: Day) -> None:
        card = self.card(day.on)
        if card.get_attribute("open") is None:
            card.locator("summary").first.click()
        entry = card.locator(".entry").first
        entry.get_by_text(day.attendance, exact=True).click()
        if day.attendance == ATTENDED:
            entry.get_by_text(day.menu, exact=True).click()
            entry.get_by_label("開始").fill(day.starts)
            entry.get_by_label("終了").fill(day.ends)
            entry.get_by_label("支援員の見たこと").fill("時間どおりに来て、最後まで取り組めた。")
        else:
            entry.get_by_label("理由").fill(day.reason)

    def card(self, on: date) -> Locator:
        """The part of the page for one day."""
        return self.desk.page.locator(f"#day-{on}")

    def draft_is_saved(self) -> None:
        """Wait until the page says that the draft has been saved."""
        state = self.desk.page.locator("[data-save-state]")
        expect(state).to_have_attribute("data-state", "saved")
        expect(state).to_contain_text("下書き保存しました")

    def hand_in(self) -> None:
        """Hand the open week in."""
        self.desk.press("提出する")
        self.desk.told("この週を提出しました")

    def reads_the_comment(self, comment: str) -> None:
        """Find what a caseworker has asked for."""
        self.desk.open("/records/?tab=returned&who=all")
        self.desk.sees(comment)

    def open_accepted(self, week: Week) -> None:
        """Open a week that was accepted."""
        self.desk.open("/records/?tab=done&who=all")
        line = self.desk.page.get_by_role("row").filter(has_text=week.person.name).filter(has_text=week_of(week.monday))
        line.get_by_role("link").first.click()
        self.desk.sees(week.summary)

    def correct(self, reason: str) -> None:
        """Begin the correction of a week that was accepted."""
        self.desk.page.get_by_text("この週を訂正する", exact=True).click()
        self.desk.type("理由", reason)
        self.desk.press("訂正を始める")
        self.desk.sees("提出済みの週を訂正しています")

    # Everyone's week ---

    def write_in_the_grid(self, monday: date, weeks: list[Week]) -> None:
        """Fill in everyone's week and hand all complete rows in at once."""
        self.desk.open(f"/records/weeks/{monday}?who=all")
        for week in weeks:
            for day in week.days:
                self._cell(week.person, day)
            self._words(week)
        self.desk.press("そろった行を提出する")
        self.desk.told(f"{len(weeks)}件の週を提出しました")

    def _cell(self, person: Person, day: Day) -> None:
        cell = self._row(person).get_by_role("group", name=re.compile(rf"^{person.name} {day.on.day}（"))
        if day.attendance == ATTENDED:
            cell.get_by_label(re.compile("メニュー$")).select_option(label=day.menu)
        attendance = cell.get_by_label(re.compile("参加の状況$"))
        attendance.select_option(label=f"{LETTERS[day.attendance]} {day.attendance}")
        panel = self._panel(cell)
        if day.attendance == ATTENDED:
            panel.get_by_label("開始").fill(day.starts)
            panel.get_by_label("終了").fill(day.ends)
        else:
            panel.get_by_label("理由").fill(day.reason)
        panel.get_by_role("button", name="閉じる").click()

    def _words(self, week: Week) -> None:
        panel = self._panel(self._row(week.person).locator(".grid__end"))
        panel.get_by_label("この週のまとめ").fill(week.summary)
        panel.get_by_role("button", name="閉じる").click()

    def _row(self, person: Person) -> Locator:
        return self.desk.page.locator("table[data-grid] tbody tr").filter(
            has=self.desk.page.get_by_role("rowheader", name=person.name)
        )

    def _panel(self, within: Locator) -> Locator:
        within.locator(".grid__more").first.click()
        return within.get_by_role("dialog")

"""What those do who put fees together, own staff or a firm's: compile, look, hand in, put right what came back."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.months.play.book import Calendar, Stay
from tests.months.play.desk import Desk


@dataclass
class Bookkeeper:
    """Own staff or somebody of a firm who puts a month's fees together."""

    desk: Desk

    def compile(self, stay: Stay, calendar: Calendar) -> None:
        """Compile the fees of one employer and look whether they are what the days come to."""
        self.desk.open(f"/fees/?month={calendar}")
        self.desk.press(f"{stay.employer}の明細を集計する")
        self.shows(stay)

    def shows(self, stay: Stay) -> None:
        """Expect days, price and total of the open statement."""
        line = (
            self.desk.page.get_by_role("table", name="明細の行")
            .get_by_role("row")
            .filter(has_text=stay.person.nickname)
        )
        expect(line).to_contain_text(f"{len(stay.confirmed)}日")
        expect(line).to_contain_text(f"{stay.yen:,}円")
        expect(line).to_contain_text(f"{stay.fee:,}円")

    def hand_in(self, note: str) -> None:
        """Add a note and hand the open statement in."""
        self.desk.type("承認する人へのメモ", note)
        self.desk.press("承認を求めて提出する")
        self.desk.told("提出しました")

    def open_returned(self, stay: Stay, calendar: Calendar, word: str) -> None:
        """Open the statement that came back and read why."""
        self.desk.open(f"/fees/?month={calendar}")
        self.desk.follow(stay.employer)
        self.desk.sees(word)

"""What a section head or finance officer does: signs the month's fees line by line, compiles and reads the report."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.months.play.book import Calendar, Stay
from tests.months.play.desk import Desk
from tests.months.play.papers import numbers_of, pdf_text, sheet_of

Figures = Mapping[str, float]


@dataclass
class Signer:
    """Section head or finance officer."""

    desk: Desk

    def open(self, stay: Stay, calendar: Calendar) -> None:
        """Open the statement of one employer among the month's payments."""
        self.desk.open(f"/approval/?month={calendar}")
        self.desk.follow(stay.employer, within=self.desk.page.get_by_role("table").first)

    def send_back(self, reason: str, word: str) -> None:
        """Send the first line back with a reason."""
        self.desk.page.get_by_role("table").get_by_text("差し戻す", exact=True).first.click()
        self.desk.page.get_by_label(re.compile(r"^理由")).first.select_option(label=reason)
        self.desk.page.get_by_label(re.compile(r"^補足")).first.fill(word)
        self.desk.press("理由を選んだ行を差し戻す")
        self.desk.told("差し戻しました")

    def approve_by_line(self) -> None:
        """Approve line after line until the statement is frozen."""
        buttons = self.desk.page.get_by_role("button", name=re.compile("この行を承認"))
        while left := buttons.count():
            buttons.first.click()
            expect(buttons).to_have_count(left - 1)
        self.desk.sees("承認")

    def sees_total(self, yen: int) -> None:
        """Expect what the open statement comes to."""
        self.desk.sees(f"{yen:,}円")

    def reads_the_papers(self, stays: list[Stay]) -> None:
        """Download the open statement as PDF and workbook and find every day and every yen in both."""
        text = pdf_text(self.desk.downloaded("PDF"))
        numbers = numbers_of(self.desk.downloaded("XLSX"))
        for stay in stays:
            assert stay.person.nickname in text and f"{stay.yen:,}" in text and f"{stay.fee:,}" in text, text
            assert {len(stay.confirmed), stay.yen, stay.fee} <= numbers, numbers
            for on in stay.confirmed:
                assert re.search(rf"(?<!\d){on.day}日", text), (on, text)
            assert stay.person.names[0] not in text
        assert f"{sum(stay.fee for stay in stays):,}" in text


@dataclass
class Reader:
    """Somebody who compiles the month's report and reads it."""

    desk: Desk

    def compile(self, calendar: Calendar) -> None:
        """Have a month's report compiled, watch how far it is, and open it."""
        self.desk.open("/reports/")
        self.desk.press(f"{calendar.era}を集計する")
        ready = self.desk.page.get_by_role("link", name="報告を見る")
        expect(self.desk.page.get_by_role("progressbar").or_(ready)).to_be_visible()  # it may be quicker than we look
        ready.click(timeout=60_000)
        expect(self.desk.page.get_by_role("heading", level=1)).to_have_text(f"{calendar.era}の報告")

    def figures(self) -> dict[str, float]:
        """Every figure of the open report with its name, as the page shows it."""
        lines = self.desk.page.locator("table:not(.report-parts) tbody tr")
        return {name: number(value) for name, value in lines.evaluate_all(FIRST_TWO)}

    def parts(self, caption: str) -> dict[str, dict[str, float]]:
        """The figures side by side in one of the tables of the open report: line -> heading -> figure."""
        table = self.desk.page.get_by_role("table", name=re.compile(caption)).first
        headings = table.locator("thead th").all_inner_texts()[1:]
        lines = [line.locator("th, td").all_inner_texts() for line in table.locator("tbody tr").all()]
        return {line[0].strip(): dict(zip(headings, map(number, line[1:]), strict=True)) for line in lines}

    def sees_behind(self, figure: str, people: list[str]) -> None:
        """Press a figure and find exactly these people; then go back to the report."""
        line = self.desk.page.get_by_role("row").filter(
            has=self.desk.page.get_by_role("rowheader", name=figure, exact=True)
        )
        line.get_by_role("link").first.click()
        self.desk.page.wait_for_url("**/figures/*")
        found = [line[0] for line in self.desk.rows("この数字の内訳の人")]
        assert sorted(found) == sorted(people), (figure, found)
        self.desk.page.go_back()

    def reads_the_files(self, figures: Figures) -> None:
        """Download the report as workbook and PDF and find the same figures in both."""
        summary = sheet_of(self.desk.downloaded("Excelのファイルをダウンロードする"), "概要")
        text = pdf_text(self.desk.downloaded("PDFをダウンロードする"))
        for name, value in figures.items():
            assert in_sheet(name, summary[name]) == value, (name, summary[name], value)
            printed = re.sub(r"\s", "", name) + as_printed(value)
            assert printed in text, (printed, text)


FIRST_TWO = """lines => lines.map(line => {
  const [name, value] = line.querySelectorAll("th, td");
  const shown = value.querySelector("a")?.firstChild ?? value.firstChild;
  return [name.innerText.trim(), shown.textContent.trim()];
})"""


def number(text: str) -> float:
    """A number as a page writes it."""
    found = re.match(r"[-−]?[\d,]+(\.\d+)?", text)
    return float(found.group().replace(",", "")) if found else 0.0


def in_sheet(name: str, value: object) -> float:
    """A number as a workbook keeps it: rates are parts of one."""
    assert isinstance(value, int | float), value
    return round(value * 100, 1) if name.endswith("率") else value


def as_printed(value: float) -> str:
    """A number as paper writes it."""
    return f"{value:,.1f}" if value != int(value) else f"{int(value):,}"

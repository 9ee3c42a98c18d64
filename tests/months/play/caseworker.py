"""What a caseworker does: takes a list in, enrols people, reads their weeks, accepts them or sends them back."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from playwright.sync_api import FilePayload, expect

from tests.months.play.book import Person, Week, week_of
from tests.months.play.desk import Desk

HEADINGS = ("氏名", "フリガナ", "生年月日", "ケース番号", "呼び名", "支援する側", "担当")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Caseworker:
    """A caseworker of the municipality; ``desk`` is where they sit, ``name`` what they are called."""

    desk: Desk
    name: str

    # The list ---

    def rows(self, people: list[Person]) -> list[tuple[str, ...]]:
        """Write people down as the office's list has them, with whom they belong to."""
        return [
            ("　".join(p.names), "　".join(p.kana), p.born, p.case, p.nickname, p.supported_by, self.name)
            for p in people
        ]

    def hand_in(self, file: FilePayload) -> None:
        """Hand a list in and watch it until it is done."""
        self.desk.open("/people/imports/")
        self.desk.page.get_by_role("button", name=re.compile("^名簿")).set_input_files(file)
        self.desk.press("確かめて読み込む")
        expect(self.desk.page.get_by_role("progressbar")).to_have_count(0)

    def is_refused(self, row: int, column: str, word: str) -> None:
        """Expect the list to be refused at a row and a column, and nobody to have been registered."""
        self.desk.sees("まだ何も反映していません")
        told = self.desk.rows("直すところ")
        assert [line[:2] for line in told] == [[str(row), column]], told
        assert word in told[0][2]
        self.desk.open("/people/?who=all")
        self.desk.sees("まだだれも登録されていません")

    def is_taken_over(self, new: int) -> None:
        """Expect all people of the list to be registered now."""
        self.desk.sees("すべての行を反映しました")
        self.desk.sees(re.compile(rf"新しく登録\s*{new}\s*人"))

    # People ---

    def find(self, kana: str, person: Person) -> None:
        """Find somebody by the beginning of the reading, and open their page."""
        self.desk.open("/people/?who=all")
        search = self.desk.page.get_by_role("search", name="名前・かな・ケース番号で探す")
        search.get_by_role("searchbox").fill(kana)
        self.desk.press("探す", within=search)
        self.desk.follow(person.name, within=self.desk.page.get_by_role("table"))
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text(person.name)

    def enrol(self, person: Person, starts_on: date, *, witness: str, scopes: list[str]) -> None:
        """Take somebody in with wish, goal and consent: on paper with the scan, or spoken and heard by somebody."""
        self.desk.follow("支援の開始を決める")
        page = self.desk.page
        for label in ("決定日", "支援の開始日", "同意日"):
            self.desk.type(label, starts_on)
        self.desk.type("支援を始める理由", "長く仕事から離れ、生活のリズムから整える時期のため。")
        self.desk.type("本人の希望", person.wish)
        self.desk.tick("就職" if person.for_a_job else "就職以外")
        page.get_by_role("textbox", name=re.compile("^目標")).fill(person.goal)
        self.desk.choose("この決定と一緒に得た同意", person.consent)
        for scope in scopes:
            self.desk.tick(scope)
        if person.consent == "口頭":
            self.desk.type("立ち会った人", witness)
        else:
            page.get_by_label("同意書の写し").set_input_files(
                {"name": "同意書.pdf", "mimeType": "application/pdf", "buffer": SCAN}
            )
        self.desk.press("支援の開始を決定する")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"{person.name}\s*さんの支援"))
        self.desk.sees(person.wish)
        self.desk.sees(person.goal)

    # Weeks ---

    def read(self, week: Week) -> None:
        """Open somebody's week among those to read."""
        self.desk.open("/reading/")
        table = self.desk.page.get_by_role("table").first
        table.get_by_role("row").filter(has_text=week.person.name).filter(has_text=week_of(week.monday)).get_by_role(
            "link"
        ).first.click()
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text(week.person.name)
        self.desk.sees(week.summary)

    def acknowledge(self, word: str) -> None:
        """Say of a concern what is being done about it."""
        self.desk.page.get_by_text("確認する", exact=True).first.click()
        self.desk.type("どう対応するか", word)
        self.desk.press("確認する")
        self.desk.told("心配ごとを確認しました")

    def send_back(self, comment: str) -> None:
        """Ask for a change."""
        self.desk.page.get_by_text("差し戻す", exact=True).first.click()
        self.desk.type("直してほしいこと", comment)
        self.desk.press("差し戻す")
        self.desk.told("差し戻しました")

    def accept(self) -> None:
        """Accept the week that is open."""
        self.desk.press("受理する")
        self.desk.told("受理しました")

    def accept_all(self) -> int:
        """Accept what is left to read, one after the other; return how many it were."""
        self.desk.open("/reading/")
        count = 0
        while self.desk.page.get_by_role("link", name="上から順に読む").count():
            self.desk.follow("上から順に読む")
            while self.desk.page.get_by_role("button", name="受理する", exact=True).count():
                self.accept()
                count += 1
            self.desk.open("/reading/")
        return count


def as_csv(rows: list[tuple[str, ...]], encoding: str) -> FilePayload:
    """The list as a CSV file of an older system."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADINGS, *rows])
    return {"name": "名簿.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode(encoding)}


def as_xlsx(rows: list[tuple[str, ...]]) -> FilePayload:
    """The list as a workbook."""
    book, data = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    book.save(data)
    return {"name": "名簿.xlsx", "mimeType": XLSX, "buffer": data.getvalue()}

"""The spreadsheet and the PDF say what the figures say, name nobody, and lose no character unseen."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from sqlalchemy import update

from ayumi.kernel import clock
from ayumi.kernel.db import db
from ayumi.kernel.files import rules as files
from ayumi.kernel.tenancy import Door, Place
from ayumi.municipalities.model import Programme
from ayumi.reports import queries, rules
from tests.reports.hand import MARCH, at, hand
from tests.reports.march import Made, a_march
from tests.world import Town, a_town, inside, working
from tests.world import at as in_place

MARK = "乙川原"
WORDS = "𠮷野家の前を髙橋﨑さんと掃除した。\n=1+1 は式ではない。"
NO_FONT_HAS_IT = "\U0002a6d6"


@pytest.fixture(scope="module")
def march(app: Flask) -> Made:
    """A March with words, after a February, and another town's March beside it."""
    a_march(app, "丙見沢")
    made = a_march(app, MARK)
    with inside(app, made.head):
        rules.write_words(MARCH, text=WORDS, edition=None)
    with working(app, made.town):
        rules.compile(MARCH.previous)
        db.session.commit()
        rules.compile(MARCH)
    return made


@pytest.fixture(scope="module")
def book(app: Flask, march: Made) -> Any:
    return load_workbook(io.BytesIO(kept(app, march.town, "xlsx")))


@pytest.fixture(scope="module")
def paper(app: Flask, march: Made) -> PdfReader:
    return PdfReader(io.BytesIO(kept(app, march.town, "pdf")))


def kept(app: Flask, town: Town, kind: str) -> bytes:
    with working(app, town):
        report = queries.current(MARCH)
        assert report
        row, data = files.opened_file(queries.file_of(report.id, kind))
        assert row.firm_id is None
        assert row.subject_id == report.id
        assert row.filename == f"report-2026-03-edition-1.{kind}"
        return data


def row_of(sheet: Worksheet, name: str) -> list[Any]:
    """Return what stands beside a name, the first time it is a row's name."""
    for row in sheet.iter_rows(values_only=True):
        if row[0] == name:
            return [cell for cell in row[1:] if cell is not None]
    raise AssertionError(f"{name} is on no row of {sheet.title}")


def text_of(paper: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in paper.pages))


# The spreadsheet ---


def test_the_summary_stands_beside_the_month_before(book: Any) -> None:
    sheet = book["概要"]
    assert row_of(sheet, "支援している人") == [4, 5, -1]
    assert row_of(sheet, "予定の延べ日数")[0] == 8
    assert row_of(sheet, "出席率")[0] == pytest.approx(0.625)
    assert row_of(sheet, "承認済みの金額")[0] == 7128
    assert row_of(sheet, "支援中")[0] == 3


def test_weeks_menus_and_employers_stand_in_tables(book: Any) -> None:
    weeks, work = book["出席・記録"], book["就労体験・支払い"]
    assert row_of(weeks, "3/2〜3/8") == [5, 3, pytest.approx(0.6), 1, 1]
    assert row_of(weeks, "3/30〜4/5")[:2] == [2, 1]
    assert row_of(weeks, f"{MARK}講座") == [2, 3]
    assert row_of(work, f"{MARK}北の店") == [2, 3, 0, 0]
    assert row_of(work, f"{MARK}南の店") == [1, 1, 1, 2]


def test_it_has_native_charts_of_status_attendance_and_days(book: Any) -> None:
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert charts == {"概要": 1, "出席・記録": 1, "就労体験・支払い": 1, "集計の定義": 0}


def test_it_says_what_was_counted(book: Any) -> None:
    told = {row[1]: row[3] for row in book["集計の定義"].iter_rows(values_only=True) if row[1]}
    assert told["遅れて提出"] == "最初の提出が期限の日より後だった記録。"


def test_the_offices_words_are_text_and_never_a_formula(book: Any) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(cell.value == WORDS for cell in cells)


def test_the_spreadsheet_names_nobody(book: Any, march: Made) -> None:
    said = " ".join(
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )
    assert [name for name in march.people if f"{MARK}{name}" in said] == []


# The PDF ---


def test_the_pdf_says_the_figures_the_words_and_what_it_is(paper: PdfReader, march: Made) -> None:
    said = text_of(paper)
    assert f"令和8年3月分{march.town.name}" in said
    assert "第1版" in said
    assert "集計定義2026-1版（令和8年4月1日から適用）" in said
    assert "𠮷野家の前を髙橋﨑さんと掃除した。" in said
    assert "62.5％" in said
    assert "7,128円" in said
    assert "支援している人4人5△1" in said


def test_the_pdf_is_tagged_titled_and_in_japanese(paper: PdfReader) -> None:
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("ja")
    assert paper.metadata
    assert paper.metadata.title == "就労準備支援事業 月次報告書"


def test_the_pdf_describes_its_charts_in_words(paper: PdfReader) -> None:
    found = [str(each.get_object().get("/Alt", "")) for each in every_element(paper)]
    assert "候補者 1人、支援中 3人、休止中 1人" in found
    assert any(each.startswith("2/23〜3/1 出席1、") for each in found)


def every_element(paper: PdfReader) -> list[Any]:
    """Return all elements of the tree that a screen reader reads."""
    root: Any = paper.trailer["/Root"]
    found: list[Any] = []
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, dict):
            found.append(each)
            kids = each.get("/K", [])
            waiting += [kid for kid in (kids if isinstance(kids, list) else [kids]) if not isinstance(kid, int)]
    return found


def test_no_file_holds_anything_of_another_town(app: Flask, march: Made, paper: PdfReader, book: Any) -> None:
    said = " ".join(str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row)
    assert MARK in said
    for canary in ("丙見沢", "試験"):
        assert canary not in said
        assert canary not in text_of(paper)


def test_a_character_no_font_has_is_substituted_and_told(app: Flask) -> None:
    with hand(app) as town:
        town.person("青木", created=at(2026, 1, 1))
    with inside(app, town.head):
        rules.write_words(MARCH, text=f"珍しい字{NO_FONT_HAS_IT}の店", edition=None)
    with working(app, town.town):
        made = rules.compile(MARCH)
        assert made.substituted == NO_FONT_HAS_IT
    said = text_of(PdfReader(io.BytesIO(kept(app, town.town, "pdf"))))
    assert "珍しい字〓の店" in said
    assert "フォントにない文字は「〓」で表しています。" in said
    with working(app, town.town):
        report = queries.current(MARCH)
        assert report
        assert report.office_words == f"珍しい字{NO_FONT_HAS_IT}の店"


def test_a_month_that_is_not_over_says_so_on_paper(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    town = a_town(app)
    monkeypatch.setattr(clock, "now", lambda: at(2026, 3, 10))
    with working(app, town):
        rules.compile(MARCH)
    said = text_of(PdfReader(io.BytesIO(kept(app, town, "pdf"))))
    assert "この月はまだ終わっていません。" in said
    book = load_workbook(io.BytesIO(kept(app, town, "xlsx")))
    assert any("まだ終わっていません" in str(row[0]) for row in book["概要"].iter_rows(values_only=True))


def test_a_town_without_the_readiness_programme_calls_it_otherwise(app: Flask) -> None:
    town = a_town(app)
    with in_place(app, Place(Door.OWNER, tenant_id=town.tenant_id)):
        db.session.execute(update(Programme).values(runs_programme=False))
    with working(app, town):
        rules.compile(MARCH)
    assert "就労支援月次報告書" in text_of(PdfReader(io.BytesIO(kept(app, town, "pdf"))))

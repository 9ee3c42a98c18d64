"""Workbooks: what is written is there, as values, and prints well."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from ayumi.papers.sheet_charts import Shape
from ayumi.papers.sheets_in import read_table
from ayumi.papers.sheets_out import Book, Cell, Column, Look, TextTooLong, letters_wide

MADE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COLUMNS = [Column("事業所"), Column("日数", Look.DAYS), Column("金額", Look.YEN), Column("率", Look.RATE)]
ROWS: list[list[Cell]] = [["喫茶あゆみ", 12, 25_920, 0.5], ["=HYPERLINK(1)", 3, 6_480, None]]


def report() -> bytes:
    book = Book("就労準備支援 月次報告 & 集計", created=MADE)
    sheet = book.sheet("11月/集計")
    sheet.title("月次報告")
    table = sheet.table(COLUMNS, ROWS, total=["合計", 15, 32_400, None])
    sheet.chart(Shape.BAR, "体験日数", table=table, names="事業所", series=["日数"], description="事業所ごとの日数")
    sheet.chart(Shape.LINE, "推移", table=table, names="事業所", series=["日数"], description="折れ線")
    sheet.chart(Shape.STACKED, "内訳", table=table, names="事業所", series=["日数", "金額"], description="積上げ")
    return book.finish()


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def one_cell(value: Cell, look: Look = Look.TEXT) -> bytes:
    book = Book("t", created=MADE)
    book.sheet("s").table([Column("h", look)], [[value]])
    return book.finish()


def test_values_and_their_formats_are_there() -> None:
    sheet = opened(report()).worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["喫茶あゆみ", 12, 25_920, 0.5]
    assert [cell.number_format for cell in sheet[3]] == ["@", '#,##0"日"', '#,##0"円"', "0.0%"]
    assert [cell.value for cell in sheet[5]] == ["合計", 15, 32_400, None]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    for start in ("", "=", "+", "-", "@", "http://", "{="):
        cell = opened(one_cell(start + text)).worksheets[0]["A2"]
        assert (cell.value or "") == start + text
        assert cell.data_type in ("s", "n", "inlineStr")
        assert cell.hyperlink is None


def test_the_file_holds_no_formula_element_outside_its_charts() -> None:
    assert "<f>" not in part(report(), "xl/worksheets/sheet1.xml")


def test_editing_a_dangerous_text_keeps_it_text() -> None:
    assert opened(one_cell("=1+1")).worksheets[0]["A2"].quotePrefix


def test_dates_are_dates_and_times_are_those_of_japan() -> None:
    assert opened(one_cell(date(2026, 4, 1), Look.DATE)).worksheets[0]["A2"].value == datetime(2026, 4, 1)
    moment = opened(one_cell(datetime(2026, 3, 31, 15, 30, tzinfo=UTC), Look.MOMENT)).worksheets[0]["A2"].value
    assert moment == datetime(2026, 4, 1, 0, 30)


def test_numbers_of_every_kind_are_numbers() -> None:
    assert opened(one_cell(Decimal("2.5"), Look.COUNT)).worksheets[0]["A2"].value == 2.5
    assert opened(one_cell(True)).worksheets[0]["A2"].value is True


def test_a_table_written_is_a_table_read() -> None:
    book = Book("名簿", created=MADE)
    book.sheet("名簿").table([Column("氏名"), Column("番号")], [["𠮷田", "00123"], ["=1", "7"]])
    table = read_table(book.finish(), "a.xlsx")
    assert table.header == ["氏名", "番号"]
    assert [row.cells for row in table.rows] == [["𠮷田", "00123"], ["=1", "7"]]


def test_a_list_keeps_its_headings_in_sight_and_on_each_page_and_can_be_filtered() -> None:
    book = Book("名簿", created=MADE)
    sheet = book.sheet("名簿")
    sheet.title("名簿")
    sheet.table(COLUMNS, ROWS, total=["合計", 15, 32_400, None])
    read = opened(book.finish()).worksheets[0]
    assert (read.print_title_rows, read.freeze_panes, read.auto_filter.ref) == ("$2:$2", "A3", "A2:D4")


def test_a_report_of_tables_and_charts_repeats_no_heading_over_another() -> None:
    sheet = opened(report()).worksheets[0]
    assert (sheet.print_title_rows, sheet.freeze_panes) == (None, None)


def test_it_prints_on_a4_with_its_name_and_page_number() -> None:
    sheet = opened(report()).worksheets[0]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    footer = part(report(), "xl/worksheets/sheet1.xml").replace("&amp;", "&")
    assert "月次報告 && 集計" in footer
    assert "&P / &N" in footer


def test_it_names_no_author() -> None:
    properties = opened(report()).properties
    assert properties.title == "就労準備支援 月次報告 & 集計"
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.created == datetime(2026, 11, 23, 10, 0)


def test_its_letters_are_japanese() -> None:
    assert opened(report()).worksheets[0]["A3"].font.name == "BIZ UDPゴシック"


def test_charts_are_native_and_drawn_from_the_table() -> None:
    charts = [part(report(), f"xl/charts/chart{n}.xml") for n in (1, 2, 3)]
    assert [re.search("<c:(barChart|lineChart)>", chart)[1] for chart in charts if chart] == [  # type: ignore[index]
        "barChart",
        "lineChart",
        "barChart",
    ]
    assert "'11月・集計'!$B$3:$B$4" in charts[0]
    assert '<c:grouping val="stacked"/>' in charts[2]
    assert 'descr="事業所ごとの日数"' in part(report(), "xl/drawings/drawing1.xml")


def test_a_chart_of_an_empty_table_is_left_out() -> None:
    book = Book("t", created=MADE)
    sheet = book.sheet("s")
    empty = sheet.table(COLUMNS, [])
    sheet.chart(Shape.BAR, "日数", table=empty, names="事業所", series=["日数"], description="なし")
    assert "xl/charts/chart1.xml" not in zipfile.ZipFile(io.BytesIO(book.finish())).namelist()


def test_names_of_sheets_are_made_to_fit() -> None:
    book = Book("t", created=MADE)
    names = [book.sheet(name).name for name in ("a/b", "A/B", "", "長" * 40, "長" * 40)]
    assert names == ["a・b", "A・B（2）", "シート", "長" * 31, "長" * 27 + "（2）"]
    assert opened(book.finish()).sheetnames == names


def test_a_text_too_long_for_a_cell_is_not_cut_in_silence() -> None:
    with pytest.raises(TextTooLong, match="row 2, column 1: 32768"):
        one_cell("長" * 32_768)


def test_a_row_of_another_length_than_the_headings_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        Book("t", created=MADE).sheet("s").table(COLUMNS, [["a"]])


def test_columns_are_as_wide_as_what_they_hold() -> None:
    sheet = opened(one_cell("就労準備支援事業")).worksheets[0]
    assert 16 < sheet.column_dimensions["A"].width < 22
    assert letters_wide("就労abｱ") == 7


def test_kanji_outside_the_first_plane_survive() -> None:
    assert opened(one_cell("𠮷葛\U000e0100")).worksheets[0]["A2"].value == "𠮷葛\U000e0100"

"""Tables as municipalities really hand them in: from Excel, from old systems, damaged, or meant to harm."""

import io
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock_time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.papers import errors
from ayumi.papers.sheets_in import Row, Table, column_letters, read_table

CELLS = [["氏名", "ケース番号", "人数"], ["髙﨑 花子", "00123", "3"], ["山田", "", "1"]]


def as_csv(rows: list[list[str]], encoding: str = "utf-8", mark: str = ",", end: str = "\r\n") -> bytes:
    return "".join(mark.join(row) + end for row in rows).encode(encoding)


def as_workbook(*rows: list[object], **other_sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for name, content in other_sheets.items():
        other = book.create_sheet(name)
        for row in content:
            other.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_sheet_xml(rows: str) -> bytes:
    """A workbook whose only sheet is written by hand."""
    plain, held = io.BytesIO(as_workbook(["x"])), io.BytesIO()
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return held.getvalue()


EXPECTED = Table(CELLS[0], [Row(2, CELLS[1]), Row(3, CELLS[2])])


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
    @pytest.mark.parametrize("mark", [",", "\t"])
    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
    def test_every_usual_file_reads_the_same(self, encoding: str, mark: str, end: str) -> None:
        assert read_table(as_csv(CELLS, encoding, mark, end), "list.csv") == EXPECTED

    def test_a_name_that_says_otherwise_is_told(self) -> None:
        with pytest.raises(errors.WrongName):
            read_table(as_csv(CELLS), "list.xlsx")
        assert read_table(as_csv(CELLS), "list.TXT") == EXPECTED

    def test_quotes_hold_commas_breaks_and_quotes(self) -> None:
        table = read_table('名,備考\r\n"山田, 花子","一行目\n二行目 ""強調"""\r\n佐藤,無\r\n'.encode(), "a.csv")
        assert table.rows == [Row(2, ["山田, 花子", '一行目\n二行目 "強調"']), Row(3, ["佐藤", "無"])]

    def test_numbers_of_rows_are_those_that_excel_shows(self) -> None:
        table = read_table(b"\r\na,b\r\n\r\n1,2\r\n,\r\n3,4\r\n", "a.csv")
        assert [row.number for row in table.rows] == [4, 6]

    def test_a_defused_cell_is_read_as_it_was(self) -> None:
        assert read_table("a,b\r\n'=1+1,'山田\r\n".encode(), "a.csv").rows == [Row(2, ["=1+1", "'山田"])]

    def test_short_rows_are_filled_up(self) -> None:
        assert read_table(b"a,b,c\n1\n", "a.csv").rows == [Row(2, ["1", "", ""])]

    def test_an_end_of_file_mark_of_old_systems_is_dropped(self) -> None:
        assert read_table("名\r\n山田\r\n\x1a".encode("cp932"), "a.csv").rows == [Row(2, ["山田"])]

    def test_a_quote_that_never_closes_names_its_row(self) -> None:
        with pytest.raises(errors.DamagedSheet) as refusal:
            read_table(b'a,b\r\n1,2\r\n"3,4\r\n5,6\r\n', "a.csv")
        assert refusal.value.params["row"] == 3

    def test_unreadable_characters_are_not_guessed(self) -> None:
        with pytest.raises(errors.UnknownEncoding):
            read_table(b"name\r\n\x81\xff\xfd\r\n", "a.csv")


class TestWorkbook:
    def test_it_reads_like_the_csv(self) -> None:
        data = as_workbook(["氏名", "ケース番号", "人数"], ["髙﨑 花子", "00123", 3.0], ["山田", None, 1])
        assert read_table(data, "list.xlsx") == EXPECTED

    def test_cells_become_the_text_that_was_meant(self) -> None:
        meant: dict[str, object] = {
            "3": 3.0,
            "0.3": 0.1 + 0.2,
            "1234567890123": 1234567890123,
            "0.0000001": 1e-7,
            "-5": -5,
            "2026-04-01": date(2026, 4, 1),
            "2026-04-01 09:30": datetime(2026, 4, 1, 9, 30),
            "09:30": clock_time(9, 30),
            "TRUE": True,
            "0012": "0012",
            "𠮷田": "𠮷田",
        }
        table = read_table(as_workbook([f"h{n}" for n in range(len(meant))], [*meant.values()]), "a.xlsx")
        assert table.rows[0].cells == list(meant)

    def test_numbers_of_rows_are_those_that_excel_shows(self) -> None:
        data = as_workbook([], [None, "a"], [], [None, 1], [], [None, 2])
        table = read_table(data, "a.xlsx")
        assert table.header == ["", "a"]
        assert table.rows == [Row(4, ["", "1"]), Row(6, ["", "2"])]

    def test_the_first_visible_sheet_is_read(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(["hidden"], ["x"], 名簿=[["shown"], ["y"]])))
        book.worksheets[0].sheet_state = "hidden"
        held = io.BytesIO()
        book.save(held)
        assert read_table(held.getvalue(), "a.xlsx") == Table(["shown"], [Row(2, ["y"])])

    def test_furigana_inside_a_cell_is_not_read_into_the_name(self) -> None:
        rows = (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>'
            '<row r="2"><c r="A2" t="inlineStr"><is><t>山田</t>'
            '<rPh sb="0" eb="2"><t>ヤマダ</t></rPh></is></c></row>'
        )
        assert read_table(with_sheet_xml(rows), "a.xlsx").rows == [Row(2, ["山田"])]

    def test_cells_without_addresses_are_counted_along(self) -> None:
        rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
        assert read_table(with_sheet_xml(rows), "a.xlsx") == Table(["1", "2"], [Row(2, ["3", ""])])

    def test_a_broken_workbook_is_told_apart_from_a_wrong_kind(self) -> None:
        with pytest.raises(errors.DamagedSheet):
            read_table(with_sheet_xml("<row r='1'><c r='A1'><v>1</v></row>"), "a.xlsx")

    def test_an_old_workbook_asks_to_be_saved_anew(self) -> None:
        with pytest.raises(errors.OldExcel):
            read_table(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500, "a.xls")

    def test_a_locked_workbook_asks_for_its_password_to_go(self) -> None:
        data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
        with pytest.raises(errors.LockedWorkbook):
            read_table(data, "a.xlsx")


class TestRefusals:
    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04 no workbook"])
    def test_another_kind_is_refused(self, data: bytes) -> None:
        with pytest.raises(errors.WrongKind):
            read_table(data, "list.csv")

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(errors.EmptyFile):
            read_table(b"", "list.csv")

    @pytest.mark.parametrize(("data", "name"), [(b"\r\n,\r\n", "list.csv"), (as_workbook([None]), "list.xlsx")])
    def test_a_table_without_any_value_is_refused(self, data: bytes, name: str) -> None:
        with pytest.raises(errors.NoRows):
            read_table(data, name)

    def test_a_large_file_is_refused(self) -> None:
        with pytest.raises(errors.TooLarge):
            read_table(as_csv(CELLS), "list.csv", max_bytes=20)

    def test_the_limit_of_rows_is_kept_exactly(self) -> None:
        data = as_csv([["a"], *[[str(n)] for n in range(5)]])
        assert len(read_table(data, "a.csv", max_rows=5).rows) == 5
        with pytest.raises(errors.TooManyRows):
            read_table(data, "a.csv", max_rows=4)

    def test_two_columns_of_one_name_are_refused(self) -> None:
        with pytest.raises(errors.SameHeadingTwice) as refusal:
            read_table("氏名,かな,氏名 \r\n".encode(), "a.csv")
        assert refusal.value.params["heading"] == "氏名"

    @pytest.mark.parametrize("data", [b"a,b\r\n1,2\r\n3,4,5\r\n", b"a,b,,d\r\n1,2,,4\r\n3,4,5,\r\n"])
    def test_a_value_without_a_heading_is_refused_by_its_place(self, data: bytes) -> None:
        with pytest.raises(errors.NoHeading) as refusal:
            read_table(data, "a.csv")
        assert refusal.value.params == {"filename": "a.csv", "row": 3, "column": "C"}

    @pytest.mark.parametrize(
        ("cell", "error"),
        [
            ('<row r="1048576"><c r="CV1048576"><v>1</v></c></row>', errors.TooManyRows),
            ('<row r="1"><c r="XFD1"><v>1</v></c></row>', errors.TooManyColumns),
            ('<row r="1048576">' + "<c><v>1</v></c>" * 100 + "</row>", errors.TooManyRows),
        ],
    )
    def test_a_single_cell_far_away_does_not_take_all_memory(self, cell: str, error: type[errors.SheetRefused]) -> None:
        with pytest.raises(error):
            read_table(with_sheet_xml(cell), "a.xlsx")

    def test_cells_far_away_that_are_only_formatted_do_no_harm(self) -> None:
        rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
        assert read_table(with_sheet_xml(rows), "a.xlsx") == Table(["1"], [])

    @given(st.data())
    def test_no_damage_to_a_workbook_breaks_the_reader(self, draw: st.DataObject) -> None:
        with zipfile.ZipFile(io.BytesIO(as_workbook(["a", "b"], [1, "x"]))) as source:
            parts = {name: bytearray(source.read(name)) for name in source.namelist()}
        name = draw.draw(st.sampled_from(sorted(parts)))
        for _ in range(draw.draw(st.integers(1, 5))):
            parts[name][draw.draw(st.integers(0, len(parts[name]) - 1))] = draw.draw(st.integers(32, 126))
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as target:
            for each, content in parts.items():
                target.writestr(each, bytes(content))
        try:
            assert isinstance(read_table(held.getvalue(), "a.xlsx"), Table)
        except errors.FileRefused as refusal:
            assert refusal.params["filename"] == "a.xlsx"


class TestSize:
    def test_ten_thousand_rows_are_read_quickly(self) -> None:
        rows: list[list[object]] = [[f"名前{n}", f"{n:06}", date(2026, 4, 1), n, "メモ"] for n in range(10_000)]
        workbook = as_workbook(["a", "b", "c", "d", "e"], *rows)
        table = as_csv([["a", "b"], *[[f"名前{n}", f"{n:06}"] for n in range(10_000)]], "cp932")
        start = time.process_time()
        assert len(read_table(workbook, "a.xlsx").rows) == 10_000
        assert len(read_table(table, "a.csv").rows) == 10_000
        assert time.process_time() - start < 5


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_excel(place: int, letters: str) -> None:
    assert column_letters(place) == letters

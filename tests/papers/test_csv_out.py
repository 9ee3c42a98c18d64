"""CSV that runs nowhere, loses nothing in silence, and comes back as it went."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.papers.csv_out import LostCell, Unmappable, cell_text, csv_out, lost_in_cp932
from ayumi.papers.sheets_in import Row, read_table

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
CP932 = st.sampled_from("亜腕髙﨑①㈱ｱｶﾞアー、=+-@'\",\n \t0Aa")


def tables(letters: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    row = st.lists(st.text(letters, min_size=1, max_size=8).filter(str.strip), min_size=2, max_size=2)
    return st.lists(row, min_size=1, max_size=6)


@given(tables(LETTERS))
def test_what_is_written_in_utf8_is_read_back(rows: list[list[str]]) -> None:
    read = read_table(csv_out([["a", "b"], *rows]), "a.csv")
    assert read.rows == [Row(number, row) for number, row in enumerate(rows, 2)]


@given(tables(CP932))
def test_what_is_written_in_cp932_is_read_back(rows: list[list[str]]) -> None:
    read = read_table(csv_out([["氏名", "b"], *rows], "cp932"), "a.csv")
    assert read.rows == [Row(number, row) for number, row in enumerate(rows, 2)]


@pytest.mark.parametrize("start", list("=+-@＝＋－＠\t\r"))
def test_no_cell_can_run(start: str) -> None:
    assert cell_text(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert cell_text(-5) == "-5"
    assert cell_text("-5") == "'-5"


def test_values_are_written_plainly() -> None:
    row = [None, 1_000_000, Decimal("0.10"), 0.00001, True, date(2026, 4, 1), datetime(2026, 4, 1, 9, 5)]
    assert [cell_text(cell) for cell in row] == [
        "",
        "1000000",
        "0.10",
        "0.00001",
        "TRUE",
        "2026-04-01",
        "2026-04-01 09:05",
    ]


def test_the_file_begins_with_its_mark_and_lines_end_as_windows_wants() -> None:
    assert csv_out([["氏名"], ["山田"]]) == b"\xef\xbb\xbf" + "氏名\r\n山田\r\n".encode()


def test_characters_of_names_that_windows_has_are_kept() -> None:
    assert csv_out([["髙﨑", "〜−—¥"]], "cp932").decode("cp932") == "髙﨑,～－―￥\r\n"


def test_characters_that_windows_lacks_are_named_by_row() -> None:
    with pytest.raises(Unmappable) as refusal:
        csv_out([["氏名", "備考"], ["𠮷田", "よい"], ["葛\U000e0100城", "😊"]], "cp932")
    assert refusal.value.cells == [LostCell(2, 1, "𠮷"), LostCell(3, 1, "\U000e0100"), LostCell(3, 2, "😊")]
    assert refusal.value.params["row"] == 2


def test_a_geta_stands_in_only_when_asked_for() -> None:
    data = csv_out([["𠮷田"]], "cp932", substitute=True)
    assert data.decode("cp932") == "〓田\r\n"
    assert b"?" not in data


def test_in_utf8_nothing_is_lost() -> None:
    assert "𠮷田".encode() in csv_out([["𠮷田"]])


@given(st.text(max_size=20))
def test_a_cell_is_lost_exactly_when_it_cannot_be_encoded(text: str) -> None:
    lost = lost_in_cp932([[text]])
    if not lost:
        assert "?" in text or b"?" not in csv_out([[text]], "cp932")
    else:
        assert set(lost[0].characters) <= set(text)

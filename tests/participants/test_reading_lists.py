"""A list is read by whole columns, and says what its cells say one by one."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.papers.sheets_in import Row, Table
from ayumi.participants.cells import Meanings, RowSchema, Wrong
from ayumi.participants.sheet import Person, Sheet

# Heading: texts that mean something there, and such that are wrong or have to be looked at more closely.
NAMES: Final = (["山田", " 髙橋　", "ヴァン", "O'Brien"], ["", "山\n田", "a" * 61, "名\x00", "123456789018", "\r\n"])
READINGS: Final = (["ﾔﾏﾀﾞ", "はなこ", "ア・ン"], ["山田", "", "ア" * 61, "ﾊﾟ" * 31, "ハナ\tコ"])
DAYS: Final = (
    ["S55.4.1", "1980/4/1", "昭和５５年４月１日", "19800401"],
    ["昭和64年2月1日", "2999/1/1", "1800-01-01", ""],
)
NOTES: Final = (
    ["", "二\n行", "1234567 番"],
    ["受給者番号", "受給者番号 1234567", "1234\n5678 9018", "\r\n", "長" * 2001],
)
COLUMNS: Final = {
    "姓": NAMES,
    "名": NAMES,
    "姓カナ": READINGS,
    "名カナ": READINGS,
    "生年月日": DAYS,
    "ケース番号": (["Ａ－１", "B 2", "1234-567"], ["", "1\n2", "1" * 31, "12015678", "1234-5678-9018"]),
    "電話番号": (["019-000-0000", "", "０９０１２３４５６７８"], ["1234 5678 9018", "受給者番号1234567", "12011236"]),
    "阻害要因": (["", "債務、生活リズム"], ["宇宙人"]),
    "担当": (["", "佐々木"], ["佐" * 201]),
    "備考": NOTES,
}  # fmt: skip


def cells(good: Sequence[str], wrong: Sequence[str], rows: int) -> st.SearchStrategy[list[str]]:
    """A column in which nothing is wrong, or anything may be."""
    some = st.lists(st.sampled_from(good), min_size=rows, max_size=rows)
    return some | st.lists(st.sampled_from([*good, *wrong]), min_size=rows, max_size=rows)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A list of some rows; names stand in two columns, or in one."""
    count = draw(st.integers(1, 6))
    columns = {name: draw(cells(*texts, count)) for name, texts in COLUMNS.items()}
    whole = draw(st.sampled_from([(), ("姓",), ("姓", "名")]))
    if whole:
        columns = {name: column for name, column in columns.items() if name not in whole}
        columns["氏名"] = draw(cells(["山田　花子", " 山田 花子 次郎"], ["山田花子", "", "山田 " + "花" * 61], count))
    rows = [Row(number, list(row)) for number, row in enumerate(zip(*columns.values(), strict=True), 2)]
    return Table(list(columns), rows)


@given(tables())
def test_rows_say_together_what_each_says_alone(table: Table) -> None:
    assert list(Sheet(table).read_all(table.rows)) == [Sheet(table).read(row) for row in table.rows]


def test_a_row_is_read_whoever_stands_beside_it() -> None:
    good = [texts[0] for texts, _wrong in COLUMNS.values()]
    wrong = [*good[:4], "いつか", *good[5:]]
    table = Table(list(COLUMNS), [Row(2, good), Row(3, wrong), Row(4, good)])
    read = list(Sheet(table).read_all(table.rows))
    assert [isinstance(each, Person) for each in read] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("family_name", "姓"),
        ("family_kana", "姓カナ"),
        ("birth_date", "生年月日"),
        ("case_number", "ケース番号"),
        ("phone", "電話番号"),
        ("note", "備考"),
    ],
)
def test_a_column_without_anything_wrong_is_read_at_once(
    name: str, heading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, texts = RowSchema().fields[name], COLUMNS[heading][0]
    one_by_one = {text: Meanings(field)[text] for text in texts if text}
    monkeypatch.setattr(field, "deserialize", None)
    meanings = Meanings(field)
    meanings.learn(texts)
    assert dict(meanings) == one_by_one
    assert not any(isinstance(each, Wrong) for each in meanings.values())

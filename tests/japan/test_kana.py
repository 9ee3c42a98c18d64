"""Names are found by their sound, and a reading is kana or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.japan import kana

NAMES = st.text(
    alphabet=st.sampled_from("あいがぎっゃはばぱゔーアイガッャュョヴヵヷー・ 　ｱｶﾞﾊﾟｰAzÉ山田渡邊髙﨑𠮷葛\U000e0100-ー〜"),
    max_size=20,
)
KANA = st.text(alphabet=st.sampled_from("アイウカガキギサザハバパヤャラワンヴー"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("はっとり じゅんいちろー", "ハツトリジユンイチロ"),
        ("ﾊｯﾄﾘ ｼﾞｭﾝｲﾁﾛｰ", "ハツトリジユンイチロ"),
        ("グエン・ヴァン　アン", "グエンヴアンアン"),
        ("SMITH John", "smithjohn"),
        ("ミツビシユ－エフ", "ミツビシユエフ"),
        ("", ""),
    ],
)
def test_ways_of_typing_a_name_make_one_key(typed: str, key: str) -> None:
    assert kana.search_key(typed) == key


def test_voicing_is_forgiven_at_the_second_level_only() -> None:
    assert kana.search_key("ヤマザキ") != kana.search_key("ヤマサキ")
    assert kana.search_key("ヤマザキ", 2) == kana.search_key("ヤマサキ", 2)
    assert kana.search_key("ﾊﾟﾋﾞ", 2) == "ハヒ"


def test_a_reading_of_another_sound_stays_apart() -> None:
    assert kana.search_key("サイトー") != kana.search_key("サイトウ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡邊", "渡辺"),
        ("髙﨑", "高崎"),
        ("𠮷田", "吉田"),
        ("齋藤", "斉藤"),
        ("葛\U000e0100城", "葛城"),
        ("神\ufa19", "神神"),
    ],
)
def test_forms_of_one_character_are_found_by_each_other(one: str, other: str) -> None:
    assert kana.search_key(one) == kana.search_key(other)


@given(NAMES)
def test_a_key_is_its_own_key(name: str) -> None:
    for level in (1, 2):
        key = kana.search_key(name, level)
        assert kana.search_key(key, level) == key


@given(st.lists(NAMES | st.sampled_from(["", "\0", "ヤマダ\0ハナコ"])))
def test_names_have_the_same_keys_together_as_each_alone(names: list[str]) -> None:
    assert kana.search_keys(names) == [kana.search_key(name) for name in names]


@given(KANA, KANA)
def test_a_prefix_of_a_reading_makes_a_prefix_of_its_key(first: str, rest: str) -> None:
    assert kana.search_key(first + rest).startswith(kana.search_key(first))
    assert kana.search_key(first + rest, 2).startswith(kana.search_key(first, 2))


@given(NAMES)
def test_the_second_level_forgives_all_that_the_first_does(name: str) -> None:
    assert kana.search_key(kana.search_key(name), 2) == kana.search_key(name, 2)


def test_readings_sort_as_in_a_dictionary() -> None:
    readings = ["バンドウ", "ヒラタ", "ハラダ", "パク", "ハンダ", "ァベ", "アオキ"]
    assert sorted(readings, key=kana.sort_key) == [
        "アオキ",
        "ァベ",
        "パク",
        "ハラダ",
        "ハンダ",
        "バンドウ",
        "ヒラタ",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("やまだ はなこ", "ヤマダ　ハナコ"),
        ("ﾔﾏﾀﾞ  ﾊﾅｺ", "ヤマダ　ハナコ"),
        (" ゔぁん ", "ヴァン"),
        ("カ\u3099クタ", "ガクタ"),
        ("ジョー・スミス", "ジョー・スミス"),
    ],
)
def test_a_reading_is_kept_in_full_width_katakana(typed: str, kept: str) -> None:
    assert kana.reading(typed) == kept


@pytest.mark.parametrize("typed", ["山田", "ヤマダ1", "", "　", "Yamada", "ヤマダ、ハナコ"])
def test_a_reading_with_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(kana.NotKana):
        kana.reading(typed)


@given(NAMES)
def test_katakana_stays_katakana(text: str) -> None:
    once = kana.to_katakana(text)
    assert kana.to_katakana(once) == once


@given(KANA)
def test_plain_katakana_is_a_reading(text: str) -> None:
    assert kana.is_kana(text)

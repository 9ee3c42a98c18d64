"""The bundled list of municipalities: complete, right in every check digit, and found the way people look."""

import pytest

from ayumi.demo import places
from ayumi.japan import kana, municipalities
from ayumi.japan.codes import is_local_government_code

SPECIAL_WARDS = 23


def test_there_are_1741_municipalities_and_47_prefectures() -> None:
    found = municipalities.every()
    wards = [each for each in found if each.name.endswith("区")]
    assert (len(found), len(wards), len(municipalities.prefectures())) == (1741, SPECIAL_WARDS, 47)
    assert {each.prefecture for each in wards} == {"東京都"}


def test_every_code_is_there_once_and_its_check_digit_is_right() -> None:
    both = [*municipalities.every(), *municipalities.prefectures()]
    assert len({each.code for each in both}) == 1741 + 47
    assert [each.code for each in both if not is_local_government_code(each.code)] == []


def test_every_reading_is_katakana_and_ends_like_its_name() -> None:
    ends = {"市": ("シ",), "町": ("チョウ", "マチ"), "村": ("ムラ", "ソン"), "区": ("ク",)}
    for each in municipalities.every():
        assert kana.is_kana(each.kana), each
        assert each.kana.endswith(ends[each.name[-1]]), each


@pytest.mark.parametrize(
    ("code", "name", "reading", "prefecture", "slug"),
    [
        ("011002", "札幌市", "サッポロシ", "北海道", "sapporo"),
        ("032018", "盛岡市", "モリオカシ", "岩手県", "morioka"),
        ("131041", "新宿区", "シンジュクク", "東京都", "shinjuku"),
        ("132080", "調布市", "チョウフシ", "東京都", "chofu"),
        ("182079", "鯖江市", "サバエシ", "福井県", "sabae"),
        ("242039", "伊勢市", "イセシ", "三重県", "ise"),
        ("472018", "那覇市", "ナハシ", "沖縄県", "naha"),
    ],
)
def test_known_municipalities_are_as_known(code: str, name: str, reading: str, prefecture: str, slug: str) -> None:
    found = municipalities.by_code(code)
    assert found is not None
    assert (found.name, found.kana, found.prefecture, found.slug) == (name, reading, prefecture, slug)


def test_no_municipality_has_a_code_that_nobody_has() -> None:
    assert municipalities.by_code("011003") is None
    assert municipalities.by_code("010006") is None  # a prefecture is no municipality


def test_the_demonstration_places_agree_with_the_list() -> None:
    found = {each.slug: municipalities.by_code(each.code or "") for each in places.municipalities()}
    told = {each.slug: (each.name_ja, each.kana, each.prefecture_ja) for each in places.municipalities() if each.code}
    agreed = {slug: (each.name, each.kana, each.prefecture) for slug, each in found.items() if each is not None}
    assert (len(found), agreed) == (15, told)


@pytest.mark.parametrize("words", ["府中市", "ふちゅう", "フチュウシ", "府中", "132063", "東京都 ふちゅう"])
def test_a_municipality_is_found_by_code_name_reading_and_prefecture(words: str) -> None:
    assert "132063" in [each.code for each in municipalities.search(words)]


def test_what_fits_exactly_stands_first_and_nothing_finds_nothing() -> None:
    assert municipalities.search("津市")[0].code == "242012"
    assert municipalities.search("") == municipalities.search("   ") == municipalities.search("どこでもない市") == []
    assert len(municipalities.search("市")) == municipalities.MOST_FOUND


def test_every_name_in_addresses_can_be_one() -> None:
    for each in municipalities.every():
        assert each.slug.isascii()
        assert each.slug.isalpha(), each

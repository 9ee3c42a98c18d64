"""Which characters print, asked of the real fonts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.papers.glyphs import Lost, Repertoire, clean, texts_in
from ayumi.papers.press import FONTS

FILES = [Path("node_modules/@expo-google-fonts") / name for name in FONTS]


@pytest.fixture(scope="module")
def fonts() -> Repertoire:
    return Repertoire(FILES)


@pytest.mark.parametrize(
    "letter", ["あ", "ｱ", "髙", "﨑", "𠮷", "①", "〓", "△", "葛\U000e0100", "神\ufe00", "\n", "　"]
)
def test_characters_of_japanese_offices_print(fonts: Repertoire, letter: str) -> None:
    assert fonts.prints(letter)


@pytest.mark.parametrize("letter", ["😊", "𪛖", "葛\U000e010f", "\u0e01"])
def test_characters_in_no_font_do_not(fonts: Repertoire, letter: str) -> None:
    assert not fonts.prints(letter)


def test_plain_and_bold_print_the_same() -> None:
    plain_and_bold = [[Repertoire([file]) for file in FILES[family : family + 2]] for family in (0, 2)]
    for plain, bold in plain_and_bold:
        assert plain._single == bold._single
        assert plain._forms == bold._forms


def test_the_fallback_has_every_form_of_a_kanji_that_the_first_font_has() -> None:
    first, fallback = Repertoire(FILES[:1]), Repertoire(FILES[2:3])
    assert first._forms < fallback._forms


def test_a_lost_character_is_named_with_its_text_and_place(fonts: Repertoire) -> None:
    data = {"lines": [{"person": "ハル"}, {"person": "よい😊日"}], "total": 3}
    assert list(fonts.lost(data)) == [Lost("lines[1].person", "よい😊日", "😊")]


def test_a_geta_stands_for_what_is_lost_and_a_kanji_keeps_its_plain_form(fonts: Repertoire) -> None:
    assert fonts.with_geta("𠮷😊葛\U000e010f葛\U000e0100") == "𠮷〓葛葛\U000e0100"


@given(st.text(max_size=30))
def test_with_geta_everything_prints(text: str) -> None:
    fonts = Repertoire(FILES)
    assert not list(fonts.lost(fonts.with_geta(clean(text))))


def test_what_has_no_ink_is_taken_out() -> None:
    assert clean("山\u200b田\ufeff\x00\r\n花\u3099\tか\u3099 \u202e") == "山田\n花\u3099 が "


def test_kanji_are_never_normalised() -> None:
    assert clean("\ufa19と神\ufe00") == "\ufa19と神\ufe00"


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_texts_are_found_however_deep_they_lie() -> None:
    found = dict(texts_in({"a": [{"b": "x"}, ("y",)], "n": 3, "none": None}))
    assert found == {"a[0].b": "x", "a[1][0]": "y"}

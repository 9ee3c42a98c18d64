"""Input as people type it is understood, and refused in sentences that can be translated."""

from enum import StrEnum

import pytest
from marshmallow import ValidationError

from ayumi.japan import inputs


class Answer(StrEnum):
    """Some words."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Sample(inputs.Input):
    """Some fields."""

    kana = inputs.Kana()
    text = inputs.Text(longest=3, guarded=True)
    number = inputs.Whole(least=1, most=5)


@pytest.mark.parametrize("typed", ["やまだ", "ヤマダ", "ﾔﾏﾀﾞ", "  やまだ "])
def test_a_reading_may_be_typed_in_any_kana(typed: str) -> None:
    assert Sample().load({"kana": typed}) == {"kana": "ヤマダ"}


def test_a_reading_is_not_kanji() -> None:
    with pytest.raises(ValidationError) as refused:
        Sample().load({"kana": "山田"})
    assert refused.value.messages_dict == {"kana": ["Please write this in kana."]}


def test_a_refusal_with_numbers_keeps_its_sentence_and_numbers_apart() -> None:
    with pytest.raises(ValidationError) as refused:
        Sample().load({"text": "abcd", "number": "9"})
    long, outside = refused.value.messages_dict["text"][0], refused.value.messages_dict["number"][0]
    assert (long, long.msgid, long.params) == (
        "Too long: at most 3 characters.",
        "Too long: at most %(most)s characters.",
        {"most": 3},
    )
    assert outside.params == {"least": 1, "most": 5}


def test_one_may_be_chosen_among_some_of_the_words() -> None:
    few = inputs.OneOf((Answer.YES, Answer.NO))
    assert few.deserialize("no") is Answer.NO
    assert inputs.OneOf(Answer).deserialize("later") is Answer.LATER
    with pytest.raises(ValidationError):
        few.deserialize("later")

"""Copies of a part hold their own words, escaped, wherever a mark stood; mark-up stays as it is."""

import pytest
from markupsafe import Markup

from ayumi.web.stencil import Stencil, mark

NAME, STATE = mark("name"), mark("state")
ROW = Stencil(f"<li>{NAME}: {STATE} ({NAME})</li>", (NAME, STATE), {})
WORDS = [
    {NAME: "<b>% {{ }} & 「」", STATE: Markup("<i>支援中</i>")},
    {NAME: "", STATE: "休止"},
    {NAME: "山田", STATE: Markup("")},
]
WRITTEN = [
    "<li>&lt;b&gt;% {{ }} &amp; 「」: <i>支援中</i> (&lt;b&gt;% {{ }} &amp; 「」)</li>",
    "<li>: 休止 ()</li>",
    "<li>山田:  (山田)</li>",
]


@pytest.mark.parametrize("number", range(3))
def test_a_copy_holds_its_own_words(number: int) -> None:
    assert ROW.fill(WORDS[number]) == WRITTEN[number]


@pytest.mark.parametrize("number", range(4))
def test_many_copies_read_as_each_of_them_one_after_the_other(number: int) -> None:
    written = ROW.fill_all(WORDS[:number])
    assert isinstance(written, Markup)
    assert written == "".join(WRITTEN[:number])


def test_copies_of_a_part_that_holds_mark_up_alone_need_no_escaping() -> None:
    assert ROW.fill_all([{NAME: Markup("<i>"), STATE: Markup("<b>")}]) == "<li><i>: <b> (<i>)</li>"

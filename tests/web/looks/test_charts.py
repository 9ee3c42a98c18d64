"""Charts: the figures are in them, nothing sticks out, and a report can set them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ayumi.papers.drawing import wide
from ayumi.web import charts
from ayumi.web.charts import Line, Point, Row

SVG = "{http://www.w3.org/2000/svg}"
LABELS = st.text(alphabet="あ漢ーaW1 <&\"'", min_size=1, max_size=30)
AMOUNTS = st.integers(min_value=0, max_value=10_000_000)


def drawn(chart: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(chart)


def words(chart: Markup) -> list[str]:
    return [node.text or "" for node in drawn(chart).iter(f"{SVG}text")]


def size(chart: Markup) -> tuple[float, float]:
    _x, _y, width, height = drawn(chart).attrib["viewBox"].split()
    return float(width), float(height)


def stays_inside(chart: Markup) -> bool:
    width, height = size(chart)
    boxes = [
        [float(node.attrib[name]) for name in ("x", "y", "width", "height")] for node in drawn(chart).iter(f"{SVG}rect")
    ]
    texts = [text_box(node) for node in drawn(chart).iter(f"{SVG}text")]
    return all(
        x >= 0 and y >= 0 and x + broad <= width + 0.1 and y + high <= height + 0.1 for x, y, broad, high in boxes
    ) and all(left >= -1 and right <= width + 1 and 0 <= y <= height for left, right, y in texts)


def text_box(node: ElementTree.Element) -> tuple[float, float, float]:
    """Left, right and foot of a text, as wide as a reader's browser would set it."""
    x, broad = float(node.attrib["x"]), wide(node.text or "") - 2
    left = x - broad * {"start": 0, "middle": 0.5, "end": 1}[node.attrib["text-anchor"]]
    return left, left + broad, float(node.attrib["y"])


BARS = charts.bar_chart("Days", [Point("北上川ベーカリー", 24), Point("いわて農園", 31)], unit="日")
STACKS = charts.stacked_chart("People", [Row("直営", (18, 6, 0)), Row("委託", (24, 0, 5))], ("支援中", "休止", "定着"))
LINES = charts.line_chart("Rate", ["11/2", "11/9"], [Line("直営", (82, None)), Line("委託", (71, 75))], unit="%")


@pytest.mark.parametrize("chart", [BARS, STACKS, LINES], ids=["bars", "stacks", "lines"])
def test_a_chart_has_a_name_and_obeys_the_policy(chart: Markup) -> None:
    root = drawn(chart)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == root.findtext(f"{SVG}title")
    assert not any("style" in node.attrib or "id" in node.attrib for node in root.iter())
    assert not any(name.startswith("on") for node in root.iter() for name in node.attrib)


def test_bars_say_their_numbers_and_grow_with_them() -> None:
    assert {"24", "31", "いわて農園"} <= set(words(BARS))
    small, great = (float(node.attrib["height"]) for node in drawn(BARS).iter(f"{SVG}rect"))
    assert small / great == pytest.approx(24 / 31, abs=0.01)


def test_stacks_say_their_parts_and_their_total() -> None:
    assert {"18", "6", "24", "5", "29"} <= set(words(STACKS))
    assert "0" not in words(STACKS)


def test_the_legend_stands_in_the_order_of_the_parts() -> None:
    assert [word for word in words(STACKS) if word in ("支援中", "休止", "定着")] == ["支援中", "休止", "定着"]


def test_a_missing_value_is_a_gap_and_no_zero() -> None:
    whole = charts.line_chart("Rate", ["1", "2", "3"], [Line("a", (1, 2, 3))])
    gap = charts.line_chart("Rate", ["1", "2", "3"], [Line("a", (1, None, 3))])
    assert whole.count('stroke-width="2.5"') == 2
    assert gap.count('stroke-width="2.5"') == 0
    assert gap.count("<circle") == 2


def test_lines_differ_in_more_than_colour() -> None:
    assert "stroke-dasharray" in LINES
    assert "<circle" in LINES
    assert LINES.count("<rect") >= 2


@pytest.mark.parametrize(
    "chart",
    [
        charts.bar_chart("Days", [], nothing="まだありません"),
        charts.bar_chart("Days", [Point("a", 0)], nothing="まだありません"),
        charts.stacked_chart("People", [], ("a",), nothing="まだありません"),
        charts.line_chart("Rate", ["1"], [Line("a", (None,))], nothing="まだありません"),
    ],
)
def test_an_empty_chart_says_so(chart: Markup) -> None:
    assert words(chart) == ["まだありません"]


def test_a_long_label_takes_two_rows_and_never_begins_one_with_a_long_vowel() -> None:
    chart = charts.bar_chart("Days", [Point("北上川ベーカリー", 1)] * 6)
    rows = [word for word in words(chart) if re.search("[ぁ-んァ-ー一-龠]", word)]
    assert "".join(rows[:2]).startswith("北上川")
    assert not any(word.startswith("ー") for word in rows)


def test_what_people_typed_cannot_break_out_of_the_picture() -> None:
    chart = charts.bar_chart('<script>"', [Point("<b>&", 1)], desc="<i>")
    assert "<script>" not in chart
    assert drawn(chart).findtext(f"{SVG}desc") == "<i>"


@given(st.lists(st.builds(Point, LABELS, AMOUNTS), max_size=30))
def test_bars_stay_inside_their_frame(points: list[Point]) -> None:
    assert stays_inside(charts.bar_chart("Days", points, unit="日"))


@given(st.lists(st.builds(Row, LABELS, st.lists(AMOUNTS, min_size=3, max_size=3)), max_size=8), LABELS)
def test_stacks_stay_inside_their_frame(rows: list[Row], name: str) -> None:
    assert stays_inside(charts.stacked_chart("People", rows, (name, name, name), unit="人"))


@given(st.lists(st.tuples(LABELS, st.none() | AMOUNTS, st.none() | AMOUNTS), max_size=30))
def test_lines_stay_inside_their_frame(weeks: list[tuple[str, int | None, int | None]]) -> None:
    lines = [Line("直営", [week[1] for week in weeks]), Line("委託", [week[2] for week in weeks])]
    assert stays_inside(charts.line_chart("Rate", [week[0] for week in weeks], lines, unit="%"))


def test_a_report_can_set_a_standalone_chart(tmp_path: Path) -> None:
    chart = charts.bar_chart("Days", [Point("北上川ベーカリー", 24)], standalone=True)
    assert 'font-family="BIZ UDPGothic, Noto Sans JP"' in chart
    assert 'width="420"' in chart
    (tmp_path / "chart.svg").write_text(chart, encoding="utf-8")
    (tmp_path / "report.typ").write_text('#image("chart.svg", alt: "Days")', encoding="utf-8")
    assert typst.compile(tmp_path / "report.typ").startswith(b"%PDF")

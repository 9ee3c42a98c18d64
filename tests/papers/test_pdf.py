"""Documents: what was given can be read in them, by people, by machines and aloud."""

import io
import os
import re
import struct
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from ayumi.papers import pdf
from ayumi.papers.glyphs import Lost
from tests.papers import samples

MADE = datetime(2026, 12, 4, 0, 30, tzinfo=UTC)


def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """All text without blanks: the small gap between kanji and digits is read as one."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in opened(data).pages))


def root_of(data: bytes) -> DictionaryObject:
    root = opened(data).trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    return root


def report(**changes: Any) -> bytes:
    return pdf.render("monthly_report", {**samples.monthly_report(), **changes}, samples.IMAGES)


class TestStatement:
    def test_it_says_who_when_and_how_much(self) -> None:
        text = text_of(pdf.render("statement", samples.statement()))
        for said in (
            "盛岡市福祉事務所",
            "喫茶あゆみ",
            "髙﨑店",
            "御中",
            "51,840円",
            "令和8年12月25日",
            "盛生福第1234号",
            "第1版",
        ):
            assert said in text
        assert "2日、4日、6日" in text
        assert "△2,160円" in text

    def test_names_with_rare_characters_are_printed_and_can_be_searched(self) -> None:
        text = text_of(pdf.render("statement", samples.statement()))
        assert "𠮷さん" in text
        assert "葛\U000e0100さん" in text

    def test_sixty_people_run_over_pages_with_the_headings_and_numbers_on_each(self) -> None:
        reader = opened(pdf.render("statement", samples.statement(60)))
        pages = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
        assert len(pages) == 3
        for number, page in enumerate(pages, 1):
            assert "お名前（呼び名）" in page
            assert f"{number}/3" in page
        assert "支払明細書" in pages[1]
        assert "887,760円" in pages[2]

    def test_without_adjustments_taxes_or_remarks_it_is_still_whole(self) -> None:
        bare = {**samples.statement(1), "adjustments": [], "taxes": [], "tax_note": "", "remarks": []}
        text = text_of(pdf.render("statement", bare))
        assert "前月まで" not in text
        assert "消費税" not in text
        assert "備考" not in text

    def test_a_registration_number_stands_below_the_name(self) -> None:
        data = samples.statement(1)
        data["addressee"]["registration_number"] = "T8700110005901"
        assert "登録番号T8700110005901" in text_of(pdf.render("statement", data))

    def test_a_draft_says_so_on_every_page(self) -> None:
        data = samples.statement(60)
        data["head"]["draft"] = True
        final, draft = opened(pdf.render("statement", samples.statement(60))), opened(pdf.render("statement", data))
        marks = [page.extract_text().count("案") for page in draft.pages]
        assert [marks[n] - page.extract_text().count("案") for n, page in enumerate(final.pages)] == [1, 1, 1]


class TestMonthlyReport:
    def test_figures_stand_with_their_change(self) -> None:
        text = text_of(report())
        for said in ("支援中の人44人41＋3", "体験した人21人24△3", "±0", "2,432,160", "82.4", "―人――"):
            assert said in text

    def test_charts_keep_their_text_as_text(self) -> None:
        page = next(page for page in opened(report()).pages if "支援中の人の推移" in page.extract_text())
        assert "11月" in page.extract_text()

    def test_words_of_the_office_and_the_edition_are_there(self) -> None:
        text = text_of(report())
        assert "居場所プログラムの定員を2人増やしました" in text
        assert "集計定義第2版" in text
        assert "令和8年12月3日9時00分" in text

    def test_it_does_without_words_charts_and_tables(self) -> None:
        text = text_of(report(words=None, charts=[], tables=[], remarks=[]))
        assert "所見" not in text
        assert "支援中の人" in text

    def test_a_raster_image_is_printed_too(self) -> None:
        chart = {"image": "dot", "title": "点", "description": "黒い点"}
        data = pdf.render("monthly_report", {**samples.monthly_report(), "charts": [chart]}, {"dot": png()})
        assert any(page.images for page in opened(data).pages)


class TestEveryDocument:
    @pytest.fixture(params=["statement", "monthly_report"])
    def document(self, request: pytest.FixtureRequest) -> bytes:
        return report() if request.param == "monthly_report" else pdf.render("statement", samples.statement())

    def test_it_is_tagged_and_says_its_language_and_title(self, document: bytes) -> None:
        root = root_of(document)
        assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert "/StructTreeRoot" in root
        assert str(root["/Lang"]) == "ja-JP"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
        assert opened(document).metadata.title.startswith("就労")  # type: ignore[union-attr]

    def test_it_claims_archiving_and_reading_aloud(self, document: bytes) -> None:
        stream = root_of(document)["/Metadata"].get_object()
        assert isinstance(stream, StreamObject)
        metadata = stream.get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata

    def test_its_tables_and_headings_are_structure(self, document: bytes) -> None:
        kinds = structure_of(root_of(document))
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= kinds

    def test_all_its_fonts_are_ours_and_embedded(self, document: bytes) -> None:
        for page in opened(document).pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                below = font.get_object()["/DescendantFonts"][0].get_object()
                assert re.fullmatch(r"/[A-Z]{6}\+(BIZUDPGothic|NotoSansJP)-(Regular|Bold)", below["/BaseFont"])
                assert "/FontFile2" in below["/FontDescriptor"].get_object()

    def test_pages_are_a4(self, document: bytes) -> None:
        box = opened(document).pages[0].mediabox
        assert (round(box.width * 25.4 / 72), round(box.height * 25.4 / 72)) == (210, 297)


def test_charts_are_described_for_those_who_do_not_see_them() -> None:
    assert "6月32人から11月44人へ増えた棒グラフ" in alternatives_in(root_of(report()))


def test_nothing_a_person_typed_is_read_as_a_program() -> None:
    hostile = '#panic("x") *太字* _斜_ $x$ @ref <label> \\ `code` "]" #read("/etc/passwd")'
    data = {**samples.statement(1), "opening": hostile}
    assert re.sub(r"\s", "", hostile) in text_of(pdf.render("statement", data))


def test_a_character_in_no_font_is_named_before_printing() -> None:
    data = {**samples.statement(1), "opening": "よい一日😊でした"}
    with pytest.raises(pdf.Unprintable, match="😊.*よい一日") as refusal:
        pdf.render("statement", data)
    assert refusal.value.lost == [Lost("opening", "よい一日😊でした", "😊")]
    assert pdf.unprintable(data) == refusal.value.lost


def test_a_character_in_no_font_inside_a_chart_is_named_too() -> None:
    chart = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>😊店</text></svg>".encode()
    with pytest.raises(pdf.Unprintable) as refusal:
        pdf.render("monthly_report", samples.monthly_report(), {**samples.IMAGES, "days": chart})
    assert refusal.value.lost == [Lost("days", "😊店", "😊")]


def test_colours_that_would_come_out_black_are_noticed() -> None:
    chart = b"<svg xmlns='http://www.w3.org/2000/svg'><rect fill='var(--blue)'/></svg>"
    with pytest.raises(ValueError, match="CSS variables"):
        pdf.render("monthly_report", samples.monthly_report(), {**samples.IMAGES, "days": chart})


def test_a_geta_is_printed_only_when_asked_for() -> None:
    chart = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 9'><text y='8'>😊店</text></svg>".encode()
    data = {**samples.monthly_report(), "period": "😊月"}
    text = text_of(pdf.render("monthly_report", data, {**samples.IMAGES, "days": chart}, substitute=True, made=MADE))
    assert "〓月" in text
    assert "〓店" in text


def test_the_same_data_at_the_same_moment_make_the_same_file() -> None:
    first = pdf.render("statement", samples.statement(), made=MADE)
    assert first == pdf.render("statement", samples.statement(), made=MADE)
    assert opened(first).metadata.creation_date == MADE  # type: ignore[union-attr]


def test_only_templates_of_the_folder_are_printed() -> None:
    for name in ("nothing", "../house", "House", "statement.typ", ""):
        with pytest.raises(LookupError):
            pdf.render(name, {})


def test_missing_fonts_are_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="BIZUDPGothic_400Regular"):
        pdf.render("statement", samples.statement(), packages=tmp_path)


def test_the_second_document_takes_no_time() -> None:
    pdf.render("statement", samples.statement())
    start = time.process_time()
    pdf.render("statement", samples.statement(60))
    assert time.process_time() - start < 2


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_process_forked_from_one_that_has_printed_prints_too() -> None:
    here = pdf.render("statement", samples.statement(), made=MADE)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pdf.render("statement", samples.statement(), made=MADE))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        there = pipe.read()
    os.waitpid(child, 0)
    assert there == here


def png() -> bytes:
    """One black dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def elements(node: Any) -> list[Any]:
    """Every element of a document's structure, from a node down."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in elements(child)]
    if not isinstance(node, dict):
        return []
    return [node, *(elements(node["/K"]) if "/K" in node else [])]


def structure_of(root: DictionaryObject) -> set[str]:
    return {str(each["/S"]) for each in elements(root["/StructTreeRoot"]) if "/S" in each}


def alternatives_in(root: DictionaryObject) -> set[str]:
    return {str(each["/Alt"]) for each in elements(root["/StructTreeRoot"]) if "/Alt" in each}

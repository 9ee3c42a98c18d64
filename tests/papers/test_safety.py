"""The gate for uploads: content decides, and archives are unpacked before they are believed."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayumi.papers import errors, safety
from ayumi.papers.safety import Kind

WORKBOOK_PARTS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
SOME_MEGABYTES = 10 * safety.MEGABYTE


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return held.getvalue()


def workbook(extra: dict[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return archive(WORKBOOK_PARTS | (extra or {}), method)


class TestSniff:
    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"%PDF-1.7\n...", Kind.PDF),
            (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
            (b"\xff\xd8\xff\xe0....", Kind.JPEG),
            (workbook(), Kind.XLSX),
            ("氏名,かな\r\n山田,やまだ\r\n".encode(), Kind.CSV),
            ("氏名,かな\r\n髙﨑,たかさき\r\n".encode("cp932"), Kind.CSV),
            ("氏名\tかな\r\n".encode("utf-16"), Kind.CSV),
        ],
    )
    def test_content_tells_the_kind(self, data: bytes, kind: Kind) -> None:
        assert safety.sniff(data) is kind

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"GIF89a\x01\x00\x01\x00",
            b"MZ\x90\x00....",
            b"a,b\x00c",
            b" <html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"{\\rtf1 x}",
            archive({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}),
            workbook({"xl/vbaProject.bin": b"macro"}),
            b"PK\x03\x04 broken off",
            bytes.fromhex("d0cf11e0a1b11ae1") + b"old office",
        ],
    )
    def test_everything_else_is_no_kind(self, data: bytes) -> None:
        assert safety.sniff(data) is None

    @given(st.binary(max_size=200))
    def test_no_bytes_break_it(self, data: bytes) -> None:
        assert safety.sniff(data) in {None, *Kind}


class TestUpload:
    def test_an_allowed_file_is_taken_as_what_it_is(self) -> None:
        assert safety.check_upload(b"%PDF-1.7", "scan.PDF", (Kind.PDF, Kind.JPEG), 100) is Kind.PDF

    @pytest.mark.parametrize("name", ["scan.jpg", "scan.pdf.html", "pdf", "scan", "scan.pdf.", ""])
    def test_a_name_that_ends_as_another_kind_does_is_refused(self, name: str) -> None:
        with pytest.raises(errors.WrongName) as refusal:
            safety.check_upload(b"%PDF-1.7", name, (Kind.PDF, Kind.JPEG), 100)
        assert refusal.value.params == {"filename": name, "kind": ".pdf"}

    @pytest.mark.parametrize(
        ("name", "data"), [("a.jpeg", b"\xff\xd8\xff"), ("a.jpg", b"\xff\xd8\xff"), ("a.txt", b"a,b")]
    )
    def test_a_kind_that_has_several_endings_may_have_any(self, name: str, data: bytes) -> None:
        assert safety.check_upload(data, name, tuple(Kind), 100)

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(errors.EmptyFile):
            safety.check_upload(b"", "scan.pdf", (Kind.PDF,), 100)

    def test_a_large_file_is_refused_with_both_sizes(self) -> None:
        with pytest.raises(errors.TooLarge) as refusal:
            safety.check_upload(b"%PDF-" + b"x" * safety.MEGABYTE * 2, "scan.pdf", (Kind.PDF,), safety.MEGABYTE)
        assert refusal.value.params == {"filename": "scan.pdf", "size": "2.0", "limit": "1"}

    def test_a_name_does_not_make_a_kind(self) -> None:
        with pytest.raises(errors.WrongKind) as refusal:
            safety.check_upload(b"MZ program", "scan.pdf", (Kind.PDF, Kind.PNG), 100)
        assert refusal.value.params["allowed"] == ".pdf、.png"

    def test_a_kind_that_was_not_asked_for_is_refused(self) -> None:
        with pytest.raises(errors.WrongKind):
            safety.check_upload(workbook(), "a.xlsx", (Kind.PDF,), SOME_MEGABYTES)

    def test_a_workbook_is_unpacked_on_trial(self) -> None:
        bomb = workbook({"xl/worksheets/sheet1.xml": b"0" * 60 * safety.MEGABYTE})
        with pytest.raises(errors.SwollenArchive):
            safety.check_upload(bomb, "a.xlsx", (Kind.XLSX,), SOME_MEGABYTES)

    def test_a_refusal_speaks(self) -> None:
        with pytest.raises(errors.FileRefused, match="scan.pdf.*is empty"):
            safety.check_upload(b"", "scan.pdf", (Kind.PDF,), 100)


class TestArchive:
    def test_an_honest_archive_passes(self) -> None:
        safety.check_archive(workbook({"xl/sharedStrings.xml": bytes(range(256)) * 4000}), "a.xlsx")
        safety.check_archive(workbook(method=zipfile.ZIP_STORED), "a.xlsx")

    def test_many_entries_are_refused(self) -> None:
        with pytest.raises(errors.SwollenArchive):
            safety.check_archive(archive({f"{n}": b"" for n in range(safety.MAX_ENTRIES + 1)}), "a.xlsx")

    def test_a_sum_beyond_the_limit_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(safety, "MAX_UNPACKED", 3000)
        parts = {f"{n}": bytes(range(256)) * 4 for n in range(3)}
        with pytest.raises(errors.SwollenArchive):
            safety.check_archive(archive(parts), "a.xlsx")

    def test_a_size_that_lies_is_found_by_unpacking(self) -> None:
        honest = workbook({"big": bytes(range(256)) * 4000})
        real, told = struct.pack("<L", 1_024_000), struct.pack("<L", 100)
        assert honest.count(real) == 2
        with pytest.raises(errors.SwollenArchive):
            safety.check_archive(honest.replace(real, told), "a.xlsx")

    def test_an_unusual_packing_is_refused(self) -> None:
        with pytest.raises(errors.SwollenArchive):
            safety.check_archive(workbook(method=zipfile.ZIP_LZMA), "a.xlsx")

    def test_a_locked_entry_is_refused(self) -> None:
        data = bytearray(workbook())
        directory = data.index(b"PK\x01\x02")
        data[directory + 8] |= 1
        with pytest.raises(errors.SwollenArchive):
            safety.check_archive(bytes(data), "a.xlsx")

    @given(st.data())
    def test_no_damage_breaks_it(self, draw: st.DataObject) -> None:
        data = bytearray(workbook({"xl/worksheets/sheet1.xml": b"<row/>" * 50}))
        for _ in range(draw.draw(st.integers(1, 6))):
            data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
        try:
            safety.check_archive(bytes(data), "a.xlsx")
        except errors.SwollenArchive as refusal:
            assert refusal.params == {"filename": "a.xlsx"}

"""The keeper of the catalogues, on a small tree of its own."""

import gettext
from pathlib import Path

import pytest

from infra import catalogues

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    write(tmp_path, "portal/views.py", 'title = _("Weeks")\nhint = pgettext("button", "Send")\n')
    write(tmp_path, "portal/weeks/page.html", "<h1>{{ _('Weeks of %(name)s', name=name) }}</h1>")
    return tmp_path


def write(tree: Path, name: str, text: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")


def translate(tree: Path, package: str, *entries: str) -> None:
    write(tree, f"{package}/{catalogues.HOME}", HEAD + "\n" + "\n\n".join(entries) + "\n")


WEEKS = 'msgid "Weeks"\nmsgstr "週"'
SEND = 'msgctxt "button"\nmsgid "Send"\nmsgstr "送る"'
WEEKS_OF = '#, python-format\nmsgid "Weeks of %(name)s"\nmsgstr "%(name)sさんの週"'


def complaints(capsys: pytest.CaptureFixture[str]) -> list[str]:
    code = catalogues.main(["check"])
    lines = capsys.readouterr().out.splitlines()[:-1]
    assert code == (1 if lines else 0)
    return lines


def test_a_tree_with_all_its_sentences_is_complete(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(tree, "portal", WEEKS, SEND)
    translate(tree, "portal/weeks", WEEKS_OF)
    assert complaints(capsys) == []


def test_a_sentence_without_japanese_is_found_with_its_place(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(tree, "portal", WEEKS, SEND)
    assert complaints(capsys) == ["portal/weeks/page.html:1: no Japanese for 'Weeks of %(name)s'"]


def test_a_context_makes_it_another_sentence(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(tree, "portal", WEEKS, WEEKS_OF, 'msgid "Send"\nmsgstr "送付"')
    assert complaints(capsys) == ["portal/views.py:2: no Japanese for 'Send' (button)"]


def test_one_sentence_must_not_mean_two_things(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(tree, "portal", WEEKS, SEND, WEEKS_OF)
    translate(tree, "tenants", 'msgid "Weeks"\nmsgstr "各週"')
    (line,) = complaints(capsys)
    assert "'Weeks' is said otherwise in portal/translations" in line


@pytest.mark.parametrize("entry", ['msgid "Weeks"\nmsgstr ""', '#, fuzzy\nmsgid "Weeks"\nmsgstr "週"'])
def test_an_empty_or_guessed_sentence_does_not_count(
    tree: Path, capsys: pytest.CaptureFixture[str], entry: str
) -> None:
    translate(tree, "portal", SEND, WEEKS_OF, entry)
    assert any("is empty or only a guess" in line for line in complaints(capsys))


def test_a_blank_that_got_lost_in_japanese_is_found(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(tree, "portal", WEEKS, SEND, 'msgid "Weeks of %(name)s"\nmsgstr "%(who)sさんの週"')
    (line,) = complaints(capsys)
    assert "has other blanks in Japanese" in line


def test_new_sentences_are_added_to_the_nearest_catalogue_and_old_text_keeps_its_shape(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    translate(tree, "portal", WEEKS)
    translate(tree, "portal/weeks")
    before = (tree / "portal" / catalogues.HOME).read_text(encoding="utf-8")
    catalogues.main(["add"])
    catalogues.main(["add"])
    capsys.readouterr()
    after = (tree / "portal" / catalogues.HOME).read_text(encoding="utf-8")
    assert after == before + '\nmsgctxt "button"\nmsgid "Send"\nmsgstr ""\n'
    assert "Weeks of" in (tree / "portal/weeks" / catalogues.HOME).read_text(encoding="utf-8")
    assert len(complaints(capsys)) == 4


def test_a_compiled_catalogue_speaks(tree: Path) -> None:
    translate(tree, "portal", WEEKS)
    catalogues.main(["compile"])
    with (tree / "portal" / catalogues.HOME.with_suffix(".mo")).open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Weeks") == "週"

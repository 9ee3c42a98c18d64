"""What the components write: labelled, described, translated, and nothing the policy refuses."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment

from tests.web.looks.gallery import CATALOGUES, NONCE, PAGES, REPOSITORY

LOOKS = CATALOGUES.parent
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


class Elements(HTMLParser):
    """Every opening tag with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.all if tag in tags]

    def of(self, name: str) -> list[str]:
        return [attrs[name] for _tag, attrs in self.all if name in attrs]


@pytest.fixture(params=[(page, lang) for page in PAGES for lang in ("ja", "en")], ids=lambda it: "-".join(it))
def elements(client: FlaskClient, request: pytest.FixtureRequest) -> Elements:
    page, lang = request.param
    answer = client.get(f"/{page}?lang={lang}")
    assert answer.status_code == 200
    return Elements(answer.text)


def test_a_page_holds_nothing_that_the_policy_refuses(elements: Elements) -> None:
    assert elements.of("style") == []
    assert [name for _tag, attrs in elements.all for name in attrs if re.match(r"on|hx-on", name)] == []
    assert all(script["nonce"] == NONCE and script["src"] for script in elements.named("script"))
    assert elements.named("style") == []


def test_every_name_on_a_page_is_given_once_and_meant_by_somebody(elements: Elements) -> None:
    ids = Counter(elements.of("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    asked = {
        word for kind in ("for", "aria-describedby", "aria-labelledby", "popovertarget") for word in elements.of(kind)
    }
    assert {one for word in asked for one in word.split()} <= set(ids)
    anchors = {link["href"][1:] for link in elements.named("a") if link["href"].startswith("#")}
    assert anchors <= set(ids)


def test_a_page_has_one_heading_and_at_most_one_primary_button(elements: Elements) -> None:
    assert len(elements.named("h1")) == len(elements.named("main")) == 1
    assert len([it for it in elements.of("class") if "button--primary" in it]) <= 1


def test_every_form_that_changes_something_carries_its_token(client: FlaskClient) -> None:
    for page in PAGES:
        found = Elements(client.get(f"/{page}").text)
        forms = [form for form in found.named("form") if form.get("method") == "post"]
        tokens = [it for it in found.named("input") if it.get("name") == "csrf_token" and it["value"] == "a-token"]
        assert len(forms) == len(tokens), page


class TestField:
    @pytest.fixture
    def draw(self, gallery: Flask) -> Any:
        def _draw(lang: str = "ja", /, **field: Any) -> Elements:
            with gallery.test_request_context(f"/?lang={lang}"):
                return Elements(self.text(gallery.jinja_env, **field))

        return _draw

    @staticmethod
    def text(jinja: Environment, **field: Any) -> str:
        source = '{% from "ayumi/web/looks/components/field.html" import field %}{{ field(f) }}'
        return jinja.from_string(source).render(f=field)

    def test_help_and_error_are_both_told_with_the_field(self, draw: Any) -> None:
        (field,) = draw(name="kana", label="かな", help="全角で", errors=["足りません"]).named("input")
        assert field["aria-describedby"] == "field-kana-help field-kana-error"
        assert field["aria-invalid"] == "true"

    def test_a_field_without_help_points_at_nothing(self, draw: Any) -> None:
        (field,) = draw(name="kana", label="かな").named("input")
        assert "aria-describedby" not in field
        assert "aria-invalid" not in field

    def test_what_was_typed_is_kept_and_cannot_break_out(self, draw: Any) -> None:
        (field,) = draw(name="q", label="q", value='"><script>').named("input")
        assert field["value"] == '"><script>'

    def test_a_text_of_several_lines_begins_where_it_began(self, gallery: Flask) -> None:
        with gallery.test_request_context():
            text = self.text(gallery.jinja_env, name="n", label="n", type="textarea", value="\nfirst")
        assert "\n\nfirst</textarea>" in text

    def test_an_era_date_has_four_fields_named_after_it(self, draw: Any) -> None:
        found = draw(name="born", label="生年月日", type="era_date", value="昭和50年13月1日", required=True)
        assert [it["name"] for it in found.named("select", "input")] == [
            "born.era",
            "born.year",
            "born.month",
            "born.day",
        ]
        assert [it["value"] for it in found.named("input")] == ["50", "13", "1"]
        assert [it["value"] for it in found.named("option") if "selected" in it] == ["昭和"]

    def test_a_select_holds_its_choice_though_it_is_a_number(self, draw: Any) -> None:
        options = draw(name="f", label="f", type="select", value=2, choices=[(1, "a"), (2, "b & c")]).named("option")
        assert [it["value"] for it in options if "selected" in it] == ["2"]

    @pytest.mark.parametrize(("kind", "type_"), [("radio", "radio"), ("checkboxes", "checkbox"), ("chips", "checkbox")])
    def test_a_group_checks_what_was_chosen(self, draw: Any, kind: str, type_: str) -> None:
        value = "b" if kind == "radio" else ["b"]
        boxes = draw(name="f", label="f", type=kind, value=value, choices=[("a", "A"), ("b", "B", "hint")]).named(
            "input"
        )
        assert {it["type"] for it in boxes} == {type_}
        assert [it["value"] for it in boxes if "checked" in it] == ["b"]
        assert boxes[0]["id"] == "field-f"

    def test_nothing_chosen_checks_nothing(self, draw: Any) -> None:
        boxes = draw(name="f", label="f", type="radio", value="", choices=[("", "none"), ("b", "B")]).named("input")
        assert not any("checked" in it for it in boxes)

    @pytest.mark.parametrize(("value", "on"), [(True, True), ("1", True), ("", False), ("0", False), (False, False)])
    def test_one_box_is_checked_when_it_holds(self, draw: Any, value: object, on: bool) -> None:
        (box,) = draw(name="f", label="f", type="checkbox", value=value).named("input")
        assert ("checked" in box) is on

    def test_a_locked_field_says_why(self, gallery: Flask) -> None:
        with gallery.test_request_context():
            text = self.text(gallery.jinja_env, name="n", label="番号", readonly="登録した後は変えられません。")
        assert "登録した後は変えられません。" in text
        assert "変更できません" in text
        assert " readonly" in text

    def test_need_is_said_in_words(self, gallery: Flask) -> None:
        with gallery.test_request_context():
            assert "※必須" in self.text(gallery.jinja_env, name="n", label="n", required=True)
            assert "※任意" in self.text(gallery.jinja_env, name="n", label="n")
        with gallery.test_request_context("/?lang=en"):
            assert "(required)" in self.text(gallery.jinja_env, name="n", label="n", required=True)


class TestLayout:
    def test_the_present_page_is_marked_in_both_menus(self, client: FlaskClient) -> None:
        links = [it for it in Elements(client.get("/people").text).named("a") if it.get("aria-current") == "page"]
        assert {it["href"] for it in links} >= {"/people"}
        assert {it["class"] for it in links if it["href"] == "/people"} >= {"navlink", "barlink"}

    def test_the_title_names_the_page_and_the_place(self, client: FlaskClient) -> None:
        assert "<title>支援している人 | 盛岡市 | あゆみ</title>" in client.get("/people").text
        assert "<title>支援している人 | 盛岡市 | Ayumi</title>" in client.get("/people?lang=en").text

    def test_a_place_for_practice_says_so(self, client: FlaskClient) -> None:
        assert "練習用" in client.get("/home?practice=1").text
        assert "練習用" not in client.get("/home").text

    def test_the_other_language_is_offered_in_its_own_words(self, client: FlaskClient) -> None:
        assert 'lang="en" hreflang="en"' in client.get("/people").text
        assert 'lang="ja" hreflang="ja"' in client.get("/people?lang=en").text

    def test_a_flash_is_announced(self, client: FlaskClient) -> None:
        assert 'class="banner banner--good" role="status"' in client.get("/home").text


class TestTable:
    def test_only_the_sorted_column_says_how(self, client: FlaskClient) -> None:
        heads = [it for it in Elements(client.get("/people").text).named("th") if it.get("scope") == "col"]
        assert [it.get("aria-sort") for it in heads].count("ascending") == 1
        assert heads[0]["aria-sort"] == "ascending"

    def test_the_pager_says_which_rows_and_skips_far_pages(self, client: FlaskClient) -> None:
        text = client.get("/people").text
        assert "全1,240件のうち101–150件" in text
        pages = [it["href"] for it in Elements(text).named("a") if it.get("class") == "pager__link"]
        assert pages == ["?page=2", "?page=1", "?page=2", "?page=3", "?page=4", "?page=25", "?page=4"]

    def test_one_page_needs_no_pager(self, client: FlaskClient) -> None:
        text = client.get("/components").text
        assert "全20件のうち1–20件" in text
        assert "pager__link" not in text


def test_no_page_names_a_class_that_the_style_does_not_know() -> None:
    style = "".join(file.read_text(encoding="utf-8") for file in (LOOKS / "static" / "css").glob("*.css"))
    known = set(re.findall(r"\.([a-z][\w-]*)", style))
    unknown = {
        f"{file.relative_to(REPOSITORY)}: {word}"
        for part in ("platform", "tenants", "portal")
        for file in (REPOSITORY / part).rglob("*.html")
        for said in re.findall(r'class="([^"]*)"', JINJA.sub("@", file.read_text(encoding="utf-8")))
        for word in said.split()
        if "@" not in word and word not in known
    }
    assert unknown == set()


def test_every_text_of_the_components_is_in_the_catalogue_and_no_other() -> None:
    with (CATALOGUES / "ja" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        written = {(entry.context, entry.id): entry.string for entry in read_po(file) if entry.id}
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(LOOKS, [("**.html", "jinja2.ext.babel_extract")], options, KEYWORDS)
    asked = {(context, text) for _file, _line, text, _comments, context in found}
    assert asked == set(written)
    assert all(all(said) if isinstance(said, tuple) else said for said in written.values())

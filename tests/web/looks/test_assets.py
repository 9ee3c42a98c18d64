"""Style, scripts and letters: small, kept for ever, and never the wrong edition."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.web import assets

FIRST_VISIT = 150_000


def address(gallery: Flask, name: str) -> str:
    with gallery.test_request_context():
        return assets.asset_url(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ayumi.css", "text/css; charset=utf-8"),
        ("letters.css", "text/css; charset=utf-8"),
        ("htmx.js", "text/javascript; charset=utf-8"),
        ("js/main.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_an_asset_says_its_kind_and_is_kept_for_ever(gallery: Flask, client: FlaskClient, name: str, kind: str) -> None:
    answer = client.get(address(gallery, name))
    assert answer.status_code == 200
    assert answer.content_type == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_browser_that_takes_gzip_gets_the_same_text_smaller(gallery: Flask, client: FlaskClient) -> None:
    plain = client.get(address(gallery, "ayumi.css"))
    packed = client.get(address(gallery, "ayumi.css"), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data


def test_a_page_of_yesterday_gets_the_file_of_today_but_only_for_a_moment(client: FlaskClient) -> None:
    answer = client.get("/assets/0123456789ab/ayumi.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_what_is_no_asset_is_not_found(client: FlaskClient) -> None:
    assert client.get("/assets/0123456789ab/../../assets.py").status_code == 404
    assert client.get("/assets/0123456789ab/css/base.css").status_code == 404


def test_a_template_that_names_an_unknown_asset_is_told(gallery: Flask) -> None:
    with gallery.test_request_context(), pytest.raises(KeyError, match=r"nothing\.css"):
        assets.asset_url("nothing.css")


def test_the_letters_find_their_files_beside_them(gallery: Flask, client: FlaskClient) -> None:
    style_address = address(gallery, "letters.css")
    style = client.get(style_address).text
    files = re.findall(r"url\(\./(files/[^)]+)\)", style)
    assert len(files) > 100
    for file in (files[0], files[-1]):
        answer = client.get(style_address.replace("letters.css", file))
        assert answer.status_code == 200
        assert answer.content_type == "font/woff2"
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


def test_a_first_visit_is_light(gallery: Flask, client: FlaskClient) -> None:
    page = client.get("/people", headers={"Accept-Encoding": "gzip"})
    names = ["ayumi.css", "letters.css", "htmx.js", "icon.svg"]
    names += [f"js/{file.name}" for file in (assets.HERE / "js").glob("*.js")]
    sizes = [len(client.get(address(gallery, name), headers={"Accept-Encoding": "gzip"}).data) for name in names]
    assert len(page.data) + sum(sizes) < FIRST_VISIT


def test_every_part_of_the_style_is_in_the_cascade() -> None:
    assert sorted(assets.CSS_PARTS) == sorted(file.stem for file in (assets.HERE / "css").glob("*.css"))


def test_one_changed_letter_makes_a_new_edition(gallery: Flask) -> None:
    one = assets._shelf({"a.css": assets.Asset("text/css", b"p{}")})
    other = assets._shelf({"a.css": assets.Asset("text/css", b"q{}")})
    assert one.edition != other.edition
    assert one.edition == assets._shelf({"a.css": assets.Asset("text/css", b"p{}")}).edition


def test_without_the_packages_the_start_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match="npm"):
        assets.load(tmp_path)

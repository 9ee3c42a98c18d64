"""Files that are not what they say: each way a file can be handed in takes none of them, and none breaks it."""

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ayumi.consents.model import Consent
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, path
from tests.papers.test_safety import workbook
from tests.world import csrf_of, logged_in

EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&e;</t></si></sst>'
)
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n > 1 else str()};' * 10}'>" for n in range(1, 9))
    + "]><x>&a8;</x>"
)
HUGE_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x7f\xff\xff\xff" * 2 + b"\x08\x06\x00\x00\x00"
REFUSED = {
    "html as pdf": ("scan.pdf", b"<html><script>alert(1)</script></html>"),
    "svg": ("scan.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "svg as png": ("scan.png", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    "program": ("scan.pdf", b"MZ\x90\x00" + b"\x00" * 100),
    "script": ("scan.php", b"<?php system($_GET['c']); ?>"),
    "gif": ("scan.jpg", b"GIF89a\x01\x00\x01\x00;alert(1)//"),
    "empty": ("scan.pdf", b""),
    "archive": ("scan.pdf", b"PK\x03\x04" + b"\x00" * 60),
}
WORKBOOKS = {
    "bomb": workbook({"xl/worksheets/sheet1.xml": b"0" * 60_000_000}),
    "external entity": workbook({"xl/sharedStrings.xml": EXTERNAL.encode()}),
    "a billion laughs": workbook({"xl/sharedStrings.xml": LAUGHS.encode()}),
    "macro": workbook({"xl/vbaProject.bin": b"macro"}),
    "climbing name": workbook({"../../../../etc/evil": b"x"}),
    "html": b"<html><table><tr><td>x</td></tr></table></html>",
    "old office": bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600,
}


@pytest.fixture(scope="module")
def town(app: Flask) -> Populated:
    return populate(app, "書類")


@pytest.fixture
def browser(app: Flask, town: Populated) -> FlaskClient:
    return logged_in(app, town.members["caseworker"])


def attaching(app: Flask, town: Populated) -> str:
    """Return where a scan is handed in, for a consent that has none yet."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.town.tenant_id)) as session:
        session.get_one(Consent, (town.town.tenant_id, town.ids["consent_id"])).file_id = None
    return path(next(rule for rule in BEHIND if rule.endpoint == "console.consents.attach"), town, town)


def hand_in(browser: FlaskClient, address: str, field: str, name: str, data: bytes, **more: str) -> TestResponse:
    fields = {field: (io.BytesIO(data), name), "csrf_token": csrf_of(browser)} | more
    return browser.post(address, data=fields, content_type="multipart/form-data")


@pytest.mark.parametrize("what", REFUSED)
def test_a_scan_that_is_none_is_not_kept(app: Flask, town: Populated, browser: FlaskClient, what: str) -> None:
    name, data = REFUSED[what]
    address = attaching(app, town)
    answer = hand_in(browser, address, "scan", name, data)
    assert answer.status_code in (409, 422)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("what", WORKBOOKS)
def test_a_list_that_is_none_is_refused_at_the_door(town: Populated, browser: FlaskClient, what: str) -> None:
    answer = hand_in(browser, f"/t/{town.town.slug}/people/imports/", "file", "list.xlsx", WORKBOOKS[what])
    assert answer.status_code in (302, 422), what
    if answer.status_code == 302:  # taken in, to be read by the worker, which reports what is wrong
        page = browser.get(answer.headers["Location"]).text
        assert "root:" not in page


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x.pdf", "C:\\x\\..\\y.pdf", "a.pdf.html", "a\x00.pdf", "x" * 4000 + ".pdf"]
)
def test_the_name_of_a_file_decides_nothing(app: Flask, town: Populated, browser: FlaskClient, name: str) -> None:
    address = attaching(app, town)
    answer = hand_in(browser, address, "scan", name, b"%PDF-1.7\n%%EOF")
    assert answer.status_code in (302, 400, 409, 422)


def test_a_polyglot_is_given_out_as_what_it_was_taken_for_and_never_shown_here(
    app: Flask, town: Populated, browser: FlaskClient
) -> None:
    polyglot = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"
    address = attaching(app, town)
    assert hand_in(browser, address, "scan", "scan.html", polyglot).status_code == 422
    assert hand_in(browser, address, "scan", "scan.pdf", polyglot).status_code == 302
    answer = browser.get(f"/t/{town.town.slug}/consents/{town.ids['consent_id']}/scan")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_of_impossible_size_is_only_recognised_never_unfolded(
    app: Flask, town: Populated, browser: FlaskClient
) -> None:
    address = attaching(app, town)
    assert hand_in(browser, address, "scan", "huge.png", HUGE_PNG).status_code in (302, 409, 422)


def test_more_than_a_request_may_hold_is_not_read(town: Populated, browser: FlaskClient) -> None:
    imports = f"/t/{town.town.slug}/people/imports/"
    assert hand_in(browser, imports, "file", "a.csv", b"a" * (26 * 1024 * 1024)).status_code == 413


def test_the_archives_here_are_archives(town: Populated) -> None:
    assert zipfile.is_zipfile(io.BytesIO(WORKBOOKS["external entity"]))

"""Formulas typed into fields: in no file that leaves the product does a cell begin to calculate."""

import csv
import io
import re
import zipfile

import pytest
from flask import Flask

from tests.isolation.learned import addresses, endpoint_of
from tests.isolation.populated import Populated, populate
from tests.isolation.urls import BEHIND, KINDS, methods
from tests.world import logged_in

EVIL = '=HYPERLINK("http://evil.example","x")'
WOULD_RUN = re.compile(r"[=+\-@\t\r＝＋－＠]")
FILES = re.compile(r"(csv|spreadsheet|zip)")


@pytest.fixture(scope="module")
def town(app: Flask) -> Populated:
    return populate(app, EVIL)


def running_cells(data: bytes, kind: str) -> list[str]:
    """Return the cells of a file that a spreadsheet would run."""
    if "csv" in kind:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace")))
        return [cell for row in rows for cell in row if WOULD_RUN.match(cell) and not re.fullmatch(r"-?[\d.,]+", cell)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return [name for name in sheets if b"<f>" in archive.read(name) and b"evil" in archive.read(name)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_of_any_file_calculates(app: Flask, town: Populated, kind: str) -> None:
    browser, seen, wrong = logged_in(app, town.members[kind]), 0, []
    for address in (each for rule in BEHIND if "GET" in methods(rule) for each in addresses(rule, town)):
        answer = browser.get(address)
        if answer.status_code == 200 and FILES.search(str(answer.mimetype)):
            for file in (answer, browser.get(f"{address}?encoding=cp932")):
                seen += 1
                wrong += [(endpoint_of(address), cell) for cell in running_cells(file.data, str(file.mimetype))]
    assert wrong == []
    assert seen or kind in {"contact", "supporter", "employment_support_worker"}

"""What stands in a file that was downloaded: the words of a PDF, the numbers and the tables of a workbook."""

import io
import re

from openpyxl import load_workbook
from pypdf import PdfReader


def pdf_text(data: bytes) -> str:
    """The words of a PDF without the breaks between lines."""
    assert data.startswith(b"%PDF-")
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def numbers_of(data: bytes) -> set[float]:
    """Every number in a workbook."""
    book = load_workbook(io.BytesIO(data), data_only=True)
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return {value for value in cells if isinstance(value, int | float) and not isinstance(value, bool)}


def sheet_of(data: bytes, name: str) -> dict[str, object]:
    """The first two columns of a sheet: what a line is called, and its value."""
    sheet = load_workbook(io.BytesIO(data), data_only=True)[name]
    return {str(row[0].value): row[1].value for row in sheet.iter_rows() if row[0].value is not None and len(row) > 1}

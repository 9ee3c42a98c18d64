"""Tables that people take along: the template of a list, and a list with what is wrong in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, pgettext

from ayumi.kernel import clock
from ayumi.papers.csv_out import csv_out
from ayumi.papers.safety import Kind
from ayumi.papers.sheets_in import Table
from ayumi.papers.sheets_out import Book, Column
from ayumi.participants.sheet import COLUMNS

TYPES = {"csv": f"{Kind.CSV.value}; charset=utf-8", "xlsx": Kind.XLSX.value}


def headings() -> list[str]:
    """The headings of an empty list: those most in use, whatever language the page has."""
    return [column.known[0] for column in COLUMNS]


def template_csv() -> bytes:
    """An empty list as CSV."""
    return csv_out([headings()])


def template_xlsx() -> bytes:
    """An empty list as a workbook, with a second sheet that explains the columns."""
    title = gettext("List of people")
    book = Book(title, created=clock.now())
    book.sheet(title).table([Column(heading, width=16) for heading in headings()], [])
    explained = book.sheet(gettext("Columns"), landscape=True)
    explained.title(gettext("What belongs in each column"))
    explained.table(
        [
            Column(gettext("Column")),
            Column(pgettext("column of a table", "Needed")),
            Column(gettext("What to write")),
            Column(gettext("Example")),
        ],
        [
            (
                column.known[0],
                pgettext("column of a table", "Needed") if column.required else "",
                gettext(column.what),
                column.example,
            )
            for column in COLUMNS
        ],
    )
    return book.finish()


def corrections(table: Table, wrong: Mapping[int, Sequence[Mapping[str, Any]]]) -> bytes:
    """The list as it was handed in, each wrong row with what to put right."""
    book = Book(gettext("List to correct"), created=clock.now())
    columns = [Column(gettext("To put right"), width=50), *(Column(heading) for heading in table.header)]
    rows = ([_sentences(wrong.get(row.number, ())), *row.cells] for row in table.rows)
    book.sheet(gettext("List to correct"), landscape=True).table(columns, rows)
    return book.finish()


def said(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A problem in the reader's language."""
    sentence, values = problem["message"], problem["params"]
    return {**problem, "text": gettext(sentence, **values)}


def _sentences(problems: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{problem['column']}: {said(problem)['text']}" for problem in problems)

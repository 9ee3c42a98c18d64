"""The journal to take away: sentences for people (CSV, XLSX), the chain itself for whoever wants to check it."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask_babel import gettext

from ayumi.audit import about, queries
from ayumi.audit.canonical import canonical, loads, moment
from ayumi.audit.checking import plain
from ayumi.audit.queries import Sift
from ayumi.delivery.journal.lines import Line, lines, reads_whole
from ayumi.kernel import clock
from ayumi.papers.csv_out import csv_out
from ayumi.papers.sheets_out import Book, Column, Look

MOST_LINES = 50_000  # of a table; the chain itself has no end
IN_MEMORY = 8 * 1024 * 1024


def as_csv(sift: Sift) -> bytes:
    """Return the lines asked for as CSV."""
    return csv_out([_headings(), *map(_cells, _lines(sift))])


def as_workbook(sift: Sift) -> bytes:
    """Return the lines asked for as a workbook."""
    book = Book(gettext("Journal"), created=clock.now())
    looks = [Look.COUNT, Look.MOMENT, *[Look.TEXT] * 6]
    columns = [Column(heading, look) for heading, look in zip(_headings(), looks, strict=True)]
    book.sheet(gettext("Journal"), landscape=True).table(columns, [_row(line) for line in _lines(sift)])
    return book.finish()


def as_chain(sift: Sift) -> IO[bytes]:
    """Return the entries asked for as JSON Lines with all that belongs to the chain, ready to be read.

    What an entry says is left out where not all of it is for the reader; its hash can be checked all the same.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (whoever sends it closes it)
    for rows in queries.every(sift):
        owners = about.people_of(rows)
        for row in rows:
            told = reads_whole(row, owners.get(row.subject_id))
            file.write(canonical(_link(row, told)).encode() + b"\n")
    file.seek(0)
    return file


def _link(row: Any, told: bool) -> dict[str, Any]:
    said = {"salt": row.salt, "why": row.why, "changes": loads(row.changes_text) if row.changes_text else None}
    forgotten = moment(row.forgotten_at) if row.forgotten_at else None
    return plain(row) | {"previous": row.previous, "forgotten_at": forgotten} | (said if told else {"salt": None})


def _lines(sift: Sift) -> Iterator[Line]:
    for rows in queries.every(sift):
        yield from lines(rows)


def _headings() -> list[str]:
    return [
        gettext("Number"),
        gettext("When"),
        gettext("Who did it"),
        gettext("What was done"),
        gettext("Person concerned"),
        gettext("On the page"),
        gettext("What was changed"),
        gettext("Reason"),
    ]


def _row(line: Line) -> list[Any]:
    changed = "\n".join(f"{name}: {said}" if said else name for name, said in line.changes)
    return [line.seq, line.at, line.who, line.what, line.person, line.page, changed, line.why]


def _cells(line: Line) -> list[Any]:
    return [line.seq, line.at.astimezone(clock.JAPAN), *_row(line)[2:]]

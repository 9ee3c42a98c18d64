"""A list of people taken over whole: checked row by row in the open, then applied in one transaction or not at all.

The check runs in the worker. It may be killed at any point and begins anew; nothing of it lasts but the progress.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from ayumi.kernel import clock, journal, outbox, states
from ayumi.kernel.db import Rows, add, db, here, one, visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.files import rules as files
from ayumi.kernel.outbox import Promise
from ayumi.kernel.pace import Pace
from ayumi.kernel.words import _
from ayumi.papers.errors import FileRefused
from ayumi.papers.safety import Kind, sniff
from ayumi.papers.sheets_in import Row, Table, read_table
from ayumi.participants import merging
from ayumi.participants.model import IMPORT_TRANSITIONS, ImportStatus, ParticipantImport
from ayumi.participants.sheet import Person, Problem, Sheet, refuse_forbidden_numbers

CHUNK = 2000  # rows that are read at once
MOST_PROBLEMS = 1000
SAME_NUMBER = _("The same case number stands in row %(row)s.")


def upload(*, id: UUID, data: bytes, filename: str) -> ParticipantImport:
    """Take a file to be checked and applied later. A file with forbidden numbers is not even kept."""
    made = db.session.get(ParticipantImport, (here().tenant_id, id))
    if made is not None:
        return made
    table, sheet = _opened(data, filename)
    kept = files.keep(
        data, filename=filename[-200:], content_type=(sniff(data) or Kind.CSV).value, purpose="import", subject_id=id
    )
    row = add(
        ParticipantImport(
            id=id,
            file_id=kept.id,
            membership_id=here().membership_id,
            status=ImportStatus.WAITING,
            rows_total=len(table.rows),
            errors=[],
            columns_left_out=sheet.left_out,
            sees=sorted(here().sees),
            uploaded_at=clock.now(),
        )
    )
    journal.note(row, "uploaded", after=ImportStatus.WAITING.value)
    outbox.promise("participant_import", once=promise_name(id), import_id=id)
    return row


def promise_name(import_id: UUID) -> str:
    """The stable name of an import's later work."""
    return f"participant_import:{import_id}"


def _opened(data: bytes, filename: str) -> tuple[Table, Sheet]:
    try:
        table = read_table(data, filename)
        refuse_forbidden_numbers(table)
        sheet = Sheet(table)
    except Invalid as error:
        raise Invalid(fields={"file": error.sentence}, **error.params) from error
    if not table.rows:
        raise Invalid(fields={"file": _("There are only headings in this file and no rows below them.")})
    return table, sheet


def work(import_id: UUID) -> None:
    """Check all rows and apply them, or write down what is wrong. Done already: nothing."""
    row = one(ParticipantImport, import_id)
    if row.status not in (ImportStatus.WAITING, ImportStatus.CHECKING):
        return
    _show(import_id, 0)
    try:
        stored, data = files.opened_file(row.file_id)
        table = read_table(data, stored.filename)
        sheet = Sheet(table)
        people, problems = _check(sheet, import_id)
    except (FileRefused, FileNotFoundError):
        _finish(import_id, ImportStatus.FAILED)
        return
    known = merging.known(people, row.membership_id)
    problems += merging.problems(people, sheet, known)
    if problems:
        _finish(import_id, ImportStatus.REFUSED, problems=problems)
    else:
        _finish(import_id, ImportStatus.APPLIED, outcome=merging.apply(people, known, row))


def _check(sheet: Sheet, import_id: UUID) -> tuple[list[Person], list[Problem]]:
    people: list[Person] = []
    problems: list[Problem] = []
    rows, first_row, pace = sheet.table.rows, dict[str, int](), Pace()
    for begin in range(0, len(rows), CHUNK):
        some = rows[begin : begin + CHUNK]
        for row, number, found in zip(some, sheet.numbers_of(some), sheet.read_all(some), strict=True):
            problems += _same_number(row, number, sheet, first_row)
            if isinstance(found, Person):
                people.append(found)
            else:
                problems += found
        done = begin + len(some)
        if pace.is_time() or done == len(rows):
            _show(import_id, done)
    return people, problems


def _same_number(row: Row, number: str, sheet: Sheet, first_row: dict[str, int]) -> Sequence[Problem]:
    first = first_row.setdefault(number, row.number)
    if not number or first == row.number:
        return ()
    return (Problem(row.number, sheet.heading("case_number"), SAME_NUMBER, {"row": first}),)


def _show(import_id: UUID, rows_done: int) -> None:
    """Let everybody see how far it is, while the work itself is not yet kept."""
    with visiting(here()) as session:
        session.execute(
            update(ParticipantImport)
            .where(ParticipantImport.id == import_id)
            .values(status=ImportStatus.CHECKING, rows_done=rows_done)
        )


def _finish(
    import_id: UUID,
    status: ImportStatus,
    *,
    problems: Sequence[Problem] = (),
    outcome: merging.Outcome | None = None,
) -> None:
    row = one(ParticipantImport, import_id, lock=True)
    row.errors = [problem.as_json() for problem in sorted(problems, key=lambda each: each.row)[:MOST_PROBLEMS]]
    row.errors_total, row.ended_at = len(problems), clock.now()
    if outcome is not None:
        row.created, row.updated, row.unchanged = outcome.created, outcome.updated, outcome.unchanged
    states.change(row, status, table=IMPORT_TRANSITIONS, action=status.value)


# Looking at imports ---


def every(limit: int = 30) -> Rows:
    """Return the newest imports of the municipality."""
    return db.session.execute(
        select(
            ParticipantImport.id,
            ParticipantImport.status,
            ParticipantImport.rows_total,
            ParticipantImport.created,
            ParticipantImport.updated,
            ParticipantImport.errors_total,
            ParticipantImport.uploaded_at,
            ParticipantImport.membership_id,
        )
        .order_by(ParticipantImport.uploaded_at.desc())
        .limit(limit)
    ).all()


def found(import_id: UUID) -> ParticipantImport:
    """Return an import of this municipality, or raise NotFound."""
    return one(ParticipantImport, import_id)


def gave_up(row: ParticipantImport) -> bool:
    """Tell whether the worker has failed too often to try again."""
    waits = row.status in (ImportStatus.WAITING, ImportStatus.CHECKING)
    query = select(Promise.gave_up_at).where(Promise.dedupe_key == promise_name(row.id))
    return waits and db.session.scalar(query) is not None


def corrected_sheet(row: ParticipantImport) -> tuple[Table, dict[int, list[dict[str, object]]]]:
    """Return the table as it was handed in, and row -> what is wrong there."""
    stored, data = files.opened_file(row.file_id)
    wrong: dict[int, list[dict[str, object]]] = {}
    for problem in row.errors:
        wrong.setdefault(int(problem["row"]), []).append(problem)
    return read_table(data, stored.filename), wrong

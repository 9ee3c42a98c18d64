"""Compile a month's report, ask for it, and write the office's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from ayumi.config import settings
from ayumi.japan.calendar import Month
from ayumi.kernel import clock, editions, ids, journal
from ayumi.kernel.db import add, db, here, tenant
from ayumi.kernel.files import rules as files
from ayumi.kernel.standby import Standby, standby
from ayumi.papers.safety import Kind
from ayumi.reports import definitions, figures, paper, queries, runs, spreadsheet
from ayumi.reports.labels import Step
from ayumi.reports.measures import experience, fees, people, records
from ayumi.reports.model import MonthlyReport, OfficeWords
from ayumi.reports.reading import read
from ayumi.reports.runs import NotBegun, ask
from ayumi.reports.scope import Scope

COUNTED: Final[dict[Step, figures.Counted]] = {
    Step.PEOPLE: people.measures,
    Step.RECORDS: records.measures,
    Step.EXPERIENCE: experience.measures,
    Step.FEES: fees.measures,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of it: the report that counts now, whether it is new, and what its files could not show."""

    report: MonthlyReport
    changed: bool
    substituted: str | None = None


def nobody(_step: Step) -> None:
    """Tell nobody how far it is."""


def compile(month: Month, *, tell: Callable[[Step], None] = nobody) -> Compiled:  # noqa: A001 - said as rules.compile
    """Compile a month's report, all in the present transaction. The same figures and words make no new edition."""
    runs.check(month)
    scope = Scope(tenant(), month, clock.now())
    _one_at_a_time(scope)
    before, words = queries.current(month), queries.words(month)
    attempt = db.session.begin_nested() if before else None  # taken back when nothing has changed since
    report = _begun(scope, before, words.text.strip() if words else "")
    with standby(wait=float(settings().reports_wait)) as source:
        found = _count(scope, report, tell, source)
    if before is not None and attempt is not None:
        if before.content_hash == found:
            attempt.rollback()
            return Compiled(before, changed=False)
        attempt.commit()
    report.content_hash = found
    lost = _make_files(scope, report, tell)
    _put_in_force(report, before)
    return Compiled(report, changed=True, substituted=lost or None)


def _one_at_a_time(scope: Scope) -> None:
    """Hold a month's report until the end of the transaction: a second one at work on it waits."""
    name = f"monthly_report:{scope.tenant_id}:{scope.month}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _begun(scope: Scope, before: MonthlyReport | None, words: str) -> MonthlyReport:
    return add(
        MonthlyReport(
            id=ids.new(),
            month=scope.first,
            edition=before.edition + 1 if before else 1,
            is_current=False,
            cut_off_at=scope.cut_off,
            definition_edition=definitions.CURRENT,
            content_hash="",
            office_words=words or None,
            compiled_at=scope.cut_off,
        )
    )


def _count(scope: Scope, report: MonthlyReport, tell: Callable[[Step], None], source: Standby) -> str:
    """Insert all figures and return the hash over them and over what is said with them."""
    name, lines = report.definition_edition, list[figures.Line]()
    for step, counted in COUNTED.items():
        tell(step)
        lines += figures.put(scope, report.id, counted, name, source)
    return figures.fingerprint(lines, name, scope.is_over, report.office_words)


def _make_files(scope: Scope, report: MonthlyReport, tell: Callable[[Step], None]) -> str:
    """Write the spreadsheet and the PDF into the store; return the characters that could not be printed."""
    with db.session.no_autoflush:  # what is known of the report by now is written once, with its files
        reading, office = read(report), queries.office()
    tell(Step.SPREADSHEET)
    book = spreadsheet.written(reading, office, is_over=scope.is_over)
    tell(Step.PDF)
    printed, lost = paper.printed(reading, office, is_over=scope.is_over)
    papers = [_paper(report, book, Kind.XLSX), _paper(report, printed, Kind.PDF)]
    report.xlsx_file_id, report.pdf_file_id = files.keep_all(papers, purpose="report", subject_id=report.id)
    return lost


def _paper(report: MonthlyReport, data: bytes, kind: Kind) -> files.Paper:
    name = f"report-{report.month:%Y-%m}-edition-{report.edition}{kind.suffix}"
    return files.Paper(data, filename=name, content_type=kind.value)


def _put_in_force(report: MonthlyReport, before: MonthlyReport | None) -> None:
    if before is not None:
        before.is_current = False
        db.session.flush()
    report.is_current = True
    journal.note(report, "compiled", changes={"edition": [before.edition if before else None, report.edition]})


# The office's own words ---


def write_words(month: Month, *, text: str, edition: int | None) -> OfficeWords:
    """Write the office's own words about a month; ``edition``: the one that was looked at, None for none."""
    runs.check(month)
    found = queries.words(month)
    if (found.edition if found else None) != edition:
        raise editions.ChangedMeanwhile
    if found is None:
        found = add(OfficeWords(month=month.first, text=text, written_by=here().membership_id, written_at=clock.now()))
        journal.note(found, "written")
        return found
    if found.text != text:
        found.text, found.written_by, found.written_at = text, here().membership_id, clock.now()
        journal.note(found, "rewritten")
    return found


__all__ = ["Compiled", "NotBegun", "ask", "compile", "write_words"]

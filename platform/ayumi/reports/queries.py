"""Find reports, their figures, and the people behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.kernel.db import Rows, db, tenant
from ayumi.kernel.errors import NotFound
from ayumi.municipalities.model import Municipality, Programme
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant
from ayumi.reports.model import Figure, FigurePerson, MonthlyReport, OfficeWords, Run
from ayumi.reports.runs import FIRST_MONTH
from ayumi.selection.model import Enrolment

PER_PAGE: Final = 50
MONTHS_A_PAGE: Final = 24
FIGURES: Final = select(
    Figure.report_id, Figure.id, Figure.key, Figure.dimension, Figure.label, Figure.value, Figure.unit
).order_by(Figure.position, Figure.dimension)


# Reports ---


def current(month: Month) -> MonthlyReport | None:
    """Return the newest edition of a month's report."""
    return db.session.scalar(select(MonthlyReport).where(MonthlyReport.month == month.first, MonthlyReport.is_current))


def edition(month: Month, number: int) -> MonthlyReport:
    """Return one edition of a month's report, or raise NotFound."""
    found = db.session.scalar(
        select(MonthlyReport).where(MonthlyReport.month == month.first, MonthlyReport.edition == number)
    )
    if found is None:
        raise NotFound
    return found


def editions(month: Month) -> Sequence[MonthlyReport]:
    """Return all editions of a month's report, newest first."""
    query = select(MonthlyReport).where(MonthlyReport.month == month.first)
    return db.session.scalars(query.order_by(MonthlyReport.edition.desc())).all()


def month_before(report: MonthlyReport) -> MonthlyReport | None:
    """Return the report of the month before as it was when this one was compiled: what its changes are against."""
    return db.session.scalar(
        select(MonthlyReport)
        .where(
            MonthlyReport.month == Month.of(report.month).previous.first,
            MonthlyReport.compiled_at <= report.compiled_at,
            MonthlyReport.content_hash != "",
        )
        .order_by(MonthlyReport.edition.desc())
        .limit(1)
    )


def figures(*report_ids: UUID) -> dict[UUID, list[Any]]:
    """Return report -> its figures in their order: rows of ``id key dimension label value unit``."""
    found: dict[UUID, list[Any]] = {id: [] for id in report_ids}
    for each in db.session.execute(FIGURES.where(Figure.report_id.in_(report_ids))):
        found[each.report_id].append(each)
    return found


def words(month: Month) -> OfficeWords | None:
    """Return the office's own words about a month, as they go into the next edition."""
    return db.session.scalar(select(OfficeWords).where(OfficeWords.month == month.first))


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports: the municipality, and whether it runs the readiness programme."""

    name: str
    runs_programme: bool


def office() -> Office:
    """Return who reports."""
    name = select(Municipality.name).where(Municipality.id == tenant()).scalar_subquery()
    return Office(*db.session.execute(select(name, Programme.runs_programme)).one())


# The list of months ---


@dataclass(frozen=True, slots=True)
class MonthState:
    """How far a month's report is."""

    month: Month
    report: Any = None
    run: Any = None


@dataclass(frozen=True, slots=True)
class Months:
    """Some months, newest first, and how many there are in all."""

    rows: list[MonthState]
    total: int


def months(page: int = 1) -> Months:
    """Return a page of the months since support began, each with its current report and its last compilation."""
    newest = Month.of(clock.today())
    total = _months_since(_first_month(newest), newest)
    start = (max(page, 1) - 1) * MONTHS_A_PAGE
    chosen = [newest.plus(-back) for back in range(start, min(start + MONTHS_A_PAGE, total))]
    if not chosen:
        return Months([], total)
    reports = _by_month(select(MonthlyReport).where(MonthlyReport.is_current), MonthlyReport.month, chosen)
    runs = _by_month(_last_runs(), Run.month, chosen)
    return Months([MonthState(each, reports.get(each.first), runs.get(each.first)) for each in chosen], total)


def _first_month(newest: Month) -> Month:
    earliest = [
        db.session.scalar(select(func.min(Enrolment.starts_on))),
        db.session.scalar(select(func.min(MonthlyReport.month))),
    ]
    return max(FIRST_MONTH, min([newest, *(Month.of(each) for each in earliest if each)]))


def _months_since(first: Month, last: Month) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _by_month(query: Select[Any], column: Any, chosen: list[Month]) -> dict[Any, Any]:
    rows = db.session.scalars(query.where(column.between(chosen[-1].first, chosen[0].first)))
    return {row.month: row for row in rows}


def _last_runs() -> Select[Any]:
    return select(Run).ext(distinct_on(Run.month)).order_by(Run.month, Run.asked_at.desc())


def run(run_id: UUID) -> Run:
    """Return one compilation, or raise NotFound."""
    found = db.session.scalar(select(Run).where(Run.id == run_id))
    if found is None:
        raise NotFound
    return found


def last_run(month: Month) -> Run | None:
    """Return the compilation of a month that was asked for last."""
    query = select(Run).where(Run.month == month.first)
    return db.session.scalar(query.order_by(Run.asked_at.desc()).limit(1))


def substituted(report_id: UUID) -> str | None:
    """Return the characters that the files of a report could not show."""
    query = select(Run.substituted).where(Run.report_id == report_id, Run.changed.is_(True))
    return db.session.scalar(query.limit(1))


# The people behind a figure ---


@dataclass(frozen=True, slots=True)
class Behind:
    """Some of the people behind a figure, how many may be named, how many stay unnamed, and what is nobody's."""

    rows: Rows
    named: int
    unnamed: int
    rest: int


def figure(figure_id: UUID) -> tuple[Figure, MonthlyReport]:
    """Return a figure with its report, or raise NotFound."""
    found = db.session.execute(
        select(Figure, MonthlyReport)
        .join(MonthlyReport, MonthlyReport.id == Figure.report_id)
        .where(Figure.id == figure_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def people(figure: Figure, page: int = 1) -> Behind:
    """Return who stands behind a figure. All are counted, but only those are named whom the reader may see."""
    everybody, shares = db.session.execute(
        select(func.count(), func.coalesce(func.sum(FigurePerson.count), 0)).where(FigurePerson.figure_id == figure.id)
    ).one()
    visible = (
        select(FigurePerson.count)
        .join(Participant, Participant.id == FigurePerson.participant_id)
        .where(FigurePerson.figure_id == figure.id, participants.visible())
    )
    named = db.session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    rows = visible.add_columns(
        Participant.id,
        Participant.family_name,
        Participant.given_name,
        Participant.family_kana,
        Participant.given_kana,
        Participant.case_number,
        Participant.is_restricted,
    ).order_by(Participant.kana_key, Participant.id)
    start = (max(page, 1) - 1) * PER_PAGE
    found = db.session.execute(rows.limit(PER_PAGE).offset(start)).all()
    return Behind(found, named, everybody - named, figure.value - shares if figure.unit == "yen" else 0)


def file_of(report_id: UUID, kind: str) -> UUID:
    """Return the file of an edition: its ``xlsx`` or its ``pdf``; raise NotFound when there is none."""
    column = {"xlsx": MonthlyReport.xlsx_file_id, "pdf": MonthlyReport.pdf_file_id}[kind]
    found = db.session.scalar(select(column).where(MonthlyReport.id == report_id))
    if found is None:
        raise NotFound
    return found

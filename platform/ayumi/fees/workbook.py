"""The statement as a workbook, its lines and every day behind them, and a month's statements as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from ayumi.employers.labels import FEE_KINDS, PAYERS, TAX_TREATMENTS
from ayumi.employers.model import FeeKind, Payer, TaxTreatment
from ayumi.fees import spelled
from ayumi.fees.content import Content, SaidLine
from ayumi.fees.labels import STATUSES
from ayumi.fees.month import MonthOverview
from ayumi.japan.calendar import Month
from ayumi.japan.eras import era_month
from ayumi.kernel import clock
from ayumi.kernel.words import _
from ayumi.papers.csv_out import Cell
from ayumi.papers.sheets_out import Book, Column, Look, Sheet


def workbook(content: Content) -> bytes:
    """Return the workbook of a statement."""
    book = Book(spelled.title(content), created=spelled.made(content))
    _lines_sheet(book.sheet(gettext("Statement")), content)
    _days_sheet(book.sheet(gettext("Days of work experience")), content)
    return book.finish()


def rows_of(overview: MonthOverview) -> list[Sequence[Cell]]:
    """Return a month's statements under their headings."""
    rows: list[Sequence[Cell]] = [[gettext(heading) for heading in HEADINGS]]
    return rows + [_row(row) for row in overview.rows if row.statement is not None]


def _lines_sheet(sheet: Sheet, content: Content) -> None:
    statement = content.statement
    sheet.title(spelled.title(content))
    for text in (
        gettext("To: %(name)s", name=statement.employer_name),
        gettext("From: %(name)s", name=spelled.payer_name(content)),
        gettext("Month: %(month)s", month=era_month(statement.month)),
        f"{spelled.number_of(content.statement)}　{gettext(STATUSES[statement.status])}　{spelled.edition(content)}",
        gettext("Fingerprint: %(hash)s", hash=statement.content_hash) if statement.content_hash else "",
    ):
        if text:
            sheet.line(text)
    sheet.gap()
    sheet.table(_line_columns(), [_line_row(line, content) for line in content.lines], total=_total_row(content))
    sheet.gap()
    sheet.table(
        [Column(gettext("Consumption tax")), Column(gettext("Base"), Look.YEN), Column(gettext("Tax"), Look.YEN)],
        [(tax["label"], tax["base"], tax["tax"]) for tax in spelled.taxes(content)]
        or [(gettext(TAX_TREATMENTS[TaxTreatment(statement.tax_treatment)]), statement.net, 0)],
        total=(gettext("Total"), statement.total, statement.tax_included + statement.tax_added),
    )


def _line_columns() -> list[Column]:
    return [
        Column(gettext("Number"), Look.COUNT),
        Column(gettext("Name (nickname)")),
        Column(gettext("Content of the line")),
        Column(gettext("Days of work experience"), width=40),
        Column(gettext("Number of days"), Look.DAYS),
        Column(gettext("Unit price"), Look.YEN),
        Column(gettext("Amount"), Look.YEN),
    ]


def _line_row(line: SaidLine, content: Content) -> tuple[Cell, ...]:
    month = Month.of(content.statement.month)
    what = spelled.why(line) if line.reason else gettext("Work experience")
    days = "、".join(spelled.days(line, month))
    return (line.position, line.nickname, what, days, line.quantity, line.unit_price, line.amount)


def _total_row(content: Content) -> tuple[Cell, ...]:
    return (None, gettext("Total"), None, None, content.quantity, None, content.statement.net)


def _days_sheet(sheet: Sheet, content: Content) -> None:
    rows = [
        (line.position, line.nickname, day.held_on, day.minutes, day.sign, line.unit_price, day.sign * line.unit_price)
        for line in content.lines
        for day in line.days
    ]
    sheet.table(
        [
            Column(gettext("Line"), Look.COUNT),
            Column(gettext("Name (nickname)")),
            Column(gettext("Day"), Look.DATE),
            Column(gettext("Minutes"), Look.COUNT),
            Column(gettext("Number of days"), Look.DAYS),
            Column(gettext("Unit price"), Look.YEN),
            Column(gettext("Amount"), Look.YEN),
        ],
        rows,
        total=(None, gettext("Total"), None, None, content.quantity, None, content.statement.net),
    )


HEADINGS = (
    _("Month"),
    _("Document number"),
    _("Employer"),
    _("Accompanied by"),
    _("Payer"),
    _("Kind of fee"),
    _("Consumption tax"),
    _("Tax rate (percent)"),
    _("Number of days"),
    _("Unit price"),
    _("Sum of lines"),
    _("Tax contained"),
    _("Tax on top"),
    _("Total"),
    _("State"),
    _("Edition"),
    _("Handed in at"),
    _("Approved at"),
    _("Fingerprint"),
)


def _row(row: Any) -> list[Cell]:
    statement = row.statement
    return [
        f"{statement.month:%Y-%m}",
        spelled.number_of(statement),
        row.employer_name,
        row.firm_name or gettext("Own staff"),
        gettext(PAYERS[Payer(statement.payer)]),
        gettext(FEE_KINDS[FeeKind(statement.fee_kind)]),
        gettext(TAX_TREATMENTS[TaxTreatment(statement.tax_treatment)]),
        statement.tax_rate_pct,
        statement.days,
        "・".join(str(price) for price in row.prices),
        statement.net,
        statement.tax_included,
        statement.tax_added,
        statement.total,
        gettext(STATUSES[statement.status]),
        statement.edition,
        _local(statement.submitted_at),
        _local(statement.approved_at),
        statement.content_hash,
    ]


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(clock.JAPAN).replace(tzinfo=None) if at else None

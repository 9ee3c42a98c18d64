"""Statements and months as files to hand out: always in Japanese, always from the same content."""

import re
from dataclasses import dataclass

from flask_babel import force_locale, gettext

from ayumi.config import settings
from ayumi.fees import spelled
from ayumi.fees.content import Content
from ayumi.fees.model import StatementStatus
from ayumi.fees.month import MonthOverview
from ayumi.fees.paper import on_paper
from ayumi.fees.workbook import rows_of, workbook
from ayumi.japan.eras import era_month
from ayumi.papers import pdf
from ayumi.papers.csv_out import Encoding, csv_out

PAPER = "ja"
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
"""Not in the name of a file."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be handed out."""

    name: str
    content_type: str
    data: bytes


def statement_pdf(content: Content) -> Document:
    """Return the statement on paper; what is not approved is marked as a draft on every page."""
    with force_locale(PAPER):
        paper = on_paper(content)
        data = pdf.render("statement", paper, packages=settings().page_packages, made=spelled.made(content))
        return Document(_name(content, "pdf"), "application/pdf", data)


def statement_xlsx(content: Content) -> Document:
    """Return the statement as a workbook: its lines, and every day behind them."""
    with force_locale(PAPER):
        return Document(_name(content, "xlsx"), XLSX, workbook(content))


def month_csv(overview: MonthOverview, encoding: Encoding = "utf-8-sig") -> Document:
    """Return a month's statements, one a row, for the accounts. What Shift_JIS lacks becomes 〓."""
    with force_locale(PAPER):
        name = gettext("Partner fees %(month)s", month=era_month(overview.month.first))
        data = csv_out(rows_of(overview), encoding, substitute=True)
        return Document(f"{name}.csv", "text/csv", data)


def _name(content: Content, ending: str) -> str:
    statement = content.statement
    words = [gettext("Fee statement"), era_month(statement.month), statement.employer_name]
    if statement.number > 1:
        words.append(str(statement.number))
    if statement.status is not StatementStatus.APPROVED:
        words.append(gettext("draft"))
    return f"{FORBIDDEN.sub('・', '_'.join(words))}.{ending}"

"""Words and small things every page about fees uses, on both sides."""

from io import BytesIO
from typing import Any

from flask import request, send_file
from flask.typing import ResponseReturnValue

from ayumi.employers import labels as employer_labels
from ayumi.fees import labels, spelled
from ayumi.fees.content import SaidLine
from ayumi.fees.documents import Document
from ayumi.fees.model import LineStatus, StatementStatus
from ayumi.fees.month import MonthRow
from ayumi.fees.payable import Fate
from ayumi.japan.calendar import Month
from ayumi.kernel import clock
from ayumi.web.formats import yen

FILE_KINDS = ("pdf", "xlsx")


def words() -> dict[str, Any]:
    """Return the labels for templates."""
    return {
        "statuses": labels.STATUSES,
        "status_kinds": labels.STATUS_KINDS,
        "fates": labels.FATES,
        "fate_kinds": labels.FATE_KINDS,
        "return_reasons": labels.RETURN_REASONS,
        "adjustment_reasons": labels.ADJUSTMENT_REASONS,
        "fee_actions": labels.ACTIONS,
        "payers": employer_labels.PAYERS,
        "fee_kinds": employer_labels.FEE_KINDS,
        "taxes": employer_labels.TAX_TREATMENTS,
        "Status": StatementStatus,
        "LineStatus": LineStatus,
        "Fate": Fate,
        "days_of": days_of,
        "prices_of": prices_of,
        "number_of": spelled.number_of,
        "this_month": Month.of(clock.today()),
    }


def month_asked() -> Month:
    """Return the month the address asks for; without one, the month before this one: its fees are due."""
    try:
        return Month.parse(request.values.get("month", ""))
    except ValueError:
        return Month.of(clock.today()).previous


def days_of(line: SaidLine, month: Any) -> str:
    """The days of a line as the paper has them: 3日、5日、9月28日."""
    return "、".join(spelled.days(line, month if isinstance(month, Month) else Month.of(month)))


def prices_of(row: MonthRow) -> str:
    """The unit prices in a row; a second one is worth seeing."""
    return "、".join(yen(price) for price in row.prices)


def hand_out(document: Document) -> ResponseReturnValue:
    """Answer with a file to be saved."""
    file = BytesIO(document.data)
    answer = send_file(file, document.content_type, as_attachment=True, download_name=document.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer

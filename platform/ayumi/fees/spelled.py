"""How a statement is spelled out on paper, in a workbook and in the name of a file."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from ayumi.employers.model import FeeKind, Payer, TaxTreatment
from ayumi.fees.content import Content, SaidDay, SaidLine
from ayumi.fees.labels import ADJUSTMENT_REASONS
from ayumi.fees.model import StatementStatus
from ayumi.japan.calendar import Month
from ayumi.japan.eras import era_month
from ayumi.kernel.db import db, tenant
from ayumi.kernel.words import _
from ayumi.municipalities.model import Municipality
from ayumi.papers.shapes import TaxRow

TITLES = {
    FeeKind.COMMISSION: _("Statement of commission fees for work experience"),
    FeeKind.HONORARIUM: _("Statement of honoraria for work experience"),
}
TAX_LABELS = {
    TaxTreatment.INCLUDED: _("At %(rate)s percent (tax included)"),
    TaxTreatment.ADDED: _("At %(rate)s percent (tax added)"),
}


def number_of(statement: Any) -> str:
    """Return the number a statement is called by: month, number within it, and the end of its identifier."""
    return f"{statement.month:%Y%m}-{statement.number}-{statement.id.hex[-6:]}"


def title(content: Content) -> str:
    """What the paper is called."""
    return str(gettext(TITLES[FeeKind(content.statement.fee_kind)]))


def edition(content: Content) -> str:
    """Which edition it is, and that it is not approved as long as it is not."""
    statement = content.statement
    said = [gettext("Edition %(number)s", number=statement.edition)] if statement.edition else []
    if statement.status is not StatementStatus.APPROVED:
        said.append(gettext("(not approved)"))
    return "".join(said)


def made(content: Content) -> datetime:
    """When it was approved, else when it was compiled."""
    return content.statement.approved_at or content.statement.compiled_at


def municipality() -> str:
    """Name of the municipality."""
    found = db.session.get(Municipality, tenant())
    return found.name if found else ""


def payer_name(content: Content) -> str:
    """Who pays: the municipality, or the firm that is reimbursed."""
    by_firm = content.statement.payer == Payer.FIRM and content.firm_name
    return content.firm_name or "" if by_firm else municipality()


def days(line: SaidLine, month: Month | None = None) -> list[str]:
    """The days of a line, each with its month when that is not the one of the statement."""
    return [_day(each, month) for each in line.days]


def about(line: SaidLine) -> str:
    """What an adjustment adjusts."""
    month = era_month(line.adjusts_month) if line.adjusts_month else ""
    return str(gettext("%(month)s, %(name)s", month=month, name=line.nickname))


def why(line: SaidLine) -> str:
    """Why, which days, and what they come to."""
    return str(
        gettext(
            "%(reason)s: %(days)s (%(count)s days at %(yen)s yen)",
            reason=gettext(ADJUSTMENT_REASONS[line.reason]) if line.reason else "",
            days="、".join(days(line)),
            count=-line.quantity,
            yen=f"{line.unit_price:,}",
        )
    )


def taxes(content: Content) -> list[TaxRow]:
    """Consumption tax by rate; nothing where there is none."""
    statement = content.statement
    label = TAX_LABELS.get(TaxTreatment(statement.tax_treatment))
    if label is None:
        return []
    tax = statement.tax_included + statement.tax_added
    return [{"label": gettext(label, rate=statement.tax_rate_pct), "base": statement.net, "tax": tax}]


def _day(day: SaidDay, month: Month | None) -> str:
    if month is not None and day.held_on in month:
        return str(gettext("day %(day)s", day=day.held_on.day))
    return str(gettext("%(month)s/%(day)s", month=day.held_on.month, day=day.held_on.day))

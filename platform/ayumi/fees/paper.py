"""The statement on paper: data for the template ``statement``."""

from flask_babel import gettext

from ayumi.employers.model import TaxTreatment
from ayumi.fees import spelled
from ayumi.fees.content import Content, SaidLine
from ayumi.fees.model import StatementStatus
from ayumi.japan.calendar import Month
from ayumi.japan.eras import era_month, to_era
from ayumi.kernel import clock
from ayumi.kernel.words import _
from ayumi.papers import shapes

TAX_NOTES = {
    TaxTreatment.INCLUDED: _("The amounts include consumption tax."),
    TaxTreatment.ADDED: _("Consumption tax is added to the amounts, once for the whole statement."),
    TaxTreatment.OUTSIDE_SCOPE: _("Outside the scope of consumption tax."),
    TaxTreatment.EXEMPT: _("Exempt from consumption tax."),
}


def on_paper(content: Content) -> shapes.Statement:
    """Return the words and figures of the paper."""
    statement, month = content.statement, Month.of(content.statement.month)
    return {
        "head": _head(content),
        "addressee": {"name": statement.employer_name, "honorific": "御中"},
        "sender": {"name": spelled.payer_name(content), "lines": [gettext("Work-readiness support")]},
        "opening": _opening(content),
        "period": gettext("%(first)s to %(last)s", first=to_era(month.first), last=to_era(month.last)),
        "payment_on": None,
        "lines": [_paper_line(line, month) for line in content.paying],
        "adjustments": [_paper_adjustment(line) for line in content.adjusting],
        "total_quantity": sum(line.quantity for line in content.paying),
        "unit": gettext("days"),
        "net": statement.net,
        "total": statement.total,
        "taxes": spelled.taxes(content),
        "tax_note": gettext(TAX_NOTES[TaxTreatment(statement.tax_treatment)]),
        "remarks": _remarks(content),
    }


def _head(content: Content) -> shapes.Head:
    statement = content.statement
    frozen = statement.status is StatementStatus.APPROVED
    return {
        "municipality": spelled.municipality(),
        "title": spelled.title(content),
        "document_number": spelled.number_of(content.statement),
        "issued_on": to_era(clock.day_of(spelled.made(content))),
        "edition": spelled.edition(content),
        "fingerprint": _spelled(statement.content_hash) if statement.content_hash else None,
        "draft": not frozen,
    }


def _opening(content: Content) -> str:
    month = era_month(content.statement.month)
    if content.statement.status is StatementStatus.APPROVED:
        return str(
            gettext(
                "For taking people in for work experience in %(month)s the following has been confirmed. "
                "Thank you very much for your help.",
                month=month,
            )
        )
    return str(gettext("This is a draft for %(month)s. It has not been approved and can still change.", month=month))


def _paper_line(line: SaidLine, month: Month) -> shapes.StatementLine:
    return {
        "person": line.nickname,
        "days": spelled.days(line, month),
        "quantity": line.quantity,
        "unit": gettext("days"),
        "unit_price": line.unit_price,
        "amount": line.amount,
    }


def _paper_adjustment(line: SaidLine) -> shapes.Adjustment:
    return {"about": spelled.about(line), "reason": spelled.why(line), "amount": line.amount}


def _remarks(content: Content) -> list[str]:
    said = [gettext("The statement rests on the days that you have confirmed.")]
    if content.statement.total < 0:
        said.append(gettext("The total is negative: please settle it with the office, or it is set off next time."))
    said.append(gettext("If something is not right, please tell the office. It is adjusted in the next statement."))
    return said


def _spelled(seal: str) -> str:
    """The first half of a seal in groups of four, as people read it out."""
    return "-".join(seal[start : start + 4] for start in range(0, 16, 4))

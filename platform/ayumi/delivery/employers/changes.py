"""What the journal knows of a change, in words: which field, what stood there, what stands there now."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext

from ayumi.employers import labels
from ayumi.employers.schemas import AgreementInput, EmployerInput, PriceInput, SiteInput
from ayumi.kernel.words import _
from ayumi.placements.schemas import MeetingInput, PlanInput, TimesInput
from ayumi.web.formats import date_long

SCHEMAS = (EmployerInput, SiteInput, AgreementInput, PriceInput, PlanInput, MeetingInput, TimesInput)
UNSAID = {"firm_id", "site_id", "edition"}
FIELDS: dict[str, str] = {
    name: field.metadata["label"] for schema in SCHEMAS for name, field in schema().fields.items() if name not in UNSAID
} | {"valid_to": _("Valid until"), "minutes": _("Minutes at work")}
WORDS: dict[str, dict[Any, str]] = {
    "offers": dict(labels.OFFERS),
    "fee_kind": dict(labels.FEE_KINDS),
    "payer": dict(labels.PAYERS),
    "tax_treatment": dict(labels.TAX_TREATMENTS),
}
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def value_words(name: str, value: Any) -> str:
    """Return a value as people read it."""
    if value in (None, "", []):
        return str(gettext("nothing"))
    if isinstance(value, list):
        return "、".join(value_words(name, each) for each in value)
    if name in WORDS:
        return str(gettext(WORDS[name].get(value, str(value))))
    text = str(value)
    return date_long(date.fromisoformat(text)) if A_DAY.fullmatch(text) else text

"""What may be entered about an employer, its sites, its agreements and prices."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validate

from ayumi.employers import labels
from ayumi.employers.model import FeeKind, Offer, Payer, TaxTreatment
from ayumi.japan import codes
from ayumi.japan.inputs import Day, Input, Kana, Key, LongText, OneOf, Several, Text, Whole
from ayumi.kernel.words import _

AN_ADDRESS = validate.Email(error=_("This is not an e-mail address. Example: name@example.jp."))


class CorporateNumber(Text):
    """Thirteen digits whose first checks the others; width and dashes do not matter."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        number = unicodedata.normalize("NFKC", typed).replace("-", "").replace(" ", "")
        if not codes.is_corporate_number(number):
            raise ValidationError(_("This is not a corporate number: 13 digits, of which the first checks the others."))
        return number


class EmployerInput(Input):
    """An employer as it introduces itself."""

    constraints = {"uq_employer_tenant_id_name": ("name", _("There is already an employer of this name."))}

    name = Text(required=True, longest=120, metadata={"label": _("Name of the employer")})
    kana = Kana(load_default=None, longest=160, metadata={"label": _("Reading of the employer's name")})
    business = Text(
        load_default=None,
        longest=120,
        metadata={"label": _("Trade"), "help": _("For example: bakery, farm, care home.")},
    )
    offers = Several(
        Offer, load_default=list, metadata={"label": _("What they offer"), "labels": labels.OFFERS, "across": True}
    )
    corporate_number = CorporateNumber(
        load_default=None,
        longest=30,
        metadata={
            "label": _("Corporate number"),
            "help": _("13 digits. Leave it empty for a sole trader."),
            "size": "m",
        },
    )
    contact_name = Text(load_default=None, longest=80, metadata={"label": _("Contact person")})
    contact_email = Text(
        load_default=None,
        longest=254,
        validate=[AN_ADDRESS],
        metadata={
            "label": _("E-mail of the contact person"),
            "type": "email",
            "help": _("The link for confirming days is sent here each month."),
        },
    )
    contact_phone = Text(load_default=None, longest=30, metadata={"label": _("Telephone"), "type": "tel"})
    firm_id = Key(
        load_default=None,
        metadata={
            "label": _("Who works with this employer"),
            "help": _("An employer of one firm is not shown to other firms."),
        },
    )
    note = LongText(load_default=None, metadata={"label": _("Notes on the employer"), "rows": 3})


class EmployerChange(EmployerInput):
    """The same, with the edition somebody saw."""

    edition = Whole(required=True, metadata={"label": "", "type": "hidden"})


class SiteInput(Input):
    """A place where people work."""

    constraints = {
        "uq_employer_site_tenant_id_employer_id_name": ("name", _("This employer already has a site of this name."))
    }

    name = Text(
        required=True, longest=120, metadata={"label": _("Name of the site"), "help": _("For example: the main shop.")}
    )
    address = Text(load_default=None, longest=200, metadata={"label": _("Address")})
    offers = LongText(load_default=None, longest=1000, metadata={"label": _("What people can do there"), "rows": 3})
    capacity = Whole(
        least=1,
        most=999,
        load_default=None,
        metadata={"label": _("How many people at the same time"), "unit": _("people")},
    )
    accepted_on = Day(
        load_default=None,
        metadata={
            "label": _("The floor itself agreed on"),
            "help": _("Management's yes is not yet the yes of those who work there. Nobody starts before it."),
        },
    )


class SiteChange(SiteInput):
    """The same, with the edition somebody saw."""

    edition = Whole(required=True, metadata={"label": "", "type": "hidden"})


class AgreementInput(Input):
    """What is agreed for one fiscal year."""

    starts_on = Day(required=True, metadata={"label": _("Agreed from")})
    ends_on = Day(required=True, metadata={"label": _("Agreed until")})
    fee_kind = OneOf(FeeKind, required=True, metadata={"label": _("Kind of payment"), "labels": labels.FEE_KINDS})
    payer = OneOf(Payer, required=True, metadata={"label": _("Paid by"), "labels": labels.PAYERS})
    tax_treatment = OneOf(
        TaxTreatment, required=True, metadata={"label": _("Consumption tax"), "labels": labels.TAX_TREATMENTS}
    )
    insurance = LongText(
        load_default=None,
        longest=500,
        metadata={
            "label": _("Insurance"),
            "rows": 2,
            "help": _("Which insurance covers the people, against what. Leave it empty when none is agreed."),
        },
    )
    insured_until = Day(load_default=None, metadata={"label": _("Insured until")})
    note = LongText(load_default=None, longest=2000, metadata={"label": _("Notes on the agreement"), "rows": 3})


class NewAgreement(AgreementInput):
    """The first entry names its fiscal year."""

    constraints = {
        "uq_employer_agreement_tenant_id_employer_id_fiscal_year": (
            "fiscal_year",
            _("There is already an agreement for this fiscal year."),
        )
    }

    fiscal_year = Whole(least=2015, most=2100, required=True, metadata={"label": _("Fiscal year"), "type": "select"})


class AgreementChange(AgreementInput):
    """A later entry names the edition somebody saw."""

    edition = Whole(required=True, metadata={"label": "", "type": "hidden"})


class PriceInput(Input):
    """Yen for one person-day, from a date on."""

    yen = Whole(most=100_000, required=True, metadata={"label": _("Yen for one person-day"), "type": "yen"})
    tax_rate_pct = Whole(
        most=100,
        required=True,
        metadata={
            "label": _("Rate of consumption tax"),
            "unit": "%",
            "help": _("The rate in force on that day; 0 where no tax is due."),
        },
    )
    valid_from = Day(required=True, metadata={"label": _("Valid from")})


class Rejection(Input):
    """Why a price is not approved."""

    reason = Text(required=True, longest=300, metadata={"label": _("Why it is not approved")})

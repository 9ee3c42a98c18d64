"""What the municipality agrees with an employer for a fiscal year."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.employers.views import form_page, known
from ayumi.delivery.employers.words import fiscal_label
from ayumi.employers import queries, rules
from ayumi.employers.schemas import AgreementChange, NewAgreement
from ayumi.japan.calendar import fiscal_year, fiscal_year_span
from ayumi.kernel import clock
from ayumi.web.editing import send_edit
from ayumi.web.forms import Choices, Form
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("agreements", __name__)

FIRST_OF_YEAR = {"fiscal_year", "starts_on", "ends_on"}


@pages.route("/employers/<uuid:employer_id>/agreements/new", methods=["GET", "POST"])
@needs("agreements.write")
def new(employer_id: UUID) -> ResponseReturnValue:
    """Enter the agreement of a fiscal year, beginning with what was agreed last."""
    employer, agreed = queries.one(employer_id), queries.agreements(employer_id)
    form = Form(NewAgreement(), beginning(agreed), choices={"fiscal_year": years()})
    back = to("employers.detail", employer_id=employer_id)
    if form.send(rules.agree, employer_id=employer_id, id=form.token):
        flash(gettext("The agreement has been entered. Next: propose the price of a day."), "good")
        return redirect(back)
    return form_page(form, gettext("Enter an agreement"), back, [(back, employer.name)])


@pages.route("/agreements/<uuid:agreement_id>/edit", methods=["GET", "POST"])
@needs("agreements.write")
def edit(agreement_id: UUID) -> ResponseReturnValue:
    """Change an agreement."""
    agreement = queries.agreement(agreement_id)
    employer_id, year = agreement.employer_id, fiscal_label(agreement.fiscal_year)
    form = Form(AgreementChange(), known(agreement, AgreementChange()))
    back = to("employers.detail", employer_id=employer_id)
    if send_edit(form, rules.amend, lambda: queries.agreement(agreement_id).edition, agreement_id=agreement_id):
        flash(gettext("The changes have been saved."), "good")
        return redirect(back)
    lead = gettext("%(year)s. Statements already approved keep what was agreed when they were made.", year=year)
    crumbs = [(back, queries.one(employer_id).name)]
    return form_page(form, gettext("Change the agreement"), back, crumbs, lead=lead)


def beginning(agreed: Any) -> dict[str, Any]:
    """Return what a new agreement begins with: the first year that has none, on last year's terms."""
    taken = {each.fiscal_year for each in agreed}
    this = fiscal_year(clock.today())
    year = this + 1 if this in taken else this
    first, last = fiscal_year_span(year)
    terms = dict(agreed[0]._mapping) if agreed else {}
    return terms | {"fiscal_year": year, "starts_on": first, "ends_on": last, "insured_until": None, "note": None}


def years() -> Choices:
    """Return the fiscal years to choose from."""
    this = fiscal_year(clock.today())
    return [(year, fiscal_label(year)) for year in range(this + 1, this - 2, -1)]

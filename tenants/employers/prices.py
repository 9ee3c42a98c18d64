"""Unit prices: proposed by one person, decided by another; the list with its history."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.delivery.employers.views import form_page
from ayumi.delivery.employers.words import fiscal_label, words
from ayumi.employers import prices, queries
from ayumi.employers.schemas import PriceInput, Rejection
from ayumi.kernel import clock
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from ayumi.web.visit import visit

pages = Blueprint("prices", __name__)
pages.context_processor(words)

USUAL_RATE = 10


@pages.get("/prices/")
@needs("employers.read")
def index() -> ResponseReturnValue:
    """Show which prices wait for whom, and which are in force."""
    return render_template(
        "tenants/employers/prices.html",
        waiting=queries.waiting_prices(),
        in_force=queries.prices_in_force(clock.today()),
        me=visit().membership_id,
    )


@pages.route("/agreements/<uuid:agreement_id>/prices/new", methods=["GET", "POST"])
@needs("prices.propose")
def new(agreement_id: UUID) -> ResponseReturnValue:
    """Propose a price."""
    agreement = queries.agreement(agreement_id)
    employer, year = queries.one(agreement.employer_id), fiscal_label(agreement.fiscal_year)
    taxed = agreement.tax_treatment.value in ("included", "added")
    begins = (
        max(agreement.starts_on, min(clock.today(), agreement.ends_on)) if queries.prices_of(agreement_id) else None
    )
    initial = {"valid_from": begins or agreement.starts_on, "tax_rate_pct": USUAL_RATE if taxed else 0}
    form = Form(PriceInput(), initial)
    back = to("employers.detail", employer_id=employer.id)
    if form.send(prices.propose, agreement_id=agreement_id, id=form.token):
        flash(gettext("The price has been proposed. Somebody else has to approve it before it counts."), "good")
        return redirect(back)
    lead = gettext(
        "%(year)s. It counts from its day to the end of the agreement; the price before it then ends.", year=year
    )
    save = gettext("Propose the price")
    return form_page(form, gettext("Propose a price"), back, [(back, employer.name)], lead=lead, save=save)


@pages.post("/prices/<uuid:price_id>/approve")
@asks_again
@needs("prices.approve")
def approve(price_id: UUID) -> ResponseReturnValue:
    """Approve a price that somebody else has proposed."""
    prices.approve(price_id)
    flash(gettext("The price has been approved."), "good")
    return redirect(to("prices.index"))


@pages.route("/prices/<uuid:price_id>/reject", methods=["GET", "POST"])
@needs("prices.approve")
def reject(price_id: UUID) -> ResponseReturnValue:
    """Turn a price down, with the reason."""
    employer, form = queries.one(queries.price(price_id).employer_id), Form(Rejection())
    if form.send(prices.reject, price_id=price_id):
        flash(gettext("The price has not been approved."), "good")
        return redirect(to("prices.index"))
    crumbs = [(to("employers.detail", employer_id=employer.id), employer.name)]
    title, save = gettext("Do not approve the price"), gettext("Do not approve it")
    return form_page(form, title, to("prices.index"), crumbs, save=save)

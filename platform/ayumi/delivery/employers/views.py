"""Partner employers, as the municipality and the firms that work for it see them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.contracts import queries as contracts
from ayumi.delivery.employers import lists
from ayumi.delivery.employers.words import month_of, words
from ayumi.employers import queries, rules
from ayumi.employers.model import Employer
from ayumi.employers.schemas import EmployerChange, EmployerInput, SiteChange, SiteInput
from ayumi.firms import queries as firms
from ayumi.japan.calendar import Month, fiscal_year
from ayumi.japan.inputs import Input
from ayumi.kernel import clock, journal
from ayumi.placements import amounts, months
from ayumi.placements import queries as placements
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.frame import may
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.visit import visit

pages = Blueprint("employers", __name__, url_prefix="/employers")
pages.context_processor(words)


@pages.get("/")
@needs("employers.read")
def index() -> ResponseReturnValue:
    """List employers with what is agreed and how many days there are this month."""
    return render_template("ayumi/delivery/employers/list.html", **lists.shown())


@pages.get("/<uuid:employer_id>")
@needs("employers.read")
def detail(employer_id: UUID) -> ResponseReturnValue:
    """Show one employer: sites, agreements and prices, who is there, month by month."""
    employer = queries.one(employer_id)
    agreements = queries.agreements(employer_id)
    return render_template(
        "ayumi/delivery/employers/detail.html",
        employer=employer,
        is_ours=is_ours(employer),
        firm_name=firms.names_of({employer.firm_id}).get(employer.firm_id) if employer.firm_id else None,
        sites=queries.sites(employer_id),
        agreements=agreements,
        agreed_now=any(each.fiscal_year == fiscal_year(clock.today()) for each in agreements),
        prices=queries.prices(employer_id),
        placements=placements.of_employer(employer_id) if may("placements.read") else [],
        months=months.by_month(employer_id),
        today=clock.today(),
    )


@pages.route("/new", methods=["GET", "POST"])
@needs("employers.write")
def new() -> ResponseReturnValue:
    """Enter an employer."""
    form = employer_form(EmployerInput, {})
    if made := form.send(rules.register, id=form.token):
        flash(gettext("The employer has been entered. Next: its sites."), "good")
        return redirect(to("employers.detail", employer_id=made.id))
    return form_page(form, gettext("Enter an employer"), to("employers.index"), [])


@pages.route("/<uuid:employer_id>/edit", methods=["GET", "POST"])
@needs("employers.write")
def edit(employer_id: UUID) -> ResponseReturnValue:
    """Change what is known of an employer."""
    employer = queries.one(employer_id)
    form = employer_form(EmployerChange, known(employer, EmployerChange()))
    back = to("employers.detail", employer_id=employer_id)
    if send_edit(form, rules.edit, lambda: queries.one(employer_id).edition, employer_id=employer_id):
        flash(gettext("The changes have been saved."), "good")
        return redirect(back)
    return form_page(form, gettext("Change the employer"), back, [(back, queries.one(employer_id).name)])


@pages.post("/<uuid:employer_id>/welcome")
@needs("employers.write")
def welcome(employer_id: UUID) -> ResponseReturnValue:
    """Make an employer a partner."""
    rules.welcome(employer_id)
    flash(gettext("This employer is a partner now."), "good")
    return redirect(to("employers.detail", employer_id=employer_id))


@pages.post("/<uuid:employer_id>/rest")
@needs("employers.write")
def rest(employer_id: UUID) -> ResponseReturnValue:
    """Let a partner rest."""
    rules.rest(employer_id)
    flash(gettext("This employer is resting now. Nobody new is placed there."), "good")
    return redirect(to("employers.detail", employer_id=employer_id))


@pages.route("/<uuid:employer_id>/sites/new", methods=["GET", "POST"])
@needs("employers.write")
def new_site(employer_id: UUID) -> ResponseReturnValue:
    """Enter a site."""
    employer, form = queries.one(employer_id), Form(SiteInput())
    back = to("employers.detail", employer_id=employer_id)
    if form.send(rules.add_site, employer_id=employer_id, id=form.token):
        flash(gettext("The site has been entered."), "good")
        return redirect(back)
    return form_page(form, gettext("Enter a site"), back, [(back, employer.name)])


@pages.route("/sites/<uuid:site_id>/edit", methods=["GET", "POST"])
@needs("employers.write")
def edit_site(site_id: UUID) -> ResponseReturnValue:
    """Change a site, above all: note that the floor itself has agreed."""
    site = queries.site(site_id)
    employer = queries.one(site.employer_id)
    back, form = to("employers.detail", employer_id=employer.id), Form(SiteChange(), known(site, SiteChange()))
    if send_edit(form, rules.edit_site, lambda: queries.site(site_id).edition, site_id=site_id):
        flash(gettext("The changes have been saved."), "good")
        return redirect(back)
    return form_page(form, gettext("Change the site"), back, [(back, queries.one(employer.id).name)])


@pages.get("/<uuid:employer_id>/months/<month>")
@needs("employers.read")
def month(employer_id: UUID, month: str) -> ResponseReturnValue:
    """Show a month's days at an employer with what it has said of them."""
    asked = month_of(month)
    return render_template("ayumi/delivery/employers/month.html", **month_shown(employer_id, asked))


def month_shown(employer_id: UUID, asked: Month) -> dict[str, Any]:
    """Return what the page of a month shows."""
    employer, days = queries.one(employer_id), months.days_of_month(employer_id, asked)
    return {
        "employer": employer,
        "month": asked,
        "days": days,
        "state": next((row for row in months.month_state(asked, employer_id)), None),
        "said": months.confirmations(employer_id, asked),
        "total": amounts.total(employer_id, asked, days),
        "open_days": [day for day in days if day.status.value == "recorded"],
    }


@pages.get("/<uuid:employer_id>/history")
@needs("employers.read")
def history(employer_id: UUID) -> ResponseReturnValue:
    """Show who changed what about an employer, its sites, agreements and prices."""
    employer = queries.one(employer_id)
    parts = [*queries.sites(employer_id), *queries.agreements(employer_id), *queries.prices(employer_id)]
    entries = journal.history(employer_id, *(part.id for part in parts))
    return render_template(
        "ayumi/delivery/employers/history.html",
        employer=employer,
        entries=entries,
        names=accounts.names_of({entry.membership_id for entry in entries if entry.membership_id}),
    )


def is_ours(employer: Employer) -> bool:
    """Tell whether whoever is here may change this employer."""
    firm_id = visit().belonging.firm_id
    return may("employers.write") and (firm_id is None or firm_id == employer.firm_id)


def employer_form(schema: type[EmployerInput], initial: dict[str, Any]) -> Form:
    """Return the form; a firm is not asked whose the employer is."""
    if visit().belonging.firm_id is not None:
        return Form(schema(exclude=("firm_id",)), initial)
    in_force = [(firm.id, firm.name) for firm in contracts.firms_in_force(clock.today())]
    return Form(schema(), initial, choices={"firm_id": [("", gettext("The municipality and every firm")), *in_force]})


def known(row: Any, schema: Input) -> dict[str, Any]:
    """Return what a form begins with."""
    return {name: getattr(row, name) for name in schema.fields}


def form_page(
    form: Form, title: str, back: str, crumbs: list[tuple[str, str]], *, lead: str = "", save: str = ""
) -> ResponseReturnValue:
    """Return a page with one form."""
    way = [(to("employers.index"), gettext("Partner employers")), *crumbs, ("", title)]
    page = render_template(
        "ayumi/delivery/employers/form.html",
        form=form,
        title=title,
        back=back,
        crumbs=way,
        lead=lead,
        save=save or gettext("Save"),
    )
    return page, form.status

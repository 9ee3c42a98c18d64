"""Firms that work for this municipality, their contracts, and who works here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import queries as accounts
from ayumi.accounts.labels import ROLES
from ayumi.contracts import queries, rules
from ayumi.contracts.labels import ACCESS_KINDS, ACCESSES, FIRM_KINDS
from ayumi.contracts.schemas import ContractChange, NewContract
from ayumi.japan.calendar import fiscal_year, fiscal_year_span
from ayumi.kernel import clock
from ayumi.participants.staff import with_roles
from ayumi.selection import queries as selection
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.guard import FIRM, STAFF
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("firms", __name__, url_prefix="/firms")


@pages.get("/")
@needs("contracts.read")
def index() -> ResponseReturnValue:
    """Show which firms are contracted, until when, and how many people each supports."""
    rows = [(firm, *standing(firm)) for firm in queries.overview(clock.today())]
    return render_template("tenants/firms/list.html", rows=rows, people=selection.people_by_firm(), **words())


@pages.get("/<uuid:firm_id>")
@needs("contracts.read")
def detail(firm_id: UUID) -> ResponseReturnValue:
    """Show one firm with its contracts and its people here."""
    firm, today = queries.firm(firm_id), clock.today()
    access, last = queries.access(firm_id, today)
    return render_template(
        "tenants/firms/detail.html",
        firm=firm,
        access=access,
        last=last,
        today=today,
        contracts=queries.contracts_of(firm_id),
        people=selection.people_by_firm().get(firm_id, 0),
        members=accounts.colleagues(FIRM, firm_id=firm_id),
        **words(),
    )


@pages.get("/staff")
@needs("contracts.read")
def staff() -> ResponseReturnValue:
    """Show who works here: own staff, and the people of firms."""
    members = people_of_firms()
    firms = [(firm, members.get(firm.id, [])) for firm in queries.firms_in_force(clock.today())]
    return render_template("tenants/firms/staff.html", own=accounts.colleagues(STAFF), firms=firms, **words())


@pages.route("/contracts/new", methods=["GET", "POST"])
@needs("contracts.write")
def sign() -> ResponseReturnValue:
    """Write down a contract."""
    known = [(firm.id, firm.name) for firm in queries.known_firms()]
    first, last = fiscal_year_span(fiscal_year(clock.today()))
    choices: dict[str, Any] = {
        "firm_id": [("", gettext("A firm that is new here")), *known],
        "firm_kind": [("", gettext("Please choose")), *((kind.value, word) for kind, word in FIRM_KINDS.items())],
    }
    form = Form(NewContract(), {"starts_on": first, "ends_on": last}, choices=choices)
    if made := form.send(rules.sign, id=form.token):
        flash(gettext("The contract has been entered."), "good")
        return redirect(to("firms.detail", firm_id=made.firm_id))
    return render_template("tenants/firms/sign.html", form=form, has_known=bool(known)), form.status


@pages.route("/contracts/<uuid:contract_id>", methods=["GET", "POST"])
@needs("contracts.write")
def edit(contract_id: UUID) -> ResponseReturnValue:
    """Change a contract's words and dates."""
    contract = queries.one(contract_id)
    form = Form(ContractChange(), {name: getattr(contract, name) for name in (*rules.WORDS, "edition")})
    if send_edit(form, rules.edit, lambda: queries.one(contract_id).edition, contract=contract):
        flash(gettext("The contract has been changed."), "good")
        return redirect(to("firms.detail", firm_id=contract.firm_id))
    firm = queries.firm(contract.firm_id)
    return render_template("tenants/firms/edit.html", form=form, firm=firm), form.status


def people_of_firms() -> dict[UUID, list[Any]]:
    """Return firm -> its people here, in one statement."""
    found: dict[UUID, list[Any]] = {}
    for member in with_roles(FIRM, tuple(ROLES)):
        found.setdefault(member.firm_id, []).append(member)
    return found


def standing(firm: Any) -> tuple[queries.Access, Any]:
    """Return what a firm of the overview may do today, and its last day of reading."""
    return queries.standing(firm.ends_on, firm.tail_days, clock.today())


def words() -> dict[str, Any]:
    """Return the labels of these pages."""
    return {"accesses": ACCESSES, "access_kinds": ACCESS_KINDS, "firm_kinds": FIRM_KINDS, "roles": ROLES}

"""How one logs in to this municipality: its limits, its second factor, its identity provider."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.factors.having import having
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon import queries, rules
from ayumi.signon.schemas import PolicyInput, ProviderInput
from ayumi.web.editing import send_edit
from ayumi.web.forms import Form
from ayumi.web.links import to
from ayumi.web.permissions import needs
from ayumi.web.step_up import asks_again
from ayumi.web.visit import visit

pages = Blueprint("access", __name__, url_prefix="/access")

PROVIDER = ("label", "issuer", "client_id", "edition")


@pages.get("/")
@needs("access.read")
def index() -> ResponseReturnValue:
    """Show what is asked of those who log in."""
    staff, without = second_factors()
    return render_template(
        "tenants/access/index.html",
        policy=queries.policy(),
        provider=queries.provider(),
        staff=staff,
        without=without,
    )


@pages.route("/edit", methods=["GET", "POST"])
@asks_again
@needs("access.write")
def edit() -> ResponseReturnValue:
    """Change it."""
    policy = queries.policy()
    form = Form(PolicyInput(), {name: getattr(policy, name) for name in (*rules.POLICY, "edition")})
    if send_edit(form, rules.change_policy, lambda: queries.policy().edition, policy=policy):
        flash(gettext("Saved. Stricter limits hold at once, for people who are logged in, too."), "good")
        return redirect(to("access.index"))
    staff, without = second_factors()
    page = {"form": form, "staff": staff, "without": without, "provider": queries.provider()}
    return render_template("tenants/access/edit.html", **page), form.status


def second_factors() -> tuple[int, int]:
    """Return how many work here, and how many of them have no second factor yet."""
    ids = {row.account_id for row in queries.staff_accounts()}
    with visiting(Place(Door.ACCOUNTS)) as session:
        return len(ids), len(ids - having(session, ids))


@pages.route("/provider", methods=["GET", "POST"])
@asks_again
@needs("access.write")
def provider() -> ResponseReturnValue:
    """Enter the identity provider, or change it."""
    known = queries.provider()
    form = Form(ProviderInput(), {name: getattr(known, name) for name in PROVIDER} if known else {})
    if saved(form, known):
        flash(gettext("Saved. Next: try the provider, then switch it on."), "good")
        return redirect(to("access.provider"))
    page: dict[str, Any] = {"form": form, "provider": queries.provider()}
    page["redirect_uri"] = queries.redirect_uri(visit().belonging.slug)
    return render_template("tenants/access/provider.html", **page), form.status


def saved(form: Form, known: Any) -> Any:
    """Send the form to the rule it is for."""
    if known is None or known.id == form.token:
        return form.send(rules.enter, id=form.token)
    return send_edit(form, rules.change, lambda: present().edition, provider=known)


@pages.post("/provider/on")
@asks_again
@needs("access.write")
def switch_on() -> ResponseReturnValue:
    """Let people log in with the provider."""
    rules.switch_on(present())
    flash(gettext("Your staff can log in with this provider now."), "good")
    return redirect(to("access.provider"))


@pages.post("/provider/off")
@asks_again
@needs("access.write")
def switch_off() -> ResponseReturnValue:
    """Let nobody log in with it any more."""
    rules.switch_off(present())
    flash(gettext("Nobody can log in with this provider any more."), "good")
    return redirect(to("access.provider"))


def present() -> Any:
    """Return the provider, or raise NotFound."""
    found = queries.provider()
    if found is None:
        raise NotFound
    return found

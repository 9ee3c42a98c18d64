"""Coming in and going out: login, places to choose from, language."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from ayumi.accounts import devices, rules
from ayumi.accounts.model import LoginMethod, Party
from ayumi.japan.inputs import Input, Text
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.web import challenges, login, proving, second_step, watch
from ayumi.web.forms import Form
from ayumi.web.headers import forget_pages
from ayumi.web.language import LANGUAGES
from ayumi.web.paths import local_path
from ayumi.web.pauses import pauses
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter, tries_of_address
from ayumi.web.visit import Belonging

pages = Blueprint("login", __name__)

NOT_LET_IN = _("The e-mail address or the password is not right.")


class Credentials(Input):
    """E-mail and password."""

    email = Text(
        required=True, longest=254, metadata={"label": _("E-mail address"), "type": "email", "autocomplete": "username"}
    )
    password = Text(
        required=True,
        longest=200,
        metadata={"label": _("Password"), "type": "password", "autocomplete": "current-password"},
    )


@pages.route("/login", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def login_page() -> ResponseReturnValue:
    """Let somebody in who knows an address and its password, by way of the second step where they have one."""
    next_path, blob = local_path(request.values.get("next")), request.form.get("kept")
    if request.method == "GET" and login.visitor() is not None:
        return redirect(next_path or url_for("login.places"))
    form = Form(Credentials())
    tries = allowance() if form.typed is not None else ""
    if tries and not pauses().lets(tries):
        watch.turned_away("too many passwords", account=proving.account_key(request.form.get("email", "")))
        return login_form(form, proving.WAIT, next_path, blob), 429
    account_id = form.send(known)
    if account_id is None:
        fault = NOT_LET_IN if form.typed is not None and not form.errors else ""
        if fault:
            watch.turned_away("password", account=proving.account_key(request.form.get("email", "")))
        return login_form(form, fault, next_path, blob), form.status
    pauses().forget(tries)
    if proving.factors_of(account_id).any:
        return second_step.begin(account_id, next_path=next_path, kept_blob=blob)
    return login.finish(
        account_id, method=LoginMethod.PASSWORD, second_factor=False, next_path=next_path, kept_blob=blob
    )


def login_form(form: Form, fault: str, next_path: str | None, kept_blob: str | None) -> str:
    """Show the login page."""
    if fault:
        form.general.append(gettext(fault))
    elsewhere = challenges.elsewhere()
    return render_template("ayumi/web/pages/login.html", form=form, next=next_path, kept=kept_blob, elsewhere=elsewhere)


def allowance() -> str:
    """Name whose tries at this account are counted together: those of a known device, or those of all strangers."""
    email = request.form.get("email", "").strip().lower()
    with visiting(Place(Door.ACCOUNTS)) as session:
        is_known = devices.knows(session, email, proving.device_hash())
    return f"password:{proving.account_key(email)}:{proving.of_device(is_known)}"


def known(*, email: str, password: str) -> UUID | None:
    """Return the account these credentials belong to, or None."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        account = rules.authenticate(session, email=email, password=password)
        return account.id if account else None


@pages.post("/logout")
@open_to_all
def logout() -> ResponseReturnValue:
    """End this browser's session in the database, not only in its cookie."""
    visitor = login.visitor()
    if visitor is not None:
        with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
            rules.end_session(session, visitor.key)
    logout_user()
    cookie.clear()
    flash(gettext("You have logged out."), "good")
    return forget_pages(make_response(redirect(url_for("login.login_page"))))


@pages.get("/")
@open_to_all
def places() -> ResponseReturnValue:
    """Go to the one place somebody belongs to, or let them choose."""
    visitor = login.visitor()
    if visitor is None:
        return redirect(url_for("login.login_page"))
    open_places = [place_of(each) for each in visitor.belongings if _shown(each, visitor.only_employer_id)]
    if visitor.is_operator:
        open_places.append({"belonging": None, "url": url_for("operator.municipalities.index")})
    if len(open_places) == 1:
        return redirect(open_places[0]["url"])
    return render_template("ayumi/web/pages/places.html", places=open_places, visitor=visitor)


def _shown(belonging: Belonging, only_employer_id: UUID | None) -> bool:
    return (belonging.party is Party.EMPLOYER) == (only_employer_id is not None)


def place_of(belonging: Belonging) -> dict[str, Any]:
    """Return what the chooser shows of a place, and its address."""
    home = {
        Party.STAFF: "console.home.index",
        Party.FIRM: "portal.home.index",
        Party.EMPLOYER: "employer.pages.month",
    }
    slug = None if belonging.party is Party.EMPLOYER else belonging.slug
    return {"belonging": belonging, "url": url_for(home[belonging.party], municipality=slug)}


@pages.get("/language/<code>")
@open_to_all
def language(code: str) -> ResponseReturnValue:
    """Remember a language in this browser and go back."""
    if code in LANGUAGES:
        cookie["language"] = code
    return redirect(local_path(request.args.get("next")) or url_for("login.places"))

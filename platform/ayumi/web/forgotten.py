"""I cannot log in: asking a second person to be let in again, and following the link they send.

Whether an address is known is never told: not by the answer, not by its time.
"""

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.model import Account, LinkPurpose
from ayumi.accounts.rules import LinkSpent
from ayumi.invitations import queries, resets
from ayumi.invitations.model import Lost
from ayumi.invitations.schemas import Asking, NewPassword
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.web.forms import Form
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import account_tried, limiter, tries_of_account, tries_of_address

pages = Blueprint("forgotten", __name__)

ANSWERED_AFTER = 0.5  # seconds; longer than all that is done for an address that is known


@pages.route("/forgotten", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
@limiter.limit(tries_of_account, key_func=account_tried, methods=["POST"])
def ask() -> ResponseReturnValue:
    """Ask a second person to be let in again."""
    form = Form(Asking())
    if form.send(ask_evenly):
        return redirect(url_for("forgotten.asked"))
    return render_template("ayumi/web/pages/forgotten.html", form=form), form.status


def ask_evenly(*, email: str, lost: Lost) -> bool:
    """Ask, and answer after the same time for every address."""
    answer_at = time.monotonic() + ANSWERED_AFTER
    resets.ask(email, lost)
    time.sleep(max(0.0, answer_at - time.monotonic()))
    return True


@pages.get("/forgotten/asked")
@open_to_all
def asked() -> ResponseReturnValue:
    """Say what happens next, the same to everybody."""
    return render_template("ayumi/web/pages/forgotten_asked.html")


@pages.route("/reset/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def follow(token: str) -> ResponseReturnValue:
    """Follow the link that the second person has had sent."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        link = queries.living_reset(session, token)
        if link is None:
            raise LinkSpent
        purpose, email = link.purpose, link.email
    return set_password(token, email) if purpose is LinkPurpose.PASSWORD_RESET else clear_factors(token, email)


def set_password(token: str, email: str) -> ResponseReturnValue:
    """Choose a new password."""
    form = Form(NewPassword())
    if form.send(new_password, token=token):
        return _done(gettext("Your new password is set. Please log in with it."))
    if form.typed is not None:
        form.typed |= {"password": "", "again": ""}
    return render_template("ayumi/web/pages/reset_password.html", form=form, email=email), form.status


def new_password(*, token: str, password: str, again: str) -> Account:
    """Give the account behind the link another password."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        return resets.set_password(session, token, password=password)


def clear_factors(token: str, email: str) -> ResponseReturnValue:
    """Take app, passkeys and recovery codes away."""
    if request.method == "GET":
        return render_template("ayumi/web/pages/reset_factors.html", email=email)
    with visiting(Place(Door.ACCOUNTS)) as session:
        resets.clear_factors(session, token)
    return _done(gettext("Your second factor has been taken away. Log in with your password and set it up anew."))


def _done(text: str) -> ResponseReturnValue:
    flash(text, "good")
    return redirect(url_for("login.login_page"))

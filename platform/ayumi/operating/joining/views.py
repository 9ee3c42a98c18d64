"""Become an operator: by a link that another operator has made on the command line."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ayumi.accounts.model import LoginMethod
from ayumi.hosting import operators
from ayumi.invitations.schemas import Joining
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import login
from ayumi.web.forms import Form
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter, tries_of_address

pages = Blueprint("joining", __name__)


@pages.route("/join/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def join(token: str) -> ResponseReturnValue:
    """Choose a password, or prove the one there is."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        asked = operators.asked(session, token)
        email, initial = asked.email, {"name": asked.name}
    form = Form(Joining(), initial)
    account_id = form.send(accept, token=token)
    if account_id is not None:
        return login.finish(account_id, method=LoginMethod.PASSWORD, second_factor=False, next_path="/operator/")
    if form.typed is not None:
        form.typed["password"] = ""
    return render_template("ayumi/operating/joining/join.html", form=form, email=email), form.status


def accept(*, token: str, name: str, password: str) -> UUID:
    """Make the account, or give the one there is the operator's flag."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        return operators.accept(session, token, name=name, password=password)

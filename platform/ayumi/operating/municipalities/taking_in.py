"""Take a municipality onto the platform: find it in the list, choose what it starts from, invite its administrator."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.hosting import queries, rules
from ayumi.hosting.model import Plan
from ayumi.hosting.schemas import MunicipalityInput
from ayumi.japan import municipalities
from ayumi.japan.codes import is_local_government_code
from ayumi.kernel.db import db
from ayumi.kernel.errors import NotFound
from ayumi.web.forms import Choices, Form
from ayumi.web.links import to
from ayumi.web.permissions import needs

pages = Blueprint("taking_in", __name__, url_prefix="/new")

FIRST_SEATS = 10


@pages.get("/")
@needs("operator")
def search() -> ResponseReturnValue:
    """Find a municipality by code, name, reading or prefecture."""
    words = "".join(filter(str.isprintable, request.args.get("q", ""))).strip()
    wrong_digit = len(words) == 6 and words.isdecimal() and not is_local_government_code(words)
    return render_template(
        "ayumi/operating/municipalities/search.html",
        words=words,
        wrong_digit=wrong_digit,
        found=municipalities.search(words),
        here=queries.known_codes(db.session()),
    )


@pages.route("/<government>", methods=["GET", "POST"])
@needs("operator")
def new(government: str) -> ResponseReturnValue:
    """Take the municipality with this code in."""
    known = municipalities.by_code(government)
    if known is None:
        raise NotFound
    start = {"slug": rules.propose_slug(db.session(), government), "plan": Plan.TRIAL, "seats": FIRST_SEATS}
    form = Form(MunicipalityInput(), start, choices={"model": models()})
    made = form.send(rules.create, id=form.token, code=government)
    if made is not None:
        flash(gettext("The municipality has been taken in. Its first administrator has been invited."), "good")
        return redirect(to("municipalities.show", municipality=made.slug))
    return render_template("ayumi/operating/municipalities/new.html", form=form, known=known), form.status


def models() -> Choices:
    """Return what a municipality may start from: nothing, or another one's configuration."""
    rows = queries.models(db.session())
    demonstration = gettext("Demonstration")
    named = [(row.slug, f"{row.name}{f' ({demonstration})' if row.is_demonstration else ''}") for row in rows]
    return [("", gettext("Nothing: it sets itself up")), *named]

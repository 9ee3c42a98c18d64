"""How an employer comes in: a link from a mail, then a code sent to the same address.

Code and renewed link are mailed from here and not promised to a job: somebody is waiting for them with the page
open, and neither is kept anywhere but as a hash, so a job could not send them. When the mail server does not take
the mail, nothing is kept and the page says so. Opening a link (also by a scanner of mails) changes nothing.
"""

import hashlib
import unicodedata
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from ayumi.accounts import contacts, rules
from ayumi.config import settings
from ayumi.japan.calendar import Month
from ayumi.japan.inputs import Input, Text
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.municipalities import queries as municipalities
from ayumi.notices import mail, post
from ayumi.web import login, watch
from ayumi.web.forms import Form
from ayumi.web.headers import forget_pages
from ayumi.web.language import language
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter, tries_of_address

pages = Blueprint("entry", __name__)

OUTSIDE = Place(Door.ACCOUNTS)
CODES_OF_LINK = "5 per 15 minutes; 20 per day"
RENEWALS_OF_LINK = "3 per 15 minutes; 10 per day"


class Code(Text):
    """Six digits, as typed on any keyboard."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        typed = unicodedata.normalize("NFKC", super()._deserialize(value, *rest, **more))
        return "".join(mark for mark in typed if mark.isdecimal())


class CodeInput(Input):
    """The code from the mail."""

    code = Code(
        required=True,
        longest=20,
        metadata={
            "label": _("Code of six digits"),
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "size": "s",
        },
    )


def token_of_request() -> str:
    """What tries are counted by: the link, under its hash."""
    return hashlib.sha256(str((request.view_args or {}).get("token")).encode()).hexdigest()


@pages.get("/l/<token>")
@open_to_all
def link(token: str) -> ResponseReturnValue:
    """Explain what this is and offer to send the code; a link that is over offers a new one."""
    about = about_link(token)
    if about is None:
        return render_template("portal/employer/spent.html", token=token), 410
    if is_inside(about):
        return redirect(url_for("employer.pages.days", month=about["month"]))
    if not about["is_living"]:
        return render_template("portal/employer/spent.html", token=token), 410
    return render_template("portal/employer/link.html", token=token, **about)


@pages.post("/l/<token>")
@open_to_all
@limiter.limit(tries_of_address)
@limiter.limit(CODES_OF_LINK, key_func=token_of_request)
def send_code(token: str) -> ResponseReturnValue:
    """Send a code to the address of the link."""
    with visiting(OUTSIDE) as session:
        made = contacts.make_code(session, token)
        if made is not None:
            code, found = made
            session.flush()
            words = mail.compose("confirmation_code", to=found.email, language=language(), code=code)
            post.send(words, key=f"confirmation_code:{found.id}:{clock.now().isoformat()}")
    return redirect(url_for("employer.entry.code" if made else "employer.entry.link", token=token))


@pages.route("/l/<token>/code", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def code(token: str) -> ResponseReturnValue:
    """Take the code and let its owner in."""
    about = about_link(token)
    if about is None or not about["is_living"]:
        return redirect(url_for("employer.entry.link", token=token))
    form = Form(CodeInput())
    month = form.send(come_in, token=token)
    if month is not None:
        return redirect(url_for("employer.pages.days", month=month))
    if form.typed is not None and not form.errors:
        form.errors["code"] = [gettext("This is not the code, or it is too old. After five tries a new one is needed.")]
    return render_template("portal/employer/code.html", token=token, form=form, **about), form.status


def come_in(*, token: str, code: str) -> Month | None:
    """Spend the link for a session of its one employer; return the month that was asked about."""
    with visiting(OUTSIDE) as session:
        admission = contacts.admit(session, token, code=code, user_agent=login.user_agent())
        if admission is None:
            watch.turned_away("code of an employer", link=token_of_request())
            return None
        login.let_in(admission.account, admission.key, language=language())
        return Month.of(admission.month)


@pages.post("/l/<token>/again")
@open_to_all
@limiter.limit(tries_of_address)
@limiter.limit(RENEWALS_OF_LINK, key_func=token_of_request)
def again(token: str) -> ResponseReturnValue:
    """Send a new link to the address of an earlier one. The answer is the same whether or not there was one."""
    with visiting(OUTSIDE) as session:
        renewed = contacts.renew(session, token)
        if renewed is not None:
            fresh, former = renewed
            town = municipalities.by_id(session, contacts.municipality_of(former))
            words = mail.compose(
                "confirmation_link",
                to=former.email,
                name=former.name,
                municipality=town.name,
                month=former.month,
                link=f"{settings().base_url}{url_for('employer.entry.link', token=fresh)}",
                until=clock.day_of(clock.now() + (former.expires_at - former.created_at)),
            )
            session.flush()
            post.send(words, key=f"confirmation_link_again:{former.id}:{clock.now().isoformat()}")
    return redirect(url_for("employer.entry.sent"))


@pages.get("/sent")
@open_to_all
def sent() -> ResponseReturnValue:
    """Send whoever asked for a new link to their mail; the same page for everybody."""
    return render_template("portal/employer/sent.html")


@pages.get("/away")
@open_to_all
def away() -> ResponseReturnValue:
    """Say how to come back to whoever is not, or no longer, inside."""
    return render_template("portal/employer/away.html")


@pages.post("/leave")
@open_to_all
def leave() -> ResponseReturnValue:
    """End the session, also in the database."""
    visitor = login.visitor()
    if visitor is not None:
        with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
            rules.end_session(session, visitor.key)
    logout_user()
    cookie.clear()
    flash(gettext("You have left. You can close this page."), "good")
    return forget_pages(make_response(redirect(url_for("employer.entry.away"))))


def about_link(token: str) -> dict[str, Any] | None:
    """Return what a link's page shows, or None for one that never was."""
    with visiting(OUTSIDE) as session:
        found = contacts.known(session, token)
        if found is None or found.month is None:
            return None
        town = municipalities.by_id(session, contacts.municipality_of(found))
        return {
            "is_living": contacts.is_living(found),
            "place": (found.tenant_id, found.employer_id),
            "month": Month.of(found.month),
            "address": masked(found.email),
            "place_name": town.name,
            "band_class": f"band-{town.band:02d}",
            "place_note": gettext("Demonstration") if town.is_demonstration else "",
        }


def is_inside(about: dict[str, Any]) -> bool:
    """Tell whether this browser has come in to the link's employer already."""
    visitor = login.visitor()
    return visitor is not None and (visitor.only_tenant_id, visitor.only_employer_id) == about["place"]


def masked(address: str) -> str:
    """k…@bakery.example: enough to know one's own."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"

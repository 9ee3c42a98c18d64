"""Asks again who one is before what must not be done by somebody who finds an open screen.

@pages.get("/files/<uuid:id>")
@asks_again            # or @asks_again_for_file where the answer is a download
@needs("reports.read")
def download(id): ...

Whoever has proved who they are in the last quarter of an hour is not asked. A form that was being sent is kept, and
sent on afterwards. Use it on every export of personal data, on approvals of prices and payments, on break-glass.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import rules
from ayumi.accounts.model import Account
from ayumi.factors.queries import Factors
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices.security import What
from ayumi.web import by_provider, challenges, guard, kept, login, notices, proving
from ayumi.web.challenges import Purpose
from ayumi.web.paths import local_path
from ayumi.web.permissions import of_any_account
from ayumi.web.proving import Proof, Shown
from ayumi.web.throttle import limiter, tries_of_address
from ayumi.web.visit import Visit, Visitor

pages = Blueprint("step_up", __name__)

FRESH = timedelta(minutes=15)


def asks_again(view: Any) -> Any:
    """Mark a view that is opened only for somebody who has proved who they are a moment ago."""
    view.asks_again = "page"
    return view


def asks_again_for_file(view: Any) -> Any:
    """Mark such a view that gives a file: the page of the question stays open beside a download."""
    view.asks_again = "file"
    return view


def condition(visit: Visit, view: Any) -> ResponseReturnValue | None:
    """Ask before a marked view of a face."""
    return check(visit.visitor, view)


def check(visitor: Visitor, view: Any) -> ResponseReturnValue | None:
    """Ask who one is unless that is known well enough; None when it is."""
    kind = getattr(view, "asks_again", None)
    if kind is None or is_sure(visitor):
        return None
    return ask(visitor, is_file=kind == "file")


def is_sure(visitor: Visitor) -> bool:
    """Tell whether somebody has proved who they are lately, with a second factor where they have one."""
    if visitor.confirmed_at is None or clock.now() - visitor.confirmed_at > FRESH:
        return False
    return visitor.second_factor_at is not None or not proving.factors_of(visitor.account_id).any


def ask(visitor: Visitor, *, is_file: bool = False) -> ResponseReturnValue:
    """Send to the question, with a form that was being sent, or with the way to where one was going."""
    if not guard.wants_page():
        return jsonify(error="confirm", message=gettext("Please confirm who you are: reload the page.")), 401
    if request.method == "POST":
        blob = kept.keep_form(visitor.account_id, even_empty=True)
        return show(proving.factors_of(visitor.account_id), kept_blob=blob), 401
    back = local_path(urlsplit(request.referrer or "").path) if is_file else None
    return redirect(url_for("step_up.confirm", next=request.full_path.rstrip("?"), back=back))


@pages.route("/confirm", methods=["GET", "POST"])
@of_any_account
@limiter.limit(tries_of_address, methods=["POST"])
def confirm() -> ResponseReturnValue:
    """Ask who one is and, when it is shown, go on."""
    visitor = login.visitor()
    if visitor is None or visitor.only_employer_id is not None:
        return guard.ask_to_log_in()
    factors = proving.factors_of(visitor.account_id)
    if request.method == "GET":
        return show(factors)
    proof = proving.prove(visitor.account_id, Purpose.CONFIRM, factors=factors)
    if proof.shown is None:
        return show(factors, kept_blob=request.form.get("kept"), proof=proof), proof.status
    note(visitor, proof.shown)
    return onward(visitor)


def note(visitor: Visitor, shown: Shown) -> None:
    """Remember in the session that its owner has just proved who they are; it gets another key."""
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        key = rules.confirm(session, visitor.key, second_factor=shown is not Shown.PASSWORD)
        session.flush()
        if shown is Shown.RECOVERY:
            notices.tell(session, session.get_one(Account, visitor.account_id), What.CODE_USED, key=key)
    renew(visitor, key)


def renew(visitor: Visitor, key: str) -> None:
    """Give this browser the session's new key."""
    visitor.key = key
    cookie["_user_id"] = visitor.get_id()


def onward(visitor: Visitor) -> ResponseReturnValue:
    """Go on to what was asked for: a form that was kept, a file, or a page."""
    next_path, back = local_path(request.form.get("next")), local_path(request.form.get("back"))
    saved = kept.kept_form(request.form.get("kept"), visitor.account_id)
    if saved is not None and local_path(saved[0]):
        return render_template("ayumi/web/pages/go_on.html", path=saved[0], fields=saved[1])
    if back and next_path:
        return render_template("ayumi/web/pages/fetch.html", path=next_path, back=back)
    if next_path is None:
        flash(gettext("Thank you. You have confirmed who you are."), "good")
    return redirect(next_path or url_for("login.places"))


def show(factors: Factors, *, kept_blob: str | None = None, proof: Proof | None = None) -> str:
    """Show the question."""
    visitor = login.visitor()
    return render_template(
        "ayumi/web/pages/confirm.html",
        factors=factors,
        has_password=visitor is not None and _has_password(visitor),
        again=by_provider.log_in_again(visitor) if visitor and by_provider.came_by_provider(visitor) else "",
        elsewhere=challenges.elsewhere(),
        next=local_path(request.values.get("next")),
        back=local_path(request.values.get("back")),
        kept=kept_blob,
        fault=proof.fault if proof else "",
    )


def _has_password(visitor: Visitor) -> bool:
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        return session.get_one(Account, visitor.account_id).password_hash is not None

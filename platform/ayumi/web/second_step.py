"""The second step of logging in: the password was right, now something only its owner has.

Between the steps there is no session, only a note in the signed cookie: whose password it was, and until when.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts import tokens
from ayumi.accounts.model import LoginMethod
from ayumi.factors import passkeys
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.notices.security import What
from ayumi.web import challenges, login, proving
from ayumi.web.challenges import Purpose
from ayumi.web.paths import local_path
from ayumi.web.pauses import FREE, pauses
from ayumi.web.permissions import open_to_all
from ayumi.web.proving import Shown
from ayumi.web.throttle import limiter, tries_of_address

pages = Blueprint("second_step", __name__, url_prefix="/login")

COOKIE = "pending"
LENGTH = timedelta(minutes=5)
MOST_TRIES = FREE
BEGIN_AGAIN = _("Please begin again: enter your e-mail address and password.")


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody between the two steps."""

    account_id: UUID
    number: str


def begin(account_id: UUID, *, next_path: str | None, kept_blob: str | None) -> ResponseReturnValue:
    """Note whose password was right and ask for the second step; nothing else of the cookie stays but the language."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    cookie[COOKIE] = {"account": str(account_id), "at": clock.now().timestamp(), "number": tokens.fresh()}
    if kept_blob:
        return show(account_id, next_path=next_path, kept_blob=kept_blob)
    return redirect(url_for("second_step.page", next=local_path(next_path)))


def pending() -> Pending | None:
    """Return who is between the two steps in this browser."""
    said = cookie.get(COOKIE)
    if not isinstance(said, dict) or clock.now().timestamp() - said["at"] > LENGTH.total_seconds():
        return None
    return Pending(UUID(said["account"]), said["number"])


def forget() -> ResponseReturnValue:
    """Send somebody back to the first step."""
    cookie.pop(COOKIE, None)
    flash(gettext(BEGIN_AGAIN), "warn")
    return redirect(url_for("login.login_page"))


@pages.route("/second-step", methods=["GET", "POST"])
@open_to_all
@limiter.limit(tries_of_address, methods=["POST"])
def page() -> ResponseReturnValue:
    """Ask for the second factor and take it."""
    found = pending()
    if found is None:
        return redirect(url_for("login.places")) if login.visitor() else forget()
    next_path, blob = request.values.get("next"), request.form.get("kept")
    if request.method == "GET":
        return show(found.account_id, next_path=next_path)
    return take(found, next_path, blob)


def take(found: Pending, next_path: str | None, blob: str | None) -> ResponseReturnValue:
    """Let somebody in who shows a second factor; after a few wrong codes the first step has to be made again."""
    is_code = not request.form.get("answer")
    if is_code and pauses().count(f"pending:{found.number}") > MOST_TRIES:
        return forget()
    factors = proving.factors_of(found.account_id)
    if not factors.any:
        return forget()
    proof = proving.prove(found.account_id, Purpose.SECOND_STEP, factors=factors)
    if proof.shown is None:
        return show(found.account_id, next_path=next_path, kept_blob=blob, fault=proof.fault), proof.status
    return login.finish(
        found.account_id,
        method=LoginMethod.PASSWORD,
        second_factor=True,
        next_path=next_path,
        kept_blob=blob,
        tell=What.CODE_USED if proof.shown is Shown.RECOVERY else None,
    )


def show(account_id: UUID, *, next_path: str | None, kept_blob: str | None = None, fault: str = "") -> str:
    """Show the page of the second step."""
    return render_template(
        "ayumi/web/pages/second_step.html",
        factors=proving.factors_of(account_id),
        elsewhere=challenges.elsewhere(),
        next=local_path(next_path),
        kept=kept_blob,
        fault=fault,
    )


@pages.post("/passkey")
@open_to_all
@limiter.limit(tries_of_address)
def by_passkey() -> ResponseReturnValue:
    """Let somebody in by a passkey alone: the device has verified its user, so it is two factors in one."""
    answer, challenge = request.form.get("answer", ""), challenges.take(Purpose.LOGIN)
    try:
        with visiting(Place(Door.ACCOUNTS)) as session:
            account_id = passkeys.spend(session, answer=answer, challenge=challenge)
    except Invalid as error:
        flash(gettext(str(error.sentence)), "bad")
        return redirect(url_for("login.login_page", next=local_path(request.form.get("next"))))
    return login.finish(
        account_id,
        method=LoginMethod.PASSKEY,
        second_factor=True,
        next_path=request.form.get("next"),
        kept_blob=request.form.get("kept"),
    )

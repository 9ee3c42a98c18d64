"""Codes on paper: shown once, to be printed or saved; made anew when the paper is lost."""

import json
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.model import Account
from ayumi.factors import queries, recovery
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import BrokenSeal, seal, unseal
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices.security import What
from ayumi.web import by_provider, notices, own
from ayumi.web.permissions import of_any_account
from ayumi.web.step_up import asks_again

pages = Blueprint("paper_codes", __name__, url_prefix="/account/factors/codes")
own.guard_own(pages)

COOKIE = "paper_codes"
SECONDS = 15 * 60


def remember(account_id: UUID, codes: list[str]) -> None:
    """Keep fresh codes, sealed, in this browser until the next page shows them."""
    cookie[COOKIE] = sealed(account_id, codes)


def sealed(account_id: UUID, codes: list[str]) -> str:
    """Return codes so that only this account can have them read, and not for long."""
    return seal(json.dumps({"account": str(account_id), "codes": codes, "at": clock.now().timestamp()}))


def opened(account_id: UUID, blob: str) -> list[str]:
    """Return sealed codes; none when they are another's or too old."""
    try:
        said = json.loads(unseal(blob))
    except BrokenSeal:
        return []
    is_fresh = clock.now().timestamp() - said.get("at", 0) < SECONDS
    return list(said["codes"]) if is_fresh and said.get("account") == str(account_id) else []


@pages.get("/")
@by_provider.with_first_app
@of_any_account
def show() -> ResponseReturnValue:
    """Show codes that have just been made, once."""
    account_id, blob = own.visitor().account_id, cookie.pop(COOKIE, "")
    codes = opened(account_id, blob) if blob else []
    if not codes:
        return redirect(url_for("factors.index"))
    return render_template("ayumi/web/pages/paper_codes.html", codes=codes, blob=blob)


@pages.post("/")
@asks_again
@of_any_account
def make() -> ResponseReturnValue:
    """Make the codes anew; those made before no longer work."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        if not queries.of(session, visitor.account_id).any:
            flash(gettext("Codes on paper stand in for a second factor. Please add one first."), "warn")
            return redirect(url_for("factors.index"))
        remember(visitor.account_id, recovery.make(session, visitor.account_id))
        notices.tell(session, session.get_one(Account, visitor.account_id), What.CODES_MADE, key=visitor.key)
    return redirect(url_for("paper_codes.show"))


@pages.post("/file")
@by_provider.with_first_app
@of_any_account
def file() -> ResponseReturnValue:
    """Give the codes that are being shown as a text file."""
    codes = opened(own.visitor().account_id, request.form.get("blob", ""))
    if not codes:
        return redirect(url_for("factors.index"))
    head = gettext("Recovery codes for Ayumi. Each works once. Keep them where only you find them.")
    answer = Response("\n".join([head, "", *codes, ""]), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=ayumi-recovery-codes.txt"
    return answer

"""Codes of the demonstration's authenticator apps: nobody has those phones. Exists only while there is no mail server,
beside the kept mail, and knows only the logins that the demonstration has written down."""

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ayumi.accounts.model import Account
from ayumi.config import settings
from ayumi.factors import apps
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import login, second_step
from ayumi.web.permissions import open_to_all

pages = Blueprint("practice_codes", __name__, url_prefix="/dev/codes")


@pages.get("/")
@open_to_all
def every() -> ResponseReturnValue:
    """Show the present code of whoever is logging in, and of every demonstration login."""
    rows, email = logins(), present_email()
    return render_template(
        "ayumi/web/pages/practice_codes.html",
        mine=[(each, code(each)) for each in rows if each["email"] == email],
        rows=[(each, code(each)) for each in rows],
    )


def logins() -> list[dict[str, Any]]:
    """Return the demonstration logins that have an app."""
    path = Path(settings().demo_logins)
    if not path.is_file():
        return []
    return [each for each in json.loads(path.read_text(encoding="utf-8")) if each.get("totp_secret")]


def code(login: dict[str, Any]) -> str:
    """Return a login's present code."""
    return apps.code_at(login["totp_secret"], apps.step_now())


def present_email() -> str | None:
    """Return the address of whoever stands between the two steps in this browser, or is logged in."""
    found, visitor = second_step.pending(), login.visitor()
    if found is None:
        return visitor.email if visitor else None
    with visiting(Place(Door.ACCOUNTS)) as session:
        return session.scalar(select(Account.email).where(Account.id == found.account_id))


def address() -> str:
    """Return where the codes are, for the pages that ask for one; nothing where there is no demonstration."""
    if settings().smtp_url is not None or not Path(settings().demo_logins).is_file():
        return ""
    return url_for("practice_codes.every")

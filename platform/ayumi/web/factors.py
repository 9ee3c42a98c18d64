"""Setting up what one shows besides a password: the app, passkeys, and codes on paper for a bad day."""

import io
from collections.abc import Callable
from functools import partial
from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from ayumi.accounts import devices
from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account
from ayumi.factors import apps, passkeys, queries, recovery, rules
from ayumi.japan.inputs import Input, Text
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.notices.security import What
from ayumi.web import by_provider, challenges, errors, login, notices, own, paper_codes, step_up
from ayumi.web.challenges import Purpose
from ayumi.web.forms import Form
from ayumi.web.permissions import of_any_account
from ayumi.web.step_up import asks_again
from ayumi.web.visit import Visitor

pages = Blueprint("factors", __name__, url_prefix="/account/factors")
own.guard_own(pages)


class FirstCode(Input):
    """The first code of a new app, and the sealed secret it belongs to."""

    code = Text(
        required=True,
        longest=20,
        metadata={
            "label": _("The six digits that the app shows now"),
            "size": "s",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        },
    )
    sealed = Text(required=True, longest=1000, metadata={"type": "hidden"})


class NewPasskey(Input):
    """A passkey as the browser made it, and what its owner calls it."""

    name = Text(required=True, longest=40, metadata={"label": _("Name of the passkey"), "size": "m"})
    answer = Text(required=True, longest=20_000, metadata={"type": "hidden"})


def is_needed(visitor: Visitor) -> bool:
    """Tell whether somebody must have a second factor: operators, and where one of their places needs one."""
    return visitor.is_operator or any(each.needs_second_factor for each in visitor.belongings)


@pages.get("/")
@of_any_account
def index() -> ResponseReturnValue:
    """Which factors one has, and what can be done about them."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        found = queries.of(session, visitor.account_id)
        keys = passkeys.every(session, visitor.account_id)
        session.expunge_all()
    return render_template(
        "ayumi/web/pages/factors.html",
        factors=found,
        passkeys=keys,
        needed=is_needed(visitor),
        why=[each.firm_name or each.municipality for each in visitor.belongings if each.needs_second_factor],
        elsewhere=challenges.elsewhere(),
        form=Form(NewPasskey(), {"name": suggested_name()}) if request.method == "GET" else None,
    )


def suggested_name() -> str:
    """Return a first name for a passkey of this browser."""
    return devices.named(login.user_agent()) or gettext("Passkey")


@pages.route("/app", methods=["GET", "POST"])
@by_provider.with_first_app
@asks_again
@of_any_account
def app() -> ResponseReturnValue:
    """Show a secret for an app and take its first code."""
    visitor = own.visitor()
    if by_provider.came_by_provider(visitor) and by_provider.has_factor(visitor):
        raise NotFound
    form = Form(FirstCode())
    if form.send(add_app):
        return after_adding()
    sealed = request.form.get("sealed", "")
    secret = apps.secret_of(sealed, visitor.account_id) if sealed else None
    if secret is None:
        sealed = apps.begin(visitor.account_id)
        secret = apps.secret_of(sealed, visitor.account_id) or ""
    page = render_template(
        "ayumi/web/pages/app.html",
        form=form,
        sealed=sealed,
        picture=picture(apps.uri(secret, visitor.email)),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )
    return page, form.status


def picture(text: str) -> Markup:
    """Return a QR code as SVG without styles, as the content policy asks."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=5, border=4, xmldecl=False, svgns=False, light="#fff")
    return Markup(out.getvalue().decode())  # noqa: S704  made by us


def add_app(*, code: str, sealed: str) -> bool:
    """Keep the app whose first code this is."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        apps.add(session, visitor.account_id, sealed=sealed, code=code)
        _added(session, visitor, What.APP_ADDED)
    return True


@pages.post("/passkeys")
@asks_again
@of_any_account
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that this browser has made."""
    form = Form(NewPasskey())
    if form.send(keep_passkey):
        return after_adding()
    said = [*form.general, *(text for found in form.errors.values() for text in found)]
    flash(" ".join(said), "bad")
    return redirect(url_for("factors.index"))


def keep_passkey(*, name: str, answer: str) -> bool:
    """Keep a passkey under its owner's name for it."""
    visitor, challenge = own.visitor(), challenges.take(Purpose.ADD)
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        passkeys.add(session, visitor.account_id, answer=answer, challenge=challenge, name=name)
        _added(session, visitor, What.PASSKEY_ADDED)
    return True


def _added(session: Session, visitor: Visitor, what: What) -> None:
    """Note a new factor: its owner has just shown it. The first one brings codes on paper with it."""
    if recovery.left(session, visitor.account_id) == 0:
        paper_codes.remember(visitor.account_id, recovery.make(session, visitor.account_id))
    key = accounts.confirm(session, visitor.key, second_factor=True)
    notices.tell(session, session.get_one(Account, visitor.account_id), what, key=key)
    step_up.renew(visitor, key)


def after_adding() -> ResponseReturnValue:
    """Show the codes on paper if some were made, else the factors."""
    flash(gettext("Your second factor works from now on."), "good")
    return redirect(url_for("paper_codes.show" if paper_codes.COOKIE in cookie else "factors.index"))


@pages.post("/app/remove")
@asks_again
@of_any_account
def remove_app() -> ResponseReturnValue:
    """Take the app away."""
    return removing(rules.remove_app, What.APP_REMOVED)


@pages.post("/passkeys/<uuid:passkey_id>/remove")
@asks_again
@of_any_account
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Take a passkey away."""
    return removing(partial(rules.remove_passkey, passkey_id=passkey_id), What.PASSKEY_REMOVED)


def removing(rule: Callable[..., object], what: What) -> ResponseReturnValue:
    """Take a factor away, or say why not."""
    visitor = own.visitor()
    try:
        with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
            rule(session, visitor.account_id, needed=is_needed(visitor))
            notices.tell(session, session.get_one(Account, visitor.account_id), what, key=visitor.key)
        flash(gettext("It has been removed."), "good")
    except rules.LastFactor as error:
        flash(errors.sentence(error), "bad")
    return redirect(url_for("factors.index"))

"""One's own account: who one is here, where one belongs, one's language, and one's password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError, validates_schema

from ayumi.accounts import queries as accounts
from ayumi.accounts import rules
from ayumi.accounts.model import Account
from ayumi.accounts.passwords import MOST_LENGTH
from ayumi.japan.inputs import Input, Text
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.notices.security import What
from ayumi.web import entrance, guard, login, notices, own, proving, step_up
from ayumi.web.forms import Form
from ayumi.web.language import LANGUAGES
from ayumi.web.pauses import pauses
from ayumi.web.permissions import of_any_account

pages = Blueprint("account", __name__, url_prefix="/account")
secret = Blueprint("password", __name__, url_prefix="/account")
own.guard_own(secret)


class NewPassword(Input):
    """The present password, and another one twice."""

    old = Text(
        required=True,
        longest=MOST_LENGTH,
        metadata={"label": _("Present password"), "type": "password", "autocomplete": "current-password"},
    )
    new = Text(
        required=True,
        longest=MOST_LENGTH + 1,
        metadata={
            "label": _("New password"),
            "type": "password",
            "autocomplete": "new-password",
            "help": _("12 characters or more: several unrelated words are easy to remember. You may paste it."),
        },
    )
    again = Text(
        required=True,
        longest=MOST_LENGTH + 1,
        metadata={"label": _("New password once more"), "type": "password", "autocomplete": "new-password"},
    )

    @validates_schema
    def check_same(self, data: dict[str, str], **_more: object) -> None:
        """Refuse two different ones."""
        if data.get("new") != data.get("again"):
            raise ValidationError({"again": [_("This is not the same as above.")]})


@pages.get("")
@of_any_account
def show() -> ResponseReturnValue:
    """Who one is here, and where one belongs."""
    visitor = login.visitor()
    if visitor is None:
        return guard.ask_to_log_in()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        found = accounts.living(session, visitor.account_id)
    return render_template(
        "ayumi/web/pages/account.html",
        visitor=visitor,
        places=[entrance.place_of(each) for each in visitor.belongings],
        languages=LANGUAGES,
        account=found,
        factors=proving.factors_of(visitor.account_id),
        is_own=visitor.only_tenant_id is None,
    )


@secret.post("/language")
@of_any_account
def language() -> ResponseReturnValue:
    """Remember in which language somebody reads, here and in mails."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        visitor = own.visitor()
        with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
            account = session.get_one(Account, visitor.account_id)
            before, account.language = account.language, chosen
            if before != chosen:
                notices.write_down(session, account.id, "language_changed", {"language": [before, chosen]})
        cookie["language"] = chosen
        flash(gettext("Your language has been saved."), "good")
    return redirect(url_for("account.show"))


@secret.route("/password", methods=["GET", "POST"])
@of_any_account
def password() -> ResponseReturnValue:
    """Change one's own password; whoever is logged in elsewhere has to log in again."""
    form = Form(NewPassword())
    key = f"change:{own.visitor().account_id}"
    if request.method == "POST" and not pauses().lets(key):
        form.general.append(gettext(proving.WAIT))
        return render_template("ayumi/web/pages/password.html", form=form), 429
    if form.send(change):
        pauses().forget(key)
        flash(gettext("Your password has been changed. All your other sessions have ended."), "good")
        return redirect(url_for("account.show"))
    return render_template("ayumi/web/pages/password.html", form=form), form.status


def change(*, old: str, new: str, again: str) -> bool:
    """Change the password and tell its owner."""
    visitor = own.visitor()
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        account = session.get_one(Account, visitor.account_id)
        key = rules.change_password(session, account, old=old, new=new, key=visitor.key)
        notices.tell(session, account, What.PASSWORD_CHANGED, key=key)
    step_up.renew(visitor, key)
    return True

"""What somebody may do about their own account while only a municipality's provider vouches for them: very little.

The account may open places of other municipalities, which do not trust this provider. So a session by provider
changes nothing by which one logs in. It may confirm with factors the account has; and an account that belongs to this
municipality alone and has no factor may set up its first app, which opens nothing without the provider or a password.
"""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from ayumi.accounts import queries as accounts
from ayumi.accounts.model import Account, LoginMethod
from ayumi.factors import queries as factors
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import guard
from ayumi.web.visit import Visitor


def with_first_app(view: Any) -> Any:
    """Mark a view that a session by provider needs to set up its first app."""
    view.with_first_app = True
    return view


def came_by_provider(visitor: Visitor) -> bool:
    """Whether a municipality's provider has let somebody in."""
    return visitor.method is LoginMethod.SINGLE_SIGN_ON


def may_open(visitor: Visitor, view: Any) -> bool:
    """Whether a session by provider may open one of its owner's own pages."""
    return came_by_provider(visitor) and getattr(view, "with_first_app", False) and is_of_here_alone(visitor)


def is_of_here_alone(visitor: Visitor) -> bool:
    """Whether an account opens nothing but this municipality."""
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        is_operator = session.get_one(Account, visitor.account_id).is_operator
        return not is_operator and set(accounts.municipalities_of(session, visitor.account_id)) == {
            visitor.only_tenant_id
        }


def has_factor(visitor: Visitor) -> bool:
    """Whether an account has a factor already: a session by provider adds no further one."""
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        return factors.of(session, visitor.account_id).any


def set_up(visitor: Visitor) -> ResponseReturnValue:
    """Send somebody without a factor to set up an app, or say where they can do it."""
    if is_of_here_alone(visitor):
        return redirect(url_for("factors.app"))
    return render_template("ayumi/web/pages/factor_elsewhere.html"), 403


def log_in_again(visitor: Visitor) -> str:
    """Return the address by which somebody proves once more to the provider who they are."""
    slug = next((each.slug for each in visitor.belongings), "")
    is_asked = request.endpoint == "step_up.confirm"
    next_path = request.values.get("next") if is_asked else guard.back_to(request.method == "GET")
    return url_for("signon.start", slug=slug, again=1, next=next_path)

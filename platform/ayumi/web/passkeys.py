"""What a browser needs to make or use a passkey; its answer comes back with the form."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from ayumi.accounts.model import Account
from ayumi.factors import passkeys
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.web import challenges, login, second_step
from ayumi.web.challenges import Purpose
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter, tries_of_address

pages = Blueprint("passkeys", __name__)


@pages.post("/passkey/<any(login, second_step, confirm, add):purpose>")
@open_to_all
@limiter.limit(tries_of_address)
def options(purpose: str) -> ResponseReturnValue:
    """Answer with a fresh challenge for this purpose; for anything but logging in one must be known already."""
    wanted = Purpose(purpose)
    if wanted is Purpose.LOGIN:
        account_id = None
    elif wanted is Purpose.SECOND_STEP:
        found = second_step.pending()
        account_id = found.account_id if found else abort(401)
    else:
        visitor = login.visitor()
        account_id = visitor.account_id if visitor else abort(401)
    challenge = challenges.make(wanted)
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        if wanted is Purpose.ADD and account_id is not None:
            said = passkeys.options_to_add(session, session.get_one(Account, account_id), challenge)
        else:
            said = passkeys.options_to_show(session, account_id, challenge)
    return Response(said, content_type="application/json")

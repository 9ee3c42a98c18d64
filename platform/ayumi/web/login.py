"""Who is asking: the signed cookie names an account and a key, the database says whether the key still counts."""

from typing import Any
from uuid import UUID

import structlog
from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from sqlalchemy.exc import DBAPIError

from ayumi.accounts import devices as known_devices
from ayumi.accounts import queries, rules, sessions
from ayumi.accounts.model import Account, LoginMethod, Party, Role
from ayumi.kernel.away import is_away
from ayumi.kernel.db import Rows, speaking, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices.security import What
from ayumi.web import devices, kept, notices, watch
from ayumi.web.paths import local_path
from ayumi.web.visit import Belonging, Visitor

manager = LoginManager()
log = structlog.get_logger(__name__)


def init_login(app: Flask) -> None:
    """Make Flask-Login ask us who a cookie belongs to."""
    manager.init_app(app)
    manager.session_protection = None


def visitor() -> Visitor | None:
    """Return whoever is logged in, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def nobody_known() -> None:
    """Take whoever asks for a stranger until this request ends: it cannot be asked who they are."""
    g._login_user = manager.anonymous_user()


def remembered_account() -> UUID | None:
    """Return the account the cookie last belonged to, even if its session has ended meanwhile."""
    return _parts(cookie.get("_user_id"))[0]


def let_in(account: Account, key: str, *, language: str | None = None) -> None:
    """Log this browser in with a fresh cookie, so that nothing planted before login survives it."""
    chosen = language or cookie.get("language")
    cookie.clear()
    if chosen:
        cookie["language"] = chosen
    login_user(Visitor(account.id, account.email, account.name, account.language, account.is_operator, key))


def finish(
    account_id: UUID,
    *,
    method: LoginMethod,
    second_factor: bool,
    next_path: str | None = None,
    kept_blob: str | None = None,
    only_tenant_id: int | None = None,
    tell: What | None = None,
) -> ResponseReturnValue:
    """Open a session for somebody who has proved who they are, and send them on.

    ``second_factor``: they have shown one. ``next_path``: where they wanted to go; anything but a path of ours is
    ignored. ``kept_blob``: a form that was being sent when their last session ended. ``only_tenant_id``: the
    municipality that vouched for them; the session reaches its staff's place and nothing else. ``tell``: what their
    owner is to be told of besides.
    """
    with visiting(Place(Door.ACCOUNTS, account_id=account_id)) as session:
        account = session.get_one(Account, account_id)
        device = devices.present()
        newcomer = known_devices.is_new(session, account_id, device.hash)
        key = rules.open_session(
            session,
            account,
            user_agent=user_agent(),
            method=method,
            second_factor=second_factor,
            address=request.remote_addr,
            device_hash=device.hash,
            only_tenant_id=only_tenant_id,
        )
        let_in(account, key)
        for what in [What.NEW_DEVICE] * newcomer + ([tell] if tell else []):
            notices.tell(session, account, what, key=key)
    watch.came_in(account_id=account_id, by=method.value, second_factor=second_factor, new_device=newcomer)
    return devices.leave(device, make_response(onward(account_id, next_path, kept_blob)))


def onward(account_id: UUID, next_path: str | None, kept_blob: str | None) -> ResponseReturnValue:
    """Send on to the form that was being sent, to where they wanted to go, or to their places."""
    saved = kept.kept_form(kept_blob, account_id)
    if saved is not None and local_path(saved[0]):
        return render_template("ayumi/web/pages/kept.html", path=saved[0], fields=saved[1])
    return redirect(local_path(next_path) or url_for("login.places"))


def user_agent() -> str:
    """Return how the browser names itself."""
    return request.user_agent.string


def _parts(remembered: str | None) -> tuple[UUID | None, str]:
    account, _colon, key = (remembered or "").partition(":")
    try:
        return UUID(account), key
    except ValueError:
        return None, ""


@manager.user_loader  # type: ignore[untyped-decorator]
def load(remembered: str) -> Visitor | None:
    """Return the visitor behind a cookie, with all places they belong to, or None when the session is over.

    That it was used is written down with it. Where that cannot be written, because a machine of the database is away,
    whoever is logged in goes on: what was read still counts, and the session ends no later for it.
    """
    account_id, key = _parts(remembered)
    if account_id is None:
        return None
    found: Visitor | None = None
    try:
        with speaking(Place(Door.ACCOUNTS, account_id=account_id)) as connection:
            rows = sessions.of_session(connection, account_id=account_id, key=key)
            if not rows or rules.is_over(rows[0], limits := limits_of(rows)):
                return None
            found = _visitor(rows, key)
            rules.keep_alive(connection, rows[0], limits)
    except DBAPIError as error:
        if found is None or not is_away(error):
            raise
        log.warning("session not kept alive", kind=type(error.orig).__name__)
    return found


def _visitor(rows: Rows, key: str) -> Visitor:
    login = rows[0]
    return Visitor(
        account_id=login.account_id,
        email=login.email,
        name=login.account_name,
        language=login.language,
        is_operator=login.is_operator and login.only_tenant_id is None,
        key=key,
        belongings=tuple(_belonging(row) for row in rows if row.membership_id is not None and reached(row)),
        method=login.method,
        second_factor_at=login.second_factor_at,
        confirmed_at=login.confirmed_at,
        only_tenant_id=login.only_tenant_id,
        only_employer_id=login.only_employer_id,
    )


def reached(row: Any) -> bool:
    """Whether a session opens this place at all.

    A link by mail opens the one employer's page it was sent for. A municipality's provider opens the place of that
    municipality's staff: no other municipality, firm or employer has to trust it. All other sessions open every
    place but employers' pages, to which only links lead.
    """
    if row.only_tenant_id is None:
        return row.party is not Party.EMPLOYER
    if row.only_employer_id is None:
        return (row.tenant_id, row.party) == (row.only_tenant_id, Party.STAFF)
    return (row.tenant_id, row.employer_id) == (row.only_tenant_id, row.only_employer_id)


def limits_of(rows: Rows) -> queries.Limits:
    """Return how long this session may last: by the strictest of its owner's places, or an employer's by link."""
    if rows[0].only_employer_id:
        return rules.FOR_EMPLOYERS
    return queries.strictest(row for row in rows if row.party is not Party.EMPLOYER)


def _belonging(row: Any) -> Belonging:
    asks_second_factor = row.second_factor_required is not False  # also where nothing is said
    return Belonging(
        membership_id=row.membership_id,
        tenant_id=row.tenant_id,
        slug=row.slug,
        municipality=row.municipality,
        band=row.band,
        is_demonstration=row.is_demonstration,
        party=row.party,
        roles=frozenset(Role(word) for word in row.roles),
        name=row.name,
        firm_id=row.firm_id,
        firm_name=row.firm_name,
        employer_id=row.employer_id,
        pledged_on=row.confidentiality_pledge_on,
        needs_second_factor=row.party is Party.FIRM or (row.party is Party.STAFF and asks_second_factor),
        is_suspended=row.suspended_at is not None,
        single_sign_on_only=row.party is Party.STAFF and bool(row.single_sign_on_only),
    )

"""Coming in with the account of one's municipality: to its provider and back, into its staff's place and no other."""

from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Flask, flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ayumi.accounts import queries as accounts
from ayumi.accounts import rules as logins
from ayumi.accounts.model import LoginMethod, Role
from ayumi.accounts.tokens import digest
from ayumi.invitations import accepting
from ayumi.invitations import queries as invitations
from ayumi.invitations.model import Invitation
from ayumi.kernel.db import visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import Door, Place
from ayumi.notices.security import What
from ayumi.signon import attempts, client, discovery, queries, rules
from ayumi.signon.attempts import Attempt
from ayumi.signon.client import Identity
from ayumi.signon.labels import REASONS
from ayumi.signon.queries import Entrance
from ayumi.signon.trouble import NotLetIn, Reason
from ayumi.web import guard, login
from ayumi.web.paths import local_path
from ayumi.web.permissions import open_to_all
from ayumi.web.throttle import limiter
from ayumi.web.visit import Visit

pages = Blueprint("signon", __name__)
log = structlog.get_logger(__name__)

COOKIE = "signon"  # in the signed cookie: hashes of the states this browser has set out with
MOST_UNDER_WAY = 5  # in several windows of one browser
OFTEN = "600 per 15 minutes"  # of one address: nothing can be guessed here, and a whole town hall may share one
MENDING = frozenset({"access.read", "access.write"})


def init_signon(app: Flask) -> None:
    """Let a municipality that asks for it be entered with its provider only."""
    app.register_blueprint(pages)
    if only_the_provider not in guard.CONDITIONS:
        guard.CONDITIONS.insert(0, only_the_provider)


def only_the_provider(visit: Visit, view: Any) -> ResponseReturnValue | None:
    """Send to the provider whoever came another way into a place that is entered with the provider only.

    An administrator with a second factor may still mend how one logs in: a provider that has stopped working would
    otherwise lock everybody out.
    """
    visitor = visit.visitor
    if not visit.belonging.single_sign_on_only or visitor.method is LoginMethod.SINGLE_SIGN_ON:
        return None
    if view.permission in MENDING and Role.ADMINISTRATOR in visit.roles and visitor.second_factor_at:
        return None
    if not guard.wants_page():
        return jsonify(error="login", message=gettext("Please log in with your municipality's account.")), 401
    next_path = guard.back_to(request.method == "GET")
    return redirect(url_for("signon.door", slug=visit.belonging.slug, next=next_path))


@pages.get("/signon")
@open_to_all
@limiter.limit(OFTEN)
def find() -> ResponseReturnValue:
    """Find the door of one's municipality by its name."""
    typed = " ".join(request.args.get("municipality", "").split())[:60]
    found = []
    if typed:
        with visiting(Place(Door.ACCOUNTS)) as session:
            found = list(queries.named(session, typed))
    next_path = local_path(request.args.get("next"))
    return render_template("ayumi/web/pages/signon_find.html", typed=typed, found=found, next=next_path)


@pages.get("/login/<slug>")
@open_to_all
def door(slug: str) -> ResponseReturnValue:
    """Show the door of a municipality."""
    found = entrance(slug)
    if not found.is_enabled:
        raise NotFound
    next_path = local_path(request.args.get("next"))
    return render_template(
        "ayumi/web/pages/signon_door.html", door=found, next=next_path, mends=administrator_of(found.tenant_id)
    )


@pages.get("/signon/<slug>/start")
@open_to_all
@limiter.limit(OFTEN)
def start(slug: str) -> ResponseReturnValue:
    """Send somebody to the provider of their municipality."""
    found = entrance(slug)
    try:
        if not found.is_enabled:
            raise NotLetIn(Reason.OFF)
        next_path, again = local_path(request.args.get("next")), request.args.get("again") == "1"
        return redirect(set_out(found, next_path=next_path, again=again))
    except NotLetIn as error:
        return refused(slug, error)


@pages.get("/signon/<slug>/try")
@open_to_all
@limiter.limit(OFTEN)
def try_out(slug: str) -> ResponseReturnValue:
    """Send its administrator to a provider and back, to see whether it works; nobody is logged in by that."""
    found = entrance(slug)
    trier = administrator_of(found.tenant_id)
    if trier is None:
        raise NotFound
    discovery.forget(found.configuration.issuer)
    try:
        return redirect(set_out(found, tried_by=trier))
    except NotLetIn as error:
        return not_tried(slug, error)


def entrance(slug: str) -> Entrance:
    """Return the door of a municipality, or raise NotFound."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        found = queries.entrance(session, slug)
    if found is None:
        raise NotFound
    return found


def set_out(found: Entrance, *, next_path: str | None = None, tried_by: UUID | None = None, again: bool = False) -> str:
    """Begin a login that only this browser can end; return the provider's address."""
    made = client.depart(found.configuration, again=again)
    attempt = Attempt(
        tenant_id=found.tenant_id,
        issuer=found.configuration.issuer,
        client_id=found.configuration.client_id,
        nonce=made.nonce,
        code_verifier=made.code_verifier,
        next_path=next_path,
        tried_by=str(tried_by) if tried_by else None,
        again=again,
    )
    attempts.keep(made.state, attempt)
    cookie[COOKIE] = [*cookie.get(COOKIE, []), digest(made.state)][-MOST_UNDER_WAY:]
    return made.url


@pages.get("/signon/<slug>/callback")
@open_to_all
@limiter.limit(OFTEN)
def callback(slug: str) -> ResponseReturnValue:
    """Take back somebody whom the provider has sent."""
    attempt = None
    try:
        attempt = taken_up(request.args.get("state", ""))
        found = entrance(slug)
        identity = who_came(found, attempt)
        return tried(found, attempt) if attempt.trier else let_in(found, attempt, identity)
    except NotLetIn as error:
        return not_tried(slug, error) if attempt and attempt.trier else refused(slug, error)


def taken_up(state: str) -> Attempt:
    """Return the attempt this browser set out with, once."""
    mark, under_way = digest(state), list(cookie.get(COOKIE, []))
    if mark not in under_way:
        raise NotLetIn(Reason.SPENT)
    cookie[COOKIE] = [each for each in under_way if each != mark]
    return attempts.take(state)


def who_came(found: Entrance, attempt: Attempt) -> Identity:
    """Return who the provider says has come, if it is the provider they were sent to."""
    now = found.configuration
    if (found.tenant_id, now.issuer, now.client_id) != (attempt.tenant_id, attempt.issuer, attempt.client_id):
        raise NotLetIn(Reason.SPENT)
    if not (found.is_enabled or attempt.trier):
        raise NotLetIn(Reason.OFF)
    code = request.args.get("code")
    if not code or "error" in request.args:
        raise NotLetIn(Reason.DECLINED)
    return client.arrive(
        now,
        code=code,
        said_issuer=request.args.get("iss"),
        nonce=attempt.nonce,
        code_verifier=attempt.code_verifier,
        again=attempt.again,
    )


def let_in(found: Entrance, attempt: Attempt, identity: Identity) -> ResponseReturnValue:
    """Open a session that reaches this municipality's staff and nothing else."""
    with visiting(Place(Door.ACCOUNTS)) as session:
        account_id, is_linked_now = account_of(session, found.tenant_id, identity)
        if (visitor := login.visitor()) is not None and attempt.again:
            logins.end_session(session, visitor.key)
    return login.finish(
        account_id,
        method=LoginMethod.SINGLE_SIGN_ON,
        second_factor=identity.second_factor,
        next_path=attempt.next_path,
        only_tenant_id=found.tenant_id,
        tell=What.SIGN_ON_LINKED if is_linked_now else None,
    )


def account_of(session: Session, tenant_id: int, identity: Identity) -> tuple[UUID, bool]:
    """Return whose account a subject means, and whether it has been linked just now.

    A subject that is not known yet is linked when the provider has verified an address that this municipality has
    invited onto its staff, or that belongs to somebody on its staff.
    """
    linked = queries.linked_account(session, tenant_id=tenant_id, issuer=identity.issuer, subject=identity.subject)
    if linked is not None and queries.works_here(session, tenant_id=tenant_id, account_id=linked):
        return linked, False
    if identity.email is None:
        raise NotLetIn(Reason.UNVERIFIED)
    invitation = invitations.waiting_for(session, tenant_id=tenant_id, email=identity.email, lock=True)
    if invitation is not None:
        account_id: UUID | None = invited(session, invitation)
    else:
        account_id = queries.account_at(session, tenant_id=tenant_id, email=identity.email)
    if account_id is None or linked not in (None, account_id):
        raise NotLetIn(Reason.UNKNOWN)
    if linked is None:
        rules.link(session, tenant_id=tenant_id, account_id=account_id, identity=identity)
    return account_id, linked is None


def invited(session: Session, invitation: Invitation) -> UUID:
    """Accept an invitation for its address, whose owner the provider vouches for."""
    account = accounts.by_email(session, invitation.email)
    try:
        account = account or logins.add_account(session, email=invitation.email, name=invitation.name, password=None)
    except IntegrityError as error:  # the address of an account that has been closed
        raise NotLetIn(Reason.UNKNOWN) from error
    logins.claim(session, account.id)
    accepting.accept(session, invitation, account)
    return account.id


def administrator_of(tenant_id: int) -> UUID | None:
    """Return the membership of the administrator of this municipality who is logged in, or None."""
    visitor = login.visitor()
    found = [] if visitor is None else visitor.belongings
    own = (each for each in found if each.tenant_id == tenant_id and Role.ADMINISTRATOR in each.roles)
    return next((each.membership_id for each in own), None)


def tried(found: Entrance, attempt: Attempt) -> ResponseReturnValue:
    """Note that the configuration works, for the administrator who is trying it."""
    visitor, membership_id = login.visitor(), administrator_of(found.tenant_id)
    if visitor is None or membership_id != attempt.trier:
        raise NotLetIn(Reason.SPENT)
    place = Place(Door.STAFF, tenant_id=found.tenant_id, account_id=visitor.account_id, membership_id=membership_id)
    with visiting(place) as session:
        rules.note_tried(session, issuer=attempt.issuer, client_id=attempt.client_id)
    flash(gettext("The provider has let you through. You can switch it on now."), "good")
    return redirect(url_for("console.access.provider", municipality=found.slug))


def not_tried(slug: str, error: NotLetIn) -> ResponseReturnValue:
    """Tell an administrator why the configuration does not work."""
    flash(f"{gettext('The provider has not let you through.')} {gettext(REASONS[error.reason])}", "bad")
    return redirect(url_for("console.access.provider", municipality=slug))


def refused(slug: str, error: NotLetIn) -> ResponseReturnValue:
    """One calm page, whoever came and why it did not work; only a login that took too long is called that."""
    log.info("sign-on refused", municipality=slug, reason=error.reason.value)
    text = gettext(REASONS[Reason.SPENT] if error.reason is Reason.SPENT else NotLetIn.message)
    return render_template("ayumi/web/pages/signon_refused.html", slug=slug, text=text), error.status

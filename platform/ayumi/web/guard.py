"""The door of each face: who are you, do you belong here, may you do this. In that order, for every request."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.accounts.model import Party
from ayumi.config import settings
from ayumi.contracts import queries as contracts
from ayumi.contracts.queries import Access
from ayumi.kernel import clock
from ayumi.kernel.db import enter
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.web import glass, kept, login, permissions, watch
from ayumi.web.paths import local_path
from ayumi.web.visit import Belonging, Visit, Visitor

STAFF, FIRM, EMPLOYER = Party.STAFF, Party.FIRM, Party.EMPLOYER
# What must be done first by somebody who may: each returns where to send them, or None. Filled when the app is made.
Condition = Callable[[Visit, Any], ResponseReturnValue | None]
CONDITIONS: list[Condition] = []
DOORS = {Party.STAFF: Door.STAFF, Party.FIRM: Door.FIRM, Party.EMPLOYER: Door.EMPLOYER}


class ContractOver(Refused):
    """The firm's contract has ended, or is in its reading time."""

    message = _("The contract with this municipality has ended. You can still read until its reading time is over.")


def guard(face: Blueprint, party: Party, *, away: str = "") -> None:
    """Put a guard before every view of a face. The municipality is the first part of its URLs.

    ``away``: the page for those who are not logged in, where there is nothing to log in with (links by mail).
    """

    def check() -> ResponseReturnValue | None:
        return admit(party, away)

    addressed(face)
    face.before_request(check)
    face.after_request(glass.watch)


def addressed(face: Blueprint) -> None:
    """Take the municipality out of a face's addresses, and put it into those that are made within it."""

    def take_municipality(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.face = face.name
        g.slug = values.pop("municipality", None) if values else None

    def give_municipality(endpoint: str, values: dict[str, Any]) -> None:
        known = endpoint in current_app.view_functions
        if known and g.get("slug") and current_app.url_map.is_endpoint_expecting(endpoint, "municipality"):
            values.setdefault("municipality", g.slug)

    face.url_value_preprocessor(take_municipality)
    face.url_defaults(give_municipality)


def admit(party: Party, away: str = "") -> ResponseReturnValue | None:
    """Enter the place this request names, or answer why not."""
    view = current_app.view_functions[str(request.endpoint)]
    permission = getattr(view, "permission", "nobody")
    if permission is None:
        return None
    visitor = login.visitor()
    if visitor is None:
        return redirect(url_for(away)) if away else ask_to_log_in()
    g.visit = come_in(visitor, party)
    if g.visit.belonging.is_suspended:
        return suspended()
    if not permissions.may(g.visit, permission):
        watch.turned_away("permission", permission=permission, membership_id=g.visit.membership_id)
        raise ContractOver if _held_back_by_contract(g.visit, permission) else Refused
    return next((answer for condition in CONDITIONS if (answer := condition(g.visit, view)) is not None), None)


def come_in(visitor: Visitor, party: Party) -> Visit:
    """Arrive where the visitor belongs or, for an operator without a place there, behind broken glass."""
    at_home = any(each.slug == g.slug and each.party is party for each in visitor.belongings)
    if party is STAFF and visitor.is_operator and not at_home:
        return glass.come_in(visitor, g.slug)
    return arrive(find(visitor, party))


def suspended() -> ResponseReturnValue:
    """Say calmly that nothing goes on here for now, and that nothing is lost."""
    if not wants_page():
        return jsonify(error="suspended", message=gettext("Ayumi rests here at the moment.")), 503
    return render_template("ayumi/web/pages/suspended.html", contact=settings().contact), 503


def find(visitor: Visitor, party: Party) -> Belonging:
    """Return the visitor's membership in the place the URL names; there is nothing here for anybody else."""
    for each in visitor.belongings:
        if each.party is party and (each.slug == g.slug or party is Party.EMPLOYER):
            return each
    watch.turned_away("place", account_id=visitor.account_id)
    raise NotFound


def arrive(belonging: Belonging) -> Visit:
    """Put the request's session in the place of this membership."""
    visitor = login.visitor()
    assert visitor is not None
    enter(
        Place(
            DOORS[belonging.party],
            tenant_id=belonging.tenant_id,
            firm_id=belonging.firm_id,
            employer_id=belonging.employer_id,
            account_id=visitor.account_id,
            membership_id=belonging.membership_id,
            sees=permissions.sees(Visit(visitor, belonging, roles=belonging.roles)),
        )
    )
    may_write, until = True, None
    if belonging.firm_id is not None:
        access, until = contracts.access(belonging.firm_id, clock.today())
        if access is Access.NONE:
            raise ContractOver
        may_write = access is Access.OPEN
    return Visit(visitor, belonging, may_write, until, belonging.roles)


def _held_back_by_contract(visit: Visit, permission: str) -> bool:
    open_visit = Visit(visit.visitor, visit.belonging, True, None, visit.roles)
    return visit.glass is None and not visit.may_write and permissions.may(open_visit, permission)


def ask_to_log_in() -> ResponseReturnValue:
    """Send to the login page; a form that was being sent is kept for whoever it belonged to."""
    if not wants_page():
        return jsonify(error="login", message=gettext("Please log in again. What you typed is still here.")), 401
    blob, owner = None, login.remembered_account()
    if request.method == "POST" and owner is not None:
        blob = kept.keep_form(owner)
    if blob is None:
        return redirect(url_for("login.login_page", next=back_to(request.method == "GET")))
    return render_template("ayumi/web/pages/login.html", kept=blob, next=None, form=None), 401


def back_to(is_get: bool) -> str | None:
    """Return the path to go back to after login: this one, or the page the form was on."""
    if is_get:
        return request.full_path.rstrip("?")
    return local_path(urlsplit(request.referrer or "").path)


def wants_page() -> bool:
    """Tell whether a person is looking at a page, rather than a script of ours at a fragment."""
    return not (request.headers.get("X-Requested-With") or request.headers.get("HX-Request"))

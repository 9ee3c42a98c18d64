"""An operator behind broken glass: looks around in a municipality's console for a few hours, and is watched doing so.

They hold no place there: the break is looked up anew at every request, so that it ends when it ends. They come in by a
door of the database that can read and nothing else, reach only what needs a reading permission, and take no file.
"""

from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request
from flask_babel import gettext

from ayumi.accounts.model import Party, Role
from ayumi.hosting import breaks
from ayumi.hosting import glass as rules
from ayumi.kernel import clock
from ayumi.kernel.db import enter, visiting
from ayumi.kernel.errors import NotFound, Refused
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.web import permissions
from ayumi.web.visit import Belonging, Glass, Visit, Visitor, present

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
AS_ROLES = frozenset({Role.SECTION_HEAD})
PAGES = ("text/html",)


class OnlyLooking(Refused):
    """Behind broken glass nothing is changed."""

    message = _("You are here to read only. Nothing has been changed.")


def come_in(visitor: Visitor, slug: str) -> Visit:
    """Let an operator in through a break that is open right now; for everybody else there is nothing here."""
    if visitor.second_factor_at is None:
        raise NotFound
    with visiting(Place(Door.ACCOUNTS, account_id=visitor.account_id)) as session:
        opened = breaks.letting_in(session, visitor.account_id, slug)
        if opened is None:
            raise NotFound
        visit = _visit(visitor, opened)
    enter(
        Place(
            Door.GLASS,
            tenant_id=visit.belonging.tenant_id,
            account_id=visitor.account_id,
            sees=permissions.sees(visit),
        )
    )
    if request.method not in LOOKING:
        raise OnlyLooking
    return visit


def _visit(visitor: Visitor, opened: Any) -> Visit:
    town = opened.Municipality
    belonging = Belonging(
        membership_id=opened.id,
        tenant_id=town.id,
        slug=town.slug,
        municipality=town.name,
        band=town.band,
        is_demonstration=town.is_demonstration,
        party=Party.STAFF,
        roles=AS_ROLES,
        name=visitor.name,
        firm_id=None,
        firm_name=None,
        employer_id=None,
        pledged_on=clock.day_of(opened.asked_at),
        needs_second_factor=True,
        is_suspended=town.suspended_at is not None,
    )
    glass = Glass(opened.id, opened.reason, opened.ticket, opened.ends_at)
    return Visit(visitor, belonging, may_write=False, roles=AS_ROLES, glass=glass)


def watch(response: Response) -> Response:
    """Write down what an operator is shown, before they are shown it; give no file away."""
    visit = present()
    if visit is None or visit.glass is None or response.status_code >= 300:
        return response
    if response.mimetype not in PAGES:
        text = gettext("Behind broken glass nothing can be taken away.")
        return make_response(render_template("ayumi/web/pages/error.html", status=403, text=text), 403)
    rules.viewed(visit.glass.break_id, page=str(request.endpoint).partition(".")[2], **_subject())
    return response


def _subject() -> dict[str, Any]:
    """What a page is about: the last thing its address names."""
    named = [(name, id) for name, id in (request.view_args or {}).items() if isinstance(id, UUID)]
    return {"subject": named[-1][0].removesuffix("_id"), "subject_id": named[-1][1]} if named else {}

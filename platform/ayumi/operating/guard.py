"""The door of the hosting console: an operator with a second factor, and nobody else; nothing of anybody's life."""

from flask import Blueprint, current_app, g, request
from flask.typing import ResponseReturnValue

from ayumi.kernel.db import enter, visiting
from ayumi.kernel.errors import Conflict, NotFound
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.municipalities import queries as municipalities
from ayumi.municipalities.model import Municipality
from ayumi.web import login, proofs, step_up
from ayumi.web.guard import addressed, ask_to_log_in
from ayumi.web.visit import Visitor

OVERVIEW = "operator.municipalities.show"


class HasLeft(Conflict):
    """There is nothing any more to be booked, invited to or looked at."""

    message = _("This municipality has left the platform.")


def guard(face: Blueprint) -> None:
    """Put the guard before every view of the face."""
    addressed(face)
    face.before_request(admit)


def admit() -> ResponseReturnValue | None:
    """Let an operator in, into the municipality the address names or, where it names none, beside them all."""
    view = current_app.view_functions[str(request.endpoint)]
    permission = getattr(view, "permission", "nobody")
    if permission is None:
        return None
    visitor = login.visitor()
    if visitor is None:
        return ask_to_log_in()
    if not visitor.is_operator or permission != "operator":
        raise NotFound
    answer = proofs.missing_factor(visitor, needed=True) or step_up.check(visitor, view)
    if answer is not None:
        return answer
    g.operator, g.town = visitor, named(g.slug) if g.slug else None
    if g.town is not None and g.town.left_at is not None and view is not current_app.view_functions[OVERVIEW]:
        raise HasLeft
    enter(Place(Door.OPERATOR, tenant_id=g.town.id if g.town else None, account_id=visitor.account_id))
    return None


def named(slug: str) -> Municipality:
    """Return the municipality of an address."""
    with visiting(Place(Door.OPERATOR)) as session:
        found = municipalities.by_slug(session, slug)
        if found is None:
            raise NotFound
        session.expunge(found)
        return found


def operator() -> Visitor:
    """Return who is here."""
    return g.operator  # type: ignore[no-any-return]


def town() -> Municipality:
    """Return the municipality that the address names."""
    return g.town  # type: ignore[no-any-return]

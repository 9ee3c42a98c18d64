"""Wires up everything by which somebody proves who they are: second step, factors, asking again, sessions."""

from typing import Any

from flask import Flask, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ayumi.kernel.words import _
from ayumi.web import (
    account,
    by_provider,
    factors,
    guard,
    paper_codes,
    passkeys,
    practice_codes,
    proving,
    second_step,
    sessions,
    step_up,
)
from ayumi.web.visit import Visit, Visitor

BLUEPRINTS = (
    second_step.pages,
    passkeys.pages,
    step_up.pages,
    factors.pages,
    paper_codes.pages,
    sessions.pages,
    account.pages,
    account.secret,
)
SET_UP_FIRST = _("This place needs a second factor besides your password. Please set one up; it takes two minutes.")


def init_proofs(app: Flask) -> None:
    """Add the pages, and ask before every view of a face: for a second factor first, for a fresh proof last."""
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
    app.jinja_env.globals["codes_url"] = practice_codes.address
    if second_factor_condition not in guard.CONDITIONS:
        guard.CONDITIONS.insert(0, second_factor_condition)
        guard.CONDITIONS.append(step_up.condition)


def second_factor_condition(visit: Visit, _view: Any) -> ResponseReturnValue | None:
    """Ask for a second factor in a place that needs one."""
    return missing_factor(visit.visitor, needed=visit.belonging.needs_second_factor)


def missing_factor(visitor: Visitor, *, needed: bool) -> ResponseReturnValue | None:
    """Send somebody who has shown no second factor to show one or to set one up; None when nothing is missing.

    Operators always need one: ``missing_factor(visitor, needed=True)``.
    """
    if not needed or visitor.second_factor_at is not None:
        return None
    if proving.factors_of(visitor.account_id).any:
        return step_up.ask(visitor)
    if by_provider.came_by_provider(visitor):
        return by_provider.set_up(visitor)
    flash(gettext(SET_UP_FIRST), "warn")
    return redirect(url_for("factors.index"))

"""What people read when something does not go: in the look of the place they are in, with what to do next."""

from typing import Any

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ayumi.kernel.away import is_away
from ayumi.kernel.db import db
from ayumi.kernel.errors import AyumiError
from ayumi.kernel.words import _
from ayumi.web import login, watch
from ayumi.web.guard import wants_page

log = structlog.get_logger(__name__)

SENTENCES = {
    400: _("The page could not be understood. Please go back, reload the page and try again."),
    401: _("Please log in."),
    403: _("You may not do this here."),
    404: _("There is no such page here, or it is not yours to see."),
    405: _("This cannot be done that way."),
    409: _("Somebody else has changed this in the meantime. Nothing of yours was saved over theirs."),
    413: _("The file is too large."),
    422: _("Something does not fit. Please look at the marked fields."),
    429: _("Too many attempts. Please wait a little and try again."),
    500: _("Something went wrong on our side. Nothing was saved. Please try again in a moment."),
    503: _("Ayumi is being looked after at the moment. Please try again in a moment."),
}
COME_BACK = 10  # seconds, for those who come back by themselves
CHANGED_MEANWHILE = (postgres.UniqueViolation, postgres.ExclusionViolation, postgres.RaiseException)


def init_errors(app: Flask) -> None:
    """Answer every error in the users' words."""
    app.register_error_handler(AyumiError, known)
    app.register_error_handler(CSRFError, stale_page)
    app.register_error_handler(StaleDataError, changed_meanwhile)
    app.register_error_handler(IntegrityError, integrity)
    app.register_error_handler(DBAPIError, by_database)
    app.register_error_handler(HTTPException, by_status)
    app.register_error_handler(Exception, unknown)


def sentence(error: AyumiError) -> str:
    """Return an error's sentence in the reader's language."""
    text = str(error.sentence or SENTENCES[error.status])
    said: str = gettext(text, **error.params)
    return said


def known(error: AyumiError) -> ResponseReturnValue:
    """An error a rule has raised."""
    watch.refused("rule", rule=type(error).__name__, status=error.status)
    return answer(error.status, sentence(error))


def stale_page(error: CSRFError) -> ResponseReturnValue:
    """The form's mark does not belong to this browser's session."""
    watch.turned_away("form without its mark")
    return answer(400, gettext(SENTENCES[400]))


def changed_meanwhile(error: Exception) -> ResponseReturnValue:
    """Two people, one thing: the second is told."""
    return answer(409, gettext(SENTENCES[409]))


def integrity(error: IntegrityError) -> ResponseReturnValue:
    """The database has refused: a race that the rules could not see, or a mistake of ours."""
    if isinstance(error.orig, CHANGED_MEANWHILE) or getattr(error.orig, "sqlstate", "") == "23000":
        return changed_meanwhile(error)
    if isinstance(error.orig, postgres.ForeignKeyViolation):
        return answer(404, gettext(SENTENCES[404]))
    return unknown(error)


def by_status(error: HTTPException) -> ResponseReturnValue:
    """An error of the web itself."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return answer(status, gettext(SENTENCES.get(status, SENTENCES[500])))


def by_database(error: DBAPIError) -> ResponseReturnValue:
    """The database has refused, or it is away: then the page that says so must do without it."""
    if not is_away(error):
        return unknown(error)
    login.nobody_known()
    log.error("database away", endpoint=request.endpoint, method=request.method, place=_place(error))
    response = make_response(answer(503, gettext(SENTENCES[500])))
    response.headers["Retry-After"] = str(COME_BACK)
    return response


def unknown(error: Exception) -> ResponseReturnValue:
    """A mistake of ours: its kind and place go to the log, nothing of what it was about."""
    original = getattr(error, "orig", None) or error
    log.error(
        "failed",
        endpoint=request.endpoint,
        method=request.method,
        kind=type(original).__name__,
        place=_place(error),
    )
    return answer(500, gettext(SENTENCES[500]))


def _place(error: BaseException) -> str:
    trace: Any = error.__traceback__
    last = ""
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.split(".")[0] in {"ayumi", "tenants", "portal", "jobs"}:
            last = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def answer(status: int, text: str) -> ResponseReturnValue:
    """A page, or a word for a script."""
    db.session.rollback()
    if not wants_page():
        return jsonify(error=str(status), message=text), status
    return render_template("ayumi/web/pages/error.html", status=status, text=text), status


__all__ = ["answer", "init_errors", "sentence"]

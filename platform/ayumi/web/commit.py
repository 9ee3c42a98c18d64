"""One transaction per request: kept when the answer is good, given up when it is not. Nobody else commits."""

from flask import Flask, Response, make_response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ayumi.kernel.db import db
from ayumi.web import downloads, errors, reading


def init_commit(app: Flask) -> None:
    """Commit after every good answer, roll back after every other."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Keep or give up the request's work; what only shows at the last moment is told like any other conflict."""
    if response.status_code >= 400:
        db.session.rollback()
        return response
    if downloads.is_too_much(response):
        return make_response(errors.answer(429, downloads.sentence()))
    try:
        reading.tell(response)
        db.session.commit()
    except StaleDataError as error:
        return make_response(errors.changed_meanwhile(error))
    except IntegrityError as error:
        return make_response(errors.integrity(error))
    return response

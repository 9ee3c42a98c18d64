"""One transaction per request: kept when the answer is good, given up when it is not. Nobody else commits."""

from flask import Flask, Response

from ayumi.kernel.db import db


def init_commit(app: Flask) -> None:
    """Commit after every good answer, roll back after every other."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Keep or give up the request's work."""
    if response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response

"""A transaction of its own beside the job's: what is done here is kept even when the job's work is not."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from ayumi.kernel.db import db, enter, here


@contextmanager
def apart() -> Iterator[None]:
    """Be in the same place with another session; commit when it ends well."""
    place = here()
    with current_app.app_context():
        enter(place)
        yield
        db.session.commit()

"""Checks one municipality's journal from its first entry to its last: asked for by somebody, or every night."""

from functools import partial
from uuid import UUID

from ayumi.audit import checking, checks
from ayumi.kernel.db import db, tenant
from jobs.apart import apart


def run(*, check_id: str | None = None) -> None:
    """Check; how far it is, and what was found, is told apart from the work."""
    with apart():
        id = checks.start(UUID(check_id) if check_id else None)
    if id is None:
        return
    try:
        result = checking.check(db.session(), tenant(), tell=partial(checks.tell, id))
    except Exception:
        db.session.rollback()
        with apart():
            checks.fail(id)
        raise
    checks.finish(id, result)

"""What was promised in a municipality and is not done yet: no packing holds it, so nobody leaves before it is done.

Suspended, nothing of it is done: mails, and entries of the journal about who has looked at whom, would be lost.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ayumi.kernel.db import place_of
from ayumi.kernel.errors import Conflict
from ayumi.kernel.outbox import Promise
from ayumi.kernel.words import _


class Unfinished(Conflict):
    """Jobs are still to be done."""

    message = _(
        "Not done yet of what was promised here: %(count)s jobs, which would be lost. Let the municipality go on until"
        " the hosting console shows no open jobs for it, suspend it again, and export it then."
    )


def check(session: Session) -> None:
    """Raise Unfinished when there is work that somebody still counts on; what was given up is not."""
    open_here = (Promise.tenant_id == place_of(session).tenant_id, Promise.done_at.is_(None))
    count = session.scalar(select(func.count()).where(*open_here, Promise.gave_up_at.is_(None)))
    if count:
        raise Unfinished(count=count)

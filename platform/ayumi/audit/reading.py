"""Who looked at whom: promised with the page, written into the journal by the worker, so that looking stays quick."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ayumi.kernel import clock, journal
from ayumi.kernel.db import here
from ayumi.kernel.journal import Actor
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door

LOOKED, EXPORTED = "looked", "exported"
ONCE_IN = 900  # seconds: somebody who turns back and forth between pages is written down once
WRITTEN = "%Y-%m-%dT%H:%M:%S.%fZ"


def looked(subject: str, subject_id: UUID, page: str, *, action: str = LOOKED) -> None:
    """Promise to write down that whoever is here looked at a row of a table, on which page (``records.week``).

    Once per row, reader, page and quarter of an hour, however often it is called. Works behind every door that may
    promise, the glass too.
    """
    place, now = here(), clock.now()
    reader = place.membership_id or place.account_id
    actor: dict[str, Any] = {
        "membership_id": place.membership_id,
        "account_id": place.account_id,
        "firm_id": place.firm_id,
        "employer_id": place.employer_id,
    }
    promise(
        "reading",
        once=f"{action}:{subject}:{subject_id}:{reader}:{page}:{int(now.timestamp()) // ONCE_IN}",
        subject=subject,
        subject_id=subject_id,
        action=action,
        page=page,
        at=now.strftime(WRITTEN),
        door=place.door.value,
        **{name: value for name, value in actor.items() if value is not None},
    )


def exported(subject: str, subject_id: UUID, page: str) -> None:
    """Promise to write down that whoever is here took a file with this row in it."""
    looked(subject, subject_id, page, action=EXPORTED)


def write_down(*, subject: str, subject_id: str, action: str, page: str, at: str, door: str, **who: str) -> None:
    """Write a promised reading into the journal, in the reader's name. The worker calls it."""
    actor = Actor(
        door=Door(door),
        at=datetime.strptime(at, f"{WRITTEN[:-1]}%z"),
        **{name: UUID(value) for name, value in who.items()},
    )
    journal.note_of(subject, UUID(subject_id), action, changes={"page": [None, page]}, by=actor)

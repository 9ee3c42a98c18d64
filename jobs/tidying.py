"""Every night: forget kept promises that nobody will make again under the same name, and bytes without a row."""

from datetime import timedelta

from ayumi.kernel import clock, outbox
from ayumi.kernel.db import tenant, visiting
from ayumi.kernel.files.strays import forget_strays
from ayumi.kernel.tenancy import Door, Place

# Named after a moment, so that the same is never promised twice: what was looked at, and what the timetable asks for
# each day. Other promises stay: their names are how it is known that something has been done once.
FLEETING = (
    "consent_expiry", "expected_weeks", "glass_view", "incident_deadlines", "invitation_expiry", "journal_check",
    "packing_expiry", "reading", "reset_expiry", "signed_heads", "tidying",
)  # fmt: skip
KEPT = timedelta(days=30)


def run() -> None:
    """Forget what was done a month ago, and what was begun and never kept. Only the keeper may delete."""
    with visiting(Place(Door.KEEPER, tenant_id=tenant())) as session:
        outbox.forget(session, FLEETING, done_before=clock.now() - KEPT)
        forget_strays(session)

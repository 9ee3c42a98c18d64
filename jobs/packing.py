"""Packs up everything a municipality has, and forgets packings that are too old."""

from uuid import UUID

from ayumi.kernel.db import db, tenant, visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import rules
from jobs.apart import apart


def run(*, packing_id: str) -> None:
    """Make the packing that was asked for; how far it is, and that it failed, is told apart from the work."""
    id = UUID(packing_id)
    with apart():
        begun = rules.start(id)
    if not begun:
        return
    try:
        rules.make(id)
    except rules.DisposedMeanwhile:
        raise
    except Exception:
        db.session.rollback()
        with apart():
            rules.fail(id)
        raise


def expire() -> None:
    """Each night: a packing is not kept longer than thirty days."""
    with visiting(Place(Door.KEEPER, tenant_id=tenant())) as session:
        rules.forget_old(session)

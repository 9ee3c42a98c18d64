"""Carries a disposal list out in a process of its own, slowly, so that there is a middle to be killed in."""

import sys
import time
from typing import Any
from uuid import UUID

from ayumi.kernel.db import db, enter
from ayumi.kernel.tenancy import Door, Place
from ayumi.retention import carrying_out
from ayumi.retention.erasing import erase
from wsgi import make_app


def slowly(*subject: Any) -> None:
    """Erase, and take a moment before it is committed."""
    erase(*subject)
    time.sleep(0.15)


def main(tenant_id: str, disposal_id: str) -> None:
    """Run until killed."""
    carrying_out.__dict__["erase"] = slowly
    with make_app().app_context():
        enter(Place(Door.WORKER, tenant_id=int(tenant_id)))
        carrying_out.carry_out(UUID(disposal_id))
        db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])

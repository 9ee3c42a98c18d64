"""Keep a file, and open it again."""

import hashlib
from uuid import UUID

from sqlalchemy import func, select

from ayumi.kernel import clock
from ayumi.kernel.db import add, db, here, one, tenant
from ayumi.kernel.files.forgetting import lock_of
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store


def keep(
    data: bytes,
    *,
    filename: str,
    content_type: str,
    purpose: str,
    subject_id: UUID | None = None,
    firm_id: UUID | None = None,
) -> StoredFile:
    """Keep ``data`` in the present municipality and return its row.

    The bytes are written first: a row never points at nothing. Bytes without a row (after a roll-back) harm nobody.
    """
    place = here()
    row = StoredFile(
        tenant_id=tenant(),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content_type=content_type,
        filename=filename,
        purpose=purpose,
        subject_id=subject_id,
        firm_id=place.firm_id or firm_id,
        kept_at=clock.now(),
        membership_id=place.membership_id,
    )
    db.session.execute(select(func.pg_advisory_xact_lock_shared(lock_of(row.key))))
    store().put(row.key, data, content_type)
    return add(row)


def opened_file(id: UUID) -> tuple[StoredFile, bytes]:
    """Return a file of this municipality and its bytes; raise NotFound when it is not here to see."""
    row = one(StoredFile, id)
    return row, store().get(row.key)

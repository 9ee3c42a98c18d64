"""Keep a file, and open it again."""

import hashlib
from typing import IO
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

    The bytes are written first: a row never points at nothing. Bytes without a row, after a roll-back, go the next
    night (strays.py).
    """
    sha256, size = hashlib.sha256(data).hexdigest(), len(data)
    row = _row(sha256, size, filename, content_type, purpose, subject_id, firm_id)
    store().put(row.key, data, content_type)
    return add(row)


def keep_file(
    source: IO[bytes], *, filename: str, content_type: str, purpose: str, subject_id: UUID | None
) -> StoredFile:
    """Keep an open file that may be larger than memory in the present municipality and return its row."""
    source.seek(0)
    sha256 = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    row = _row(sha256, source.tell(), filename, content_type, purpose, subject_id, None)
    source.seek(0)
    store().put_file(row.key, source, content_type)
    return add(row)


def _row(sha256: str, size: int, filename: str, content_type: str, purpose: str, *about: UUID | None) -> StoredFile:
    """Make the row, and let nobody forget the same bytes before it is there."""
    place, (subject_id, firm_id) = here(), about
    row = StoredFile(
        tenant_id=tenant(),
        sha256=sha256,
        size=size,
        content_type=content_type,
        filename=plain_name(filename),
        purpose=purpose,
        subject_id=subject_id,
        firm_id=place.firm_id or firm_id,
        kept_at=clock.now(),
        membership_id=place.membership_id,
    )
    db.session.execute(select(func.pg_advisory_xact_lock_shared(lock_of(row.key))))
    return row


def plain_name(filename: str) -> str:
    """Return a file's name on one line: it goes into a header when the file is handed out."""
    return "".join(mark if mark.isprintable() else " " for mark in filename).strip() or "file"


def reading(id: UUID) -> tuple[StoredFile, IO[bytes]]:
    """Return a file of this municipality and its bytes, to be read piece by piece; raise NotFound."""
    row = one(StoredFile, id)
    return row, store().reading(row.key)


def opened_file(id: UUID) -> tuple[StoredFile, bytes]:
    """Return a file of this municipality and its bytes; raise NotFound when it is not here to see."""
    row = one(StoredFile, id)
    return row, store().get(row.key)

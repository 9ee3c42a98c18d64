"""Keep a file, and open it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sqlalchemy import func, insert, select

from ayumi.kernel import clock, ids
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
    row = _row(_digest(data), len(data), filename, content_type, purpose, subject_id, firm_id)
    _hold(row)
    store().put(row.key, data, content_type)
    return add(row)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be kept."""

    data: bytes
    filename: str
    content_type: str


def keep_all(papers: Sequence[Paper], *, purpose: str, subject_id: UUID) -> list[UUID]:
    """Keep the files of one thing at once in the present municipality, and return their ids in this order."""
    rows = [
        _row(_digest(each.data), len(each.data), each.filename, each.content_type, purpose, subject_id, None)
        for each in papers
    ]
    _hold(*rows)
    for row, paper in zip(rows, papers, strict=True):
        store().put(row.key, paper.data, paper.content_type)
    columns = StoredFile.__table__.c.keys()
    db.session.connection().execute(
        insert(StoredFile), [{name: getattr(row, name) for name in columns} for row in rows]
    )
    return [row.id for row in rows]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep_file(
    source: IO[bytes], *, filename: str, content_type: str, purpose: str, subject_id: UUID | None
) -> StoredFile:
    """Keep an open file that may be larger than memory in the present municipality and return its row."""
    source.seek(0)
    sha256 = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    row = _row(sha256, source.tell(), filename, content_type, purpose, subject_id, None)
    _hold(row)
    source.seek(0)
    store().put_file(row.key, source, content_type)
    return add(row)


def _row(sha256: str, size: int, filename: str, content_type: str, purpose: str, *about: UUID | None) -> StoredFile:
    """Make the row; it is not sent yet."""
    place, (subject_id, firm_id) = here(), about
    return StoredFile(
        tenant_id=tenant(),
        id=ids.new(),
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


def _hold(*rows: StoredFile) -> None:
    """Let nobody forget the same bytes before these rows are there."""
    locks = select(*(func.pg_advisory_xact_lock_shared(lock_of(row.key)) for row in rows))
    db.session.connection().execute(locks)


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

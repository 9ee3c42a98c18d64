"""Find packings."""

from uuid import UUID

from sqlalchemy import select

from ayumi.accounts.model import Membership
from ayumi.kernel import db as kernel
from ayumi.kernel.db import Rows, db
from ayumi.kernel.files.model import StoredFile
from ayumi.moving.model import Packing


def every() -> Rows:
    """Return all packings, newest first, with who asked and how large the file is while there is one."""
    query = (
        select(
            Packing.id,
            Packing.status,
            Packing.asked_at,
            Packing.packed_at,
            Packing.rows,
            Packing.file_id,
            Membership.name.label("asked_by"),
            StoredFile.size,
        )
        .outerjoin(Membership, Membership.id == Packing.asked_by)
        .outerjoin(StoredFile, StoredFile.id == Packing.file_id)
        .order_by(Packing.asked_at.desc())
    )
    return db.session.execute(query).all()


def one(packing_id: UUID) -> Packing:
    """Return a packing, or raise NotFound."""
    return kernel.one(Packing, packing_id)

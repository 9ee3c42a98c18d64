"""Find firms."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.firms.model import Firm
from ayumi.kernel.db import db
from ayumi.kernel.errors import NotFound
from ayumi.kernel.words import _


def named(session: Session, name: str) -> UUID:
    """Return the firm of this name; raise NotFound."""
    found = session.scalar(select(Firm.id).where(Firm.name == name))
    if found is None:
        raise NotFound(_("There is no firm of this name."))
    return found


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return firm id -> name."""
    return {row.id: row.name for row in db.session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(ids)))}

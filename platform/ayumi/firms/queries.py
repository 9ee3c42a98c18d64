"""Find firms."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ayumi.firms.model import Firm
from ayumi.kernel.errors import NotFound
from ayumi.kernel.words import _


def named(session: Session, name: str) -> UUID:
    """Return the firm of this name; raise NotFound."""
    found = session.scalar(select(Firm.id).where(Firm.name == name))
    if found is None:
        raise NotFound(_("There is no firm of this name."))
    return found

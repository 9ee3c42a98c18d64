"""Find municipalities and how they run support."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ayumi.kernel.db import db, tenant
from ayumi.municipalities.model import Municipality, Programme


def every(session: Session) -> Sequence[Municipality]:
    """Return all municipalities by code."""
    return session.scalars(select(Municipality).order_by(Municipality.code.nulls_last(), Municipality.slug)).all()


def by_slug(session: Session, slug: str) -> Municipality | None:
    """Return the municipality with this name in URLs."""
    return session.scalar(select(Municipality).where(Municipality.slug == slug))


def by_id(session: Session, tenant_id: int) -> Municipality:
    """Return this municipality."""
    return session.get_one(Municipality, tenant_id)


def in_service(session: Session) -> Sequence[int]:
    """Return the ids of all municipalities that are not suspended."""
    return session.scalars(ids_in_service()).all()


def ids_in_service() -> Select[int]:
    """Return the query for the ids of all municipalities that are not suspended, to be used within another."""
    return select(Municipality.id).where(Municipality.suspended_at.is_(None), Municipality.left_at.is_(None))


def is_in_service(session: Session, tenant_id: int) -> bool:
    """Tell whether work is done for a municipality."""
    return session.scalar(ids_in_service().where(Municipality.id == tenant_id)) is not None


def present() -> Municipality:
    """Return the municipality one is in."""
    return db.session.scalars(select(Municipality).where(Municipality.id == tenant())).one()


def programme() -> Programme:
    """Return how the present municipality runs support."""
    return db.session.scalars(select(Programme)).one()

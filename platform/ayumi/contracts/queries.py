"""Which firms work for the municipality, and until when."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from ayumi.contracts.model import Contract
from ayumi.firms.model import Firm
from ayumi.kernel.db import Rows, db
from ayumi.kernel.db import one as row
from ayumi.kernel.errors import NotFound
from ayumi.municipalities.model import Programme


class Access(StrEnum):
    """What a contract lets a firm do on a day."""

    OPEN = "open"
    READ_ONLY = "read_only"
    NONE = "none"


def access(firm_id: UUID, on: date) -> tuple[Access, date | None]:
    """Return what the firm may do on a day, and the last day on which it may still read.

    Under contract: everything. After it has ended: reading only for the municipality's tail (90 days unless set
    otherwise). Before it begins, and after the tail: nothing.
    """
    ends_on, tail_days = db.session.execute(
        select(func.max(Contract.ends_on), func.max(Programme.contract_tail_days))
        .join(Programme, Programme.tenant_id == Contract.tenant_id)
        .where(Contract.firm_id == firm_id, Contract.starts_on <= on)
    ).one()
    return standing(ends_on, tail_days or 0, on)


def standing(ends_on: date | None, tail_days: int, on: date) -> tuple[Access, date | None]:
    """Return what a firm whose last begun contract ends on ``ends_on`` may do on a day, and its last day of reading."""
    if ends_on is None:
        return Access.NONE, None
    last = ends_on + timedelta(days=tail_days)
    if on <= ends_on:
        return Access.OPEN, last
    return (Access.READ_ONLY if on <= last else Access.NONE), last


def firms_in_force(on: date) -> Rows:
    """Return (id, name, kana, kind) of the firms under contract on a day."""
    return db.session.execute(
        select(Firm.id, Firm.name, Firm.kana, Firm.kind)
        .join(Contract, Contract.firm_id == Firm.id)
        .where(Contract.starts_on <= on, Contract.ends_on >= on)
        .group_by(Firm.id)
        .order_by(Firm.kana)
    ).all()


def overview(on: date) -> Rows:
    """Return every firm that has or had a contract here: id, name, kana, kind, contracts (how many), first_on (its
    first day), ends_on (last day of those that have begun; empty when none has) and tail_days.
    """
    return db.session.execute(
        select(
            Firm.id,
            Firm.name,
            Firm.kana,
            Firm.kind,
            func.count(Contract.id).label("contracts"),
            func.min(Contract.starts_on).label("first_on"),
            func.max(Contract.ends_on).filter(Contract.starts_on <= on).label("ends_on"),
            func.max(Programme.contract_tail_days).label("tail_days"),
        )
        .join(Contract, Contract.firm_id == Firm.id)
        .join(Programme, Programme.tenant_id == Contract.tenant_id)
        .group_by(Firm.id)
        .order_by(Firm.kana)
    ).all()


def one(contract_id: UUID) -> Contract:
    """Return this contract."""
    return row(Contract, contract_id)


def firm(firm_id: UUID) -> Firm:
    """Return a firm that has or had a contract here, else raise NotFound."""
    known = select(Firm).join(Contract, Contract.firm_id == Firm.id).where(Firm.id == firm_id).limit(1)
    found = db.session.scalar(known)
    if found is None:
        raise NotFound
    return found


def contracts_of(firm_id: UUID) -> Rows:
    """Return (id, title, purpose, starts_on, ends_on) of a firm's contracts here, the latest first."""
    return db.session.execute(
        select(Contract.id, Contract.title, Contract.purpose, Contract.starts_on, Contract.ends_on)
        .where(Contract.firm_id == firm_id)
        .order_by(Contract.ends_on.desc(), Contract.starts_on.desc())
    ).all()


def known_firms() -> Rows:
    """Return (id, name) of the firms that have or had a contract here, by kana."""
    return db.session.execute(
        select(Firm.id, Firm.name).join(Contract, Contract.firm_id == Firm.id).group_by(Firm.id).order_by(Firm.kana)
    ).all()

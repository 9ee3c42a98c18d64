"""Which firms work for the municipality, and until when."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from ayumi.contracts.model import Contract
from ayumi.firms.model import Firm
from ayumi.kernel.db import Rows, db
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
    row = db.session.execute(
        select(func.max(Contract.ends_on), func.max(Programme.contract_tail_days))
        .join(Programme, Programme.tenant_id == Contract.tenant_id)
        .where(Contract.firm_id == firm_id, Contract.starts_on <= on)
    ).one()
    if row[0] is None:
        return Access.NONE, None
    last = row[0] + timedelta(days=row[1])
    if on <= row[0]:
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

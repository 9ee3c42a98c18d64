"""Let a firm work for the municipality, and say until when."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from ayumi.contracts import queries
from ayumi.contracts.model import Contract
from ayumi.firms.model import Firm, FirmKind
from ayumi.kernel import clock, journal
from ayumi.kernel.db import add, db, tenant
from ayumi.kernel.editions import rewrite, unchanged

WORDS = ("title", "purpose", "starts_on", "ends_on")


def sign(
    *,
    id: UUID,
    title: str,
    starts_on: date,
    ends_on: date,
    purpose: str | None = None,
    firm_id: UUID | None = None,
    firm_name: str | None = None,
    firm_kana: str | None = None,
    firm_kind: FirmKind | None = None,
) -> Contract:
    """Write down a contract, with a firm known here or with one that is named. The same ``id`` again changes nothing.

    A firm that already works elsewhere is the same firm: nothing but its public name is shared.
    """
    made = db.session.get(Contract, (tenant(), id))
    if made is not None:
        return made
    firm = queries.firm(firm_id) if firm_id else _named(str(firm_name), str(firm_kana), firm_kind or FirmKind.OTHER)
    contract = add(Contract(id=id, firm_id=firm.id, title=title, purpose=purpose, starts_on=starts_on, ends_on=ends_on))
    journal.note(contract, "signed")
    return contract


def edit(
    contract: Contract, *, edition: int, title: str, starts_on: date, ends_on: date, purpose: str | None = None
) -> Contract:
    """Change a contract's words and dates; a firm's access follows its dates from the next page on."""
    unchanged(contract, edition)
    changes = rewrite(contract, title=title, purpose=purpose, starts_on=starts_on, ends_on=ends_on)
    if changes:
        journal.note(contract, "edited", changes=changes)
    return contract


def _named(name: str, kana: str, kind: FirmKind) -> Firm:
    firm = db.session.scalar(select(Firm).where(Firm.name == name).order_by(Firm.created_at).limit(1))
    if firm is None:
        firm = Firm(name=name, kana=kana, kind=kind, created_at=clock.now())
        db.session.add(firm)
        db.session.flush()
    return firm

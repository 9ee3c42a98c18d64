"""The price of a person-day: proposed by one person, decided by another, never edited."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from ayumi.employers.model import PRICE_TRANSITIONS, Agreement, FeeKind, PriceStatus, UnitPrice
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here, one, tenant
from ayumi.kernel.editions import rewrite
from ayumi.kernel.errors import Invalid, Refused
from ayumi.kernel.words import _


class OwnProposal(Refused):
    """Whoever proposed a price also decides on it."""

    message = _("You proposed this price yourself. Somebody else has to decide on it.")


def propose(agreement_id: UUID, *, id: UUID, yen: int, tax_rate_pct: int, valid_from: date) -> UnitPrice:
    """Propose a price from a day on, until the agreement ends."""
    known = db.session.get(UnitPrice, (tenant(), id))
    if known is not None:
        return known
    agreement = one(Agreement, agreement_id, lock=True)
    _check(agreement, valid_from)
    price = add(
        UnitPrice(
            id=id,
            agreement_id=agreement.id,
            employer_id=agreement.employer_id,
            version=_next_version(agreement.id),
            yen=yen,
            tax_rate_pct=tax_rate_pct,
            valid_from=valid_from,
            valid_to=agreement.ends_on,
            status=PriceStatus.PROPOSED,
            entered_by=here().membership_id,
            entered_at=clock.now(),
            firm_id=agreement.firm_id,
        )
    )
    journal.note(price, "proposed", after=PriceStatus.PROPOSED.value)
    return price


def approve(price_id: UUID) -> UnitPrice:
    """Let a price count from its day on; the price before it ends the day before."""
    price = _undecided(price_id)
    former = _in_force_on_or_after(price.agreement_id, price.valid_from)
    if former is not None:
        _check_later(former, price.valid_from)
        changes = rewrite(former, valid_to=price.valid_from - timedelta(days=1))
        journal.note(former, "ended", changes=changes)
    _decide(price, PriceStatus.APPROVED, "approved")
    return price


def reject(price_id: UUID, *, reason: str) -> UnitPrice:
    """Turn a price down and say why."""
    price = _undecided(price_id)
    price.reason = reason
    _decide(price, PriceStatus.REJECTED, "rejected", reason)
    return price


def _undecided(price_id: UUID) -> UnitPrice:
    """Return a proposal for deciding. The agreement is locked, so that two approvals cannot overlap."""
    price = one(UnitPrice, price_id)
    one(Agreement, price.agreement_id, lock=True)
    price = one(UnitPrice, price_id, lock=True)
    if price.entered_by == here().membership_id:
        raise OwnProposal
    return price


def _decide(price: UnitPrice, target: PriceStatus, action: str, why: str | None = None) -> None:
    price.decided_by, price.decided_at = here().membership_id, clock.now()
    states.change(price, target, table=PRICE_TRANSITIONS, action=action, why=why)


def _check(agreement: Agreement, valid_from: date) -> None:
    if agreement.fee_kind is FeeKind.NONE:
        text = _("Under this agreement nothing is paid, so there is no price.")
        raise Invalid(text, fields={"yen": text})
    if not agreement.starts_on <= valid_from <= agreement.ends_on:
        text = _("This day is not within the agreement.")
        raise Invalid(text, fields={"valid_from": text})
    former = _in_force_on_or_after(agreement.id, valid_from)
    if former is not None:
        _check_later(former, valid_from)


def _check_later(former: UnitPrice, valid_from: date) -> None:
    if former.valid_from >= valid_from:
        text = _("A price is already approved from this day or later. A new price must begin after it.")
        raise Invalid(text, fields={"valid_from": text})


def _in_force_on_or_after(agreement_id: UUID, on: date) -> UnitPrice | None:
    query = (
        select(UnitPrice)
        .where(
            UnitPrice.agreement_id == agreement_id,
            UnitPrice.status == PriceStatus.APPROVED,
            UnitPrice.valid_to >= on,
        )
        .order_by(UnitPrice.valid_from.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _next_version(agreement_id: UUID) -> int:
    query = select(func.coalesce(func.max(UnitPrice.version), 0)).where(UnitPrice.agreement_id == agreement_id)
    return int(db.session.scalar(query) or 0) + 1

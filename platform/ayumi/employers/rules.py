"""Partner employers: found, agreed with, rested; their sites and the agreement of each fiscal year."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from ayumi.employers.model import (
    TRANSITIONS,
    Agreement,
    Employer,
    EmployerStatus,
    FeeKind,
    Payer,
    Site,
    TaxTreatment,
    UnitPrice,
)
from ayumi.japan.calendar import fiscal_year_span
from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import add, db, here, one, tenant
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.kernel.errors import Invalid, Refused
from ayumi.kernel.tenancy import Door
from ayumi.kernel.words import _


class NotYours(Refused):
    """A firm touches an employer that the municipality looks after."""

    message = _("The municipality looks after this employer. Please ask it for the change.")


def register(*, id: UUID, firm_id: UUID | None = None, contact_email: str | None = None, **values: Any) -> Employer:
    """Enter an employer that is being talked to. One that a firm enters is that firm's."""
    known = db.session.get(Employer, (tenant(), id))
    if known is not None:
        return known
    employer = add(
        Employer(
            id=id,
            status=EmployerStatus.PROSPECT,
            firm_id=here().firm_id or firm_id,
            contact_email=_small(contact_email),
            created_at=clock.now(),
            **_texts(values),
        )
    )
    journal.note(employer, "registered", after=EmployerStatus.PROSPECT.value)
    return employer


def edit(
    employer_id: UUID, *, edition: int, firm_id: UUID | None = None, contact_email: str | None = None, **values: Any
) -> Employer:
    """Change what is known of an employer. Whose it is, only the municipality says."""
    employer = one(Employer, employer_id, lock=True)
    _own(employer)
    unchanged(employer, edition)
    said = _texts(values) | {"contact_email": _small(contact_email)}
    if here().door is Door.STAFF:
        said["firm_id"] = firm_id
    changes = rewrite(employer, **said)
    if "firm_id" in changes:
        _follow(employer)
    if changes:
        journal.note(employer, "edited", changes=changes)
    return employer


def welcome(employer_id: UUID) -> Employer:
    """Make an employer a partner: it has understood what this is about and has agreed."""
    return _change(employer_id, EmployerStatus.PARTNER, "welcomed")


def rest(employer_id: UUID, *, why: str | None = None) -> Employer:
    """Let a partner rest: nobody new is placed there."""
    return _change(employer_id, EmployerStatus.RESTING, "rested", why)


def _change(employer_id: UUID, target: EmployerStatus, action: str, why: str | None = None) -> Employer:
    employer = one(Employer, employer_id, lock=True)
    _own(employer)
    if employer.status is not target:
        states.change(employer, target, table=TRANSITIONS, action=action, why=why)
    return employer


# Sites ---


def add_site(employer_id: UUID, *, id: UUID, **values: Any) -> Site:
    """Enter a place where people can work."""
    known = db.session.get(Site, (tenant(), id))
    if known is not None:
        return known
    employer = one(Employer, employer_id)
    site = add(Site(id=id, employer_id=employer.id, firm_id=employer.firm_id, **values))
    journal.note(site, "site_added")
    return site


def edit_site(site_id: UUID, *, edition: int, **values: Any) -> Site:
    """Change a site."""
    site = one(Site, site_id, lock=True)
    _own(one(Employer, site.employer_id))
    unchanged(site, edition)
    changes = rewrite(site, **values)
    if changes:
        journal.note(site, "site_edited", changes=changes)
    return site


# Agreements ---


def agree(employer_id: UUID, *, id: UUID, fiscal_year: int, **values: Any) -> Agreement:
    """Enter the agreement of a fiscal year; an employer that was being talked to becomes a partner by it."""
    known = db.session.get(Agreement, (tenant(), id))
    if known is not None:
        return known
    employer = one(Employer, employer_id, lock=True)
    _check_terms(fiscal_year, **values)
    agreement = add(
        Agreement(id=id, employer_id=employer.id, fiscal_year=fiscal_year, firm_id=employer.firm_id, **values)
    )
    journal.note(agreement, "agreed")
    if employer.status is EmployerStatus.PROSPECT:
        states.change(employer, EmployerStatus.PARTNER, table=TRANSITIONS, action="welcomed")
    return agreement


def amend(agreement_id: UUID, *, edition: int, **values: Any) -> Agreement:
    """Change an agreement. Statements already approved keep what was agreed when they were made."""
    agreement = one(Agreement, agreement_id, lock=True)
    unchanged(agreement, edition)
    _check_terms(agreement.fiscal_year, **values)
    changes = rewrite(agreement, **values)
    if "ends_on" in changes:
        _last_price_until(agreement, date.fromisoformat(changes["ends_on"][0]))
    if changes:
        journal.note(agreement, "amended", changes=changes)
    return agreement


def _last_price_until(agreement: Agreement, former: date) -> None:
    """The price that lasted as long as the agreement still does."""
    lasting = [UnitPrice.agreement_id == agreement.id, UnitPrice.valid_to == former]
    db.session.execute(
        update(UnitPrice).where(*lasting, UnitPrice.valid_from <= agreement.ends_on).values(valid_to=agreement.ends_on)
    )


def _check_terms(
    fiscal_year: int,
    *,
    starts_on: date,
    ends_on: date,
    fee_kind: FeeKind,
    payer: Payer,
    tax_treatment: TaxTreatment,
    insurance: str | None,
    insured_until: date | None,
    note: str | None,
) -> None:
    first, last = fiscal_year_span(fiscal_year)
    wrong: dict[str, str] = {}
    if not first <= starts_on <= last:
        wrong["starts_on"] = _("This day is not in the fiscal year.")
    if not first <= ends_on <= last:
        wrong["ends_on"] = _("This day is not in the fiscal year.")
    elif ends_on < starts_on:
        wrong["ends_on"] = _("The end cannot be before the beginning.")
    if insurance and insured_until is None:
        wrong["insured_until"] = _("Please enter until when the insurance lasts.")
    if wrong:
        raise Invalid(fields=wrong)


# What all share ---


def _own(employer: Employer) -> None:
    place = here()
    if place.door is Door.FIRM and employer.firm_id != place.firm_id:
        raise NotYours


def _follow(employer: Employer) -> None:
    """What belongs to an employer is shown to the same firm as the employer itself."""
    for kind in (Site, Agreement, UnitPrice):
        db.session.execute(update(kind).where(kind.employer_id == employer.id).values(firm_id=employer.firm_id))


def _small(email: str | None) -> str | None:
    return email.lower() if email else None


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"offers": sorted(str(offer) for offer in values.get("offers", ()))}

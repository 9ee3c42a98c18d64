"""Employers, their sites, agreements and prices."""

from typing import Any

from ayumi.demo.load.keys import noon
from ayumi.demo.load.town import Town
from ayumi.demo.partner_seeds import AgreementSeed, EmployerSeed, PriceSeed, SiteSeed
from ayumi.employers.model import Agreement, Employer, EmployerStatus, PriceStatus, Site, UnitPrice


def put_partners(town: Town) -> None:
    """Insert everything about employers."""
    town.put(Employer, [_employer(town, each) for each in town.employers])
    town.put(Site, [_site(town, e, each) for e in town.employers for each in e.sites])
    agreements = [(e, each) for e in town.employers for each in e.agreements]
    town.put(Agreement, [_agreement(town, e, each) for e, each in agreements])
    town.put(UnitPrice, [_price(town, e, a, each) for e, a in agreements for each in a.prices])


def _employer(town: Town, seed: EmployerSeed) -> dict[str, Any]:
    return {
        "id": town.id("employer", seed.key),
        "name": seed.name_ja,
        "kana": seed.kana,
        "business": seed.business_ja,
        "contact_name": seed.contact.name,
        "contact_email": seed.contact.email,
        "note": seed.note_ja,
        "offers": list(seed.offers),
        "status": EmployerStatus.PARTNER if seed.agreements else EmployerStatus.PROSPECT,
        "firm_id": town.firm(seed.firm_key),
        "created_at": noon(town.cast.first_week),
        "edition": 1,
    }


def _site(town: Town, employer: EmployerSeed, seed: SiteSeed) -> dict[str, Any]:
    return {
        "id": town.id("site", employer.key, seed.key),
        "employer_id": town.id("employer", employer.key),
        "name": seed.name_ja,
        "address": seed.address_ja,
        "offers": seed.offers_ja,
        "capacity": seed.capacity,
        "accepted_on": seed.accepted_on,
        "firm_id": town.firm(employer.firm_key),
        "edition": 1,
    }


def _agreement(town: Town, employer: EmployerSeed, seed: AgreementSeed) -> dict[str, Any]:
    return {
        "id": town.id("agreement", employer.key, seed.fiscal_year),
        "employer_id": town.id("employer", employer.key),
        "fiscal_year": seed.fiscal_year,
        "starts_on": seed.starts_on,
        "ends_on": seed.ends_on,
        "fee_kind": seed.fee_kind,
        "payer": seed.payer,
        "tax_treatment": seed.tax_treatment,
        "insurance": seed.insurance_ja,
        "insured_until": seed.insured_until,
        "note": seed.note_ja,
        "firm_id": town.firm(employer.firm_key),
        "edition": 1,
    }


def _price(town: Town, employer: EmployerSeed, agreement: AgreementSeed, seed: PriceSeed) -> dict[str, Any]:
    return {
        "id": town.id("price", employer.key, agreement.fiscal_year, seed.version),
        "agreement_id": town.id("agreement", employer.key, agreement.fiscal_year),
        "employer_id": town.id("employer", employer.key),
        "version": seed.version,
        "yen": seed.yen,
        "tax_rate_pct": seed.tax_rate_pct,
        "valid_from": seed.valid_from,
        "valid_to": seed.valid_to,
        "status": PriceStatus.APPROVED,
        "entered_by": town.member(seed.entered_by),
        "entered_at": noon(seed.entered_on),
        "decided_by": town.member(seed.decided_by),
        "decided_at": noon(seed.decided_on),
        "firm_id": town.firm(employer.firm_key),
    }

"""Who works for a demonstration municipality: staff, firms with contracts, employers with agreements."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MemberSeed:
    """Somebody who logs in."""

    key: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    email: str
    roles: tuple[str, ...]
    municipalities: tuple[str, ...]
    """Slugs of the municipalities they are admitted to; empty for the operator."""

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"


@dataclass(frozen=True, slots=True)
class ContractSeed:
    """A firm's commission by one municipality."""

    municipality: str
    number: str
    programme: str
    """work_readiness, employment_support or supported_work."""
    title_ja: str
    starts_on: date
    ends_on: date
    share: int
    """Weight by which people are given to this firm when a municipality has several."""


@dataclass(frozen=True, slots=True)
class FirmSeed:
    """A contracted firm and its people."""

    key: str
    name_ja: str
    kana: str
    name_en: str
    kind: str
    """npo, company or social_welfare_corporation."""
    contracts: tuple[ContractSeed, ...]
    staff: tuple[MemberSeed, ...]

    def contract_with(self, slug: str) -> ContractSeed | None:
        return next((each for each in self.contracts if each.municipality == slug), None)


@dataclass(frozen=True, slots=True)
class PriceSeed:
    """Yen for one person-day between two dates. Entered by one person, approved by another."""

    version: int
    yen: int
    tax_rate_pct: int
    valid_from: date
    valid_to: date
    entered_by: str
    entered_on: date
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class AgreementSeed:
    """What is agreed with an employer for one fiscal year."""

    fiscal_year: int
    """Year in which it begins in April."""
    starts_on: date
    ends_on: date
    fee_kind: str
    """commission, honorarium or none."""
    payer: str
    """municipality or firm (which is reimbursed)."""
    tax_treatment: str
    """included, added, outside_scope or exempt."""
    insurance_ja: str
    insured_until: date
    note_ja: str | None
    prices: tuple[PriceSeed, ...]


@dataclass(frozen=True, slots=True)
class SiteSeed:
    """A place of an employer where people work."""

    key: str
    name_ja: str
    address_ja: str
    offers_ja: str
    capacity: int
    """People at the same time."""
    accepted_on: date | None
    """The floor itself has agreed; None: not yet, so nobody is placed there."""
    note_ja: str


@dataclass(frozen=True, slots=True)
class ContactSeed:
    """Whom one writes to at an employer."""

    name: str
    kana: str
    role_ja: str
    email: str


@dataclass(frozen=True, slots=True)
class EmployerSeed:
    """A partner employer of one municipality."""

    key: str
    name_ja: str
    kana: str
    kind: str
    business_ja: str
    contact: ContactSeed
    offers: tuple[str, ...]
    """experience, visit, volunteer, piecework, job."""
    tasks_ja: tuple[str, ...]
    firm_key: str | None
    """The firm that found it and accompanies people there; None: own staff."""
    consignment: bool
    """The site itself looks after people and reports what they did."""
    fee_declined: bool
    introduced_by: str | None
    """Key of the employer that brought it in."""
    note_ja: str | None
    sites: tuple[SiteSeed, ...]
    agreements: tuple[AgreementSeed, ...]

    def agreement_on(self, on: date) -> AgreementSeed | None:
        return next((each for each in self.agreements if each.starts_on <= on <= each.ends_on), None)

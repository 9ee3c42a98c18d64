"""What a demonstration municipality is made of: its figures, its way of choosing and its menus."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FiguresSeed:
    """Published figures, each with the day or year it speaks of."""

    population: int
    """Persons."""
    population_month: date
    """First day of the month of the count."""
    protection_rate_pct: Decimal
    """Recipients in percent of the population, one decimal."""
    protection_rate_on: date
    cases_per_caseworker: int
    """Households per caseworker, mean of the fiscal year."""
    cases_fiscal_year: int


@dataclass(frozen=True, slots=True)
class HeadcountSeed:
    """People on one side of the programme."""

    full_time: int
    full_time_dedicated: int | None
    """Of those, people who do nothing else; None where it is not known."""
    part_time: int
    firms: int | None
    """Firms they belong to; None for the municipality's own people."""


@dataclass(frozen=True, slots=True)
class StaffingSeed:
    """Who does the work, as published."""

    municipal: HeadcountSeed | None
    contracted: HeadcountSeed | None
    other_staff_ja: str | None
    other_staff_en: str | None


@dataclass(frozen=True, slots=True)
class PartySeed:
    """Somebody who takes part in choosing people."""

    role: str
    label_ja: str
    label_en: str
    number: int | None
    """How many of them; None when it is not said."""
    every: bool
    """All of that role take part."""
    optional: bool
    """Joins only when needed."""


@dataclass(frozen=True, slots=True)
class SheetSeed:
    """A paper used in choosing people."""

    key: str
    label_ja: str
    label_en: str
    copies: int
    """How many are filled independently of each other for one person."""


@dataclass(frozen=True, slots=True)
class StepSeed:
    """One step of the way of choosing."""

    number: int
    text_ja: str
    text_en: str
    by: tuple[str, ...]
    """Roles of those who act, see PartySeed.role."""
    sheet: str | None
    """Key of the paper used."""
    decides: bool
    is_consent: bool


@dataclass(frozen=True, slots=True)
class SelectionSeed:
    """A municipality's own way of choosing people."""

    key: str
    label_ja: str
    label_en: str
    body_ja: str
    """Short name of whoever decides, as written into a decision."""
    steps: tuple[StepSeed, ...]
    parties: tuple[PartySeed, ...]
    sheets: tuple[SheetSeed, ...]
    decided_by: str
    consent_before_enrolment: bool
    review_every_months: int | None
    triggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuSeed:
    """Something people take part in."""

    key: str
    name_ja: str
    name_en: str
    tier: str
    """daily_life, social or work."""
    kind: str
    """What it is like, for composing notes: interview, course, volunteer and so on."""
    description_ja: str
    usual_place_ja: str
    things_ja: tuple[str, ...]
    """What people do there, as words for notes; may be empty."""
    usual_time_ja: str
    weekdays: tuple[int, ...]
    """0 is Monday."""
    starts_at: time
    ends_at: time
    weeks_of_month: tuple[int, ...]
    """Which Mondays' weeks of the month, counted from 1; empty: every week."""
    months: tuple[int, ...]
    """Empty: all year."""
    only_for: str | None
    """women, men or None."""
    run_by: str | None
    """own, firm, site or None when it does not matter."""
    every_day: bool
    """Whoever takes part does so on all its weekdays."""
    position: int

    @property
    def is_work_experience(self) -> bool:
        return self.kind == "experience"


@dataclass(frozen=True, slots=True)
class MunicipalitySeed:
    """One of the fifteen reference municipalities."""

    slug: str
    code: str | None
    """Six digits with check digit; None for the ward that is not named."""
    name_ja: str
    kana: str
    name_en: str
    prefecture_ja: str
    prefecture_en: str
    band: int
    """Number of its colour band, 1 to 20."""
    figures: FiguresSeed
    runs_programme: bool
    """Runs the readiness programme, not only employment support."""
    delivery: str
    """direct, contracted or partly_contracted."""
    contractor_kind: str | None
    poverty_programme_relation: str | None
    """integrated, separate, partly_trial or None."""
    staffing: StaffingSeed
    selection: SelectionSeed
    menus: tuple[MenuSeed, ...]
    participants: int
    """How many people the generator makes."""
    staff: tuple[tuple[str, int], ...]
    """Role and how many people of it the generator makes."""

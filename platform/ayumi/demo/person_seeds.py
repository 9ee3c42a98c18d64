"""What is made up about people. Nothing in it happens on or after the day the cast is made for.

Instants carry the Japanese time zone; keys of staff (`by`, `entered_by` and so on) are those of MemberSeed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from ayumi.demo.partner_seeds import MemberSeed
from ayumi.demo.week_seeds import WeekSeed
from ayumi.demo.work_seeds import ConfirmationSeed, PlacementSeed, StatementSeed


@dataclass(frozen=True, slots=True)
class GoalSeed:
    """One version of the goal agreed at the start."""

    version: int
    kind: str
    """job or other."""
    text_ja: str
    agreed_on: date
    review_on: date
    reason_ja: str | None
    """Why it was changed; None in the first version."""


@dataclass(frozen=True, slots=True)
class ConsentSeed:
    """A consent as given."""

    scopes: tuple[str, ...]
    """firm, employer_profile, hello_work, medical."""
    form: str
    """paper or spoken."""
    given_on: date
    expires_on: date
    witness: str | None
    """Who heard a spoken consent."""
    withdrawn_on: date | None
    withdrawal_reason_ja: str | None
    status: str
    """in_force, withdrawn or expired."""
    entered_by: str


@dataclass(frozen=True, slots=True)
class EnrolmentSeed:
    """The decision that takes somebody in."""

    route_key: str
    route_label_ja: str
    decided_on: date
    decided_by_ja: str
    reason_ja: str
    wish_ja: str
    """The person's own wish in their words."""
    starts_on: date
    ends_on: date | None
    end_reason: str | None
    """job, job_search, welfare_work, moved_away, declined, period_over or None."""
    end_note_ja: str | None
    status: str
    """active, paused or ended."""
    entered_by: str
    goals: tuple[GoalSeed, ...]


@dataclass(frozen=True, slots=True)
class StatusSeed:
    """A change of where somebody stands."""

    at: datetime
    status: str
    """candidate, active, paused or ended."""
    by: str
    note_ja: str | None


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """A made-up person and everything that happened in their support."""

    key: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    nickname: str
    """The only name an employer sees."""
    birth_date: date
    case_number: str
    household_number: str
    barriers: tuple[str, ...]
    """Codes of ayumi.participants.model.Barrier, the weightiest first."""
    firm_key: str | None
    """Who supports: this firm, or own staff when None."""
    caseworker: str
    supporters: tuple[str, ...]
    """The first writes the records."""
    is_restricted: bool
    named_staff: tuple[str, ...]
    """Who may see a restricted person besides their caseworker."""
    status: str
    """candidate, active, paused or ended."""
    note_ja: str | None
    history: tuple[StatusSeed, ...]
    enrolment: EnrolmentSeed | None
    consents: tuple[ConsentSeed, ...]
    weeks: tuple[WeekSeed, ...]
    placements: tuple[PlacementSeed, ...]

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"


@dataclass(frozen=True, slots=True)
class CastSeed:
    """Everybody of one municipality, as things stand at the beginning of a day."""

    slug: str
    as_of: date
    first_week: date
    """Monday of the first week that has records."""
    staff: tuple[MemberSeed, ...]
    people: tuple[PersonSeed, ...]
    confirmations: tuple[ConfirmationSeed, ...]
    statements: tuple[StatementSeed, ...]

"""What is made up about work experience: placements, their days, employers' answers, fee statements."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class LoadStepSeed:
    """How much is asked from a day on."""

    from_on: date
    days_per_week: int
    starts_at: time
    ends_at: time
    minutes: int
    """At work without breaks, a day."""
    note_ja: str


@dataclass(frozen=True, slots=True)
class VisitSeed:
    """A visit or call to the site."""

    on: date
    by: str
    note_ja: str


@dataclass(frozen=True, slots=True)
class ExperienceDaySeed:
    """A day somebody worked at an employer's; absences stand in the weekly record only."""

    on: date
    starts_at: time
    ends_at: time
    minutes: int
    """At work without breaks."""
    recorded_by: str
    recorded_at: datetime
    status: str
    """recorded, confirmed, disputed or withdrawn."""
    recorded_ends_at: time | None
    """The end as recorded, when the employer corrected it; ends_at is then the corrected one."""
    word_ja: str | None
    """The employer's word on a correction or dispute, or why the day was withdrawn."""


@dataclass(frozen=True, slots=True)
class PlacementSeed:
    """A person at an employer's site for a period, load raised step by step."""

    key: str
    employer_key: str
    site_key: str
    firm_key: str | None
    """Who accompanies it; None: own staff."""
    nickname: str
    starts_on: date
    ends_on: date
    status: str
    """planned, active or ended."""
    steps: tuple[LoadStepSeed, ...]
    tasks_ja: str
    meeting_on: date | None
    meeting_note_ja: str | None
    strengths_ja: str
    considerations_ja: str
    challenge_ja: str
    end_note_ja: str | None
    days: tuple[ExperienceDaySeed, ...]
    visits: tuple[VisitSeed, ...]

    def step_on(self, on: date) -> LoadStepSeed:
        """The load in force on a day."""
        return [step for step in self.steps if step.from_on <= max(on, self.steps[0].from_on)][-1]


@dataclass(frozen=True, slots=True)
class ConfirmationSeed:
    """An employer asked for a month's days, and its answer. What it said of each day stands with the day."""

    employer_key: str
    month: date
    """First day of the month."""
    sent_at: datetime
    answered_at: datetime | None
    """None: still waiting."""
    channel: str | None
    """link, paper or phone."""
    given_by: str | None
    """Name at the employer's."""
    entered_by: str | None
    """Who noted a paper or a call; None for a link."""


@dataclass(frozen=True, slots=True)
class StatementEventSeed:
    """Something that happened to a month's fee statement."""

    at: datetime
    action: str
    """compiled, submitted, returned or approved."""
    by: str
    reason_ja: str | None
    person_key: str | None
    """Whose line was returned."""


@dataclass(frozen=True, slots=True)
class StatementSeed:
    """A month's fees of one employer: the events, never the sums."""

    employer_key: str
    firm_key: str | None
    """Who compiles; None: own staff."""
    month: date
    """First day of the month."""
    status: str
    """draft, submitted, returned or approved."""
    note_ja: str
    events: tuple[StatementEventSeed, ...]

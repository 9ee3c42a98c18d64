"""What is made up about weekly records. Instants are Japanese; keys of staff are those of MemberSeed."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class DaySeed:
    """One day of a week's record."""

    on: date
    menu_key: str
    placement_key: str | None
    """Set when the day was work experience."""
    place_ja: str
    starts_at: time | None
    ends_at: time | None
    minutes: int | None
    """Time taken part, in minutes; None when not there."""
    attendance: str
    """attended, absent_notified, absent or not_planned."""
    absence_reason_ja: str | None
    condition: str | None
    """good, usual, tired, low or unwell; None when not there."""
    how_ja: str | None
    """How the person was."""
    seen_ja: str | None
    """What the supporter saw."""

    @property
    def observation_ja(self) -> str | None:
        """How the person was and what was seen, as one note."""
        return f"{self.how_ja}{self.seen_ja}" if self.how_ja and self.seen_ja else None


@dataclass(frozen=True, slots=True)
class ConcernSeed:
    """Something worrying in a week."""

    what_ja: str
    since_ja: str
    known_to_ja: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledgement_ja: str | None


@dataclass(frozen=True, slots=True)
class VersionSeed:
    """One version of a week's record."""

    number: int
    summary_ja: str | None
    request_ja: str | None
    """What the supporter asks of the caseworker."""
    concern: ConcernSeed | None
    days: tuple[DaySeed, ...]
    correction_reason_ja: str | None
    """Why an accepted week was written again."""
    written_by: str
    saved_at: datetime
    submitted_at: datetime | None
    """None: a draft."""
    decision: str | None
    """accepted, returned or None while it waits."""
    returned_comment_ja: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeekSeed:
    """A person's week, Monday to Sunday."""

    week_start: date
    due_on: date
    status: str
    """expected, draft, submitted, returned, accepted or skipped."""
    skip_reason_ja: str | None
    supporter: str
    versions: tuple[VersionSeed, ...]

    @property
    def first_submitted_at(self) -> datetime | None:
        return self.versions[0].submitted_at if self.versions else None

    @property
    def is_late(self) -> bool:
        """Submitted, but after the day it was due."""
        first = self.first_submitted_at
        return first is not None and first.date() > self.due_on

    def is_missing(self, as_of: date) -> bool:
        """Nothing submitted although the due day is over."""
        return self.status in ("expected", "draft") and self.due_on < as_of

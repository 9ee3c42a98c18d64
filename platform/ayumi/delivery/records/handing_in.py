"""Hand a week in, from one person's page or from everyone's."""

from uuid import UUID

from ayumi.placements import rules as placements
from ayumi.records import holding, rules
from ayumi.records.content import Content
from ayumi.records.model import RecordVersion


def hand_in(record_id: UUID) -> None:
    """Hand in what has been written, and record the experience days it speaks of."""
    _record_days(record_id, rules.submit(record_id))


def write_and_hand_in(record_id: UUID, *, edition: int, content: Content) -> None:
    """Save a whole week that misses nothing, and hand it in."""
    _record_days(record_id, rules.write_and_submit(record_id, edition=edition, content=content))


def _record_days(record_id: UUID, version: RecordVersion) -> None:
    said = holding.hold(record_id).content_of(version)
    placements.record_from_week(version.id, said, is_first=version.version == 1)

"""Hand a week in, from one person's page or from everyone's."""

from uuid import UUID

from ayumi.placements import rules as placements
from ayumi.records import holding, rules


def hand_in(record_id: UUID) -> None:
    """Hand in what has been written, and record the experience days it speaks of."""
    version = rules.submit(record_id)
    said = holding.hold(record_id).content_of(version)
    placements.record_from_week(version.id, said, is_first=version.version == 1)

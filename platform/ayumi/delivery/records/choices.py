"""What can be chosen for a day: the municipality's menus, and the person's work experience."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select

from ayumi.employers.model import Employer, Site
from ayumi.kernel.db import db
from ayumi.menus import queries as menus
from ayumi.menus.model import MenuStatus
from ayumi.placements.model import Placement, PlacementStatus
from ayumi.records.content import Content

Pair = tuple[str, str]
SUNDAY = timedelta(days=6)
PLACEMENTS = (
    select(Placement.id, Placement.participant_id, Employer.name.label("employer"), Site.name.label("site"))
    .join(Employer, Employer.id == Placement.employer_id)
    .join(Site, Site.id == Placement.site_id)
    .where(
        Placement.participant_id.in_(bindparam("people", expanding=True)),
        Placement.status != PlacementStatus.CANCELLED,
        Placement.starts_on <= bindparam("sunday"),
        Placement.ends_on >= bindparam("monday"),
    )
    .order_by(Placement.starts_on)
)


@dataclass(frozen=True, slots=True)
class Choices:
    """Names of menus and placements, and which of them are offered now."""

    menus: dict[UUID, str]
    offered: tuple[UUID, ...]
    usual_places: dict[UUID, str]
    placements: dict[UUID, dict[UUID, str]] = field(default_factory=dict)
    """Person -> placement -> where."""

    def menu_pairs(self, used: Iterable[UUID | None] = ()) -> list[Pair]:
        """Menus that are offered, and those that are in use already."""
        kept = [id for id in used if id and id in self.menus and id not in self.offered]
        return [(str(id), self.menus[id]) for id in (*self.offered, *dict.fromkeys(kept))]

    def placement_pairs(self, participant_id: UUID) -> list[Pair]:
        """The person's placements in that week."""
        return [(str(id), where) for id, where in self.placements.get(participant_id, {}).items()]

    def menu(self, id: UUID | None) -> str:
        """Name of a menu."""
        return self.menus.get(id, "") if id else ""

    def placement(self, id: UUID | None) -> str:
        """Where a placement is."""
        return next((of[id] for of in self.placements.values() if id in of), "") if id else ""


def of_menus() -> Choices:
    """Return what can be chosen for anybody."""
    found = menus.every()
    return Choices(
        menus={row.id: row.name for row in found},
        offered=tuple(row.id for row in found if row.status is MenuStatus.PUBLISHED),
        usual_places={row.id: row.usual_place for row in found if row.usual_place},
    )


def of_people(participant_ids: Sequence[UUID], monday: date) -> Choices:
    """Return what can be chosen for these people in one week, in two statements."""
    return replace(of_menus(), placements=_placements(participant_ids, monday))


def _placements(participant_ids: Sequence[UUID], monday: date) -> dict[UUID, dict[UUID, str]]:
    found: dict[UUID, dict[UUID, str]] = {}
    said = {"people": participant_ids, "monday": monday, "sunday": monday + SUNDAY}
    for row in db.session.execute(PLACEMENTS, said):
        where = row.employer if row.site == row.employer else f"{row.employer} {row.site}"
        found.setdefault(row.participant_id, {})[row.id] = where
    return found


def used_menus(*contents: Content) -> list[UUID | None]:
    """The menus that stand in these weeks."""
    return [entry.menu_id for content in contents for entry in content.days]

"""What can be chosen for a day: the municipality's menus, and the person's work experience."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, and_, any_, bindparam, false, null, nulls_first, select, union_all

from ayumi.employers.model import Employer, Site
from ayumi.kernel.asking import HERE, ask
from ayumi.kernel.db import Rows
from ayumi.menus import queries as menus
from ayumi.menus.model import Menu, MenuStatus
from ayumi.placements.model import Placement, PlacementStatus
from ayumi.records.content import Content

Pair = tuple[str, str]
SUNDAY = timedelta(days=6)
TIER, IS_RETIRED, *_REST = menus.IN_ORDER
MENUS = select(
    Menu.id,
    Menu.name,
    Menu.usual_place.label("place"),
    (Menu.status == MenuStatus.PUBLISHED).label("is_offered"),
    null().label("participant_id"),
    null().label("starts_on"),
    TIER.label("tier"),
    IS_RETIRED.label("is_retired"),
    Menu.position,
).where(Menu.tenant_id == HERE)
PLACEMENTS = (
    select(
        Placement.id,
        Employer.name,
        Site.name,
        false(),
        Placement.participant_id,
        Placement.starts_on,
        null(),
        null(),
        null(),
    )
    .join(Employer, and_(Employer.tenant_id == HERE, Employer.id == Placement.employer_id))
    .join(Site, and_(Site.tenant_id == HERE, Site.id == Placement.site_id))
    .where(
        Placement.tenant_id == HERE,
        Placement.participant_id == any_(bindparam("people", type_=ARRAY(Uuid))),
        Placement.status != PlacementStatus.CANCELLED,
        Placement.starts_on <= bindparam("sunday", type_=Date()),
        Placement.ends_on >= bindparam("monday", type_=Date()),
    )
)
OF_MENUS = MENUS.order_by(*menus.IN_ORDER)
OFFERED = union_all(MENUS, PLACEMENTS).order_by(
    nulls_first(MENUS.selected_columns.participant_id), "starts_on", "tier", "is_retired", "position", "name"
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
    return _choices(ask(OF_MENUS).all(), {})


def of_people(participant_ids: Sequence[UUID], monday: date) -> Choices:
    """Return what can be chosen for these people in one week, in one statement."""
    found = ask(OFFERED, people=participant_ids, monday=monday, sunday=monday + SUNDAY).all()
    of_town = [row for row in found if row.participant_id is None]
    placements: dict[UUID, dict[UUID, str]] = {}
    for row in found[len(of_town) :]:
        where = row.name if row.place == row.name else f"{row.name} {row.place}"
        placements.setdefault(row.participant_id, {})[row.id] = where
    return _choices(of_town, placements)


def _choices(menus: Rows, placements: dict[UUID, dict[UUID, str]]) -> Choices:
    return Choices(
        menus={row.id: row.name for row in menus},
        offered=tuple(row.id for row in menus if row.is_offered),
        usual_places={row.id: row.place for row in menus if row.place},
        placements=placements,
    )


def used_menus(*contents: Content) -> list[UUID | None]:
    """The menus that stand in these weeks."""
    return [entry.menu_id for content in contents for entry in content.days]

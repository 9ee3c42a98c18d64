"""Write menus, offer them, put them in order and retire them."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from ayumi.kernel import journal, states
from ayumi.kernel.db import add, db, tenant
from ayumi.kernel.editions import rewrite, unchanged
from ayumi.menus.model import TRANSITIONS, Menu, MenuStatus, Tier

WORDS = ("name", "tier", "description", "usual_place", "usual_time", "is_work_experience")


class Way(StrEnum):
    """Where to move a menu among those of its tier."""

    UP = "up"
    DOWN = "down"


def draw_up(
    *,
    id: UUID,
    name: str,
    tier: Tier,
    description: str | None = None,
    usual_place: str | None = None,
    usual_time: str | None = None,
    is_work_experience: bool = False,
) -> Menu:
    """Write a new menu as a draft, at the end of its tier. The same ``id`` again returns the menu made before."""
    made = db.session.get(Menu, (tenant(), id))
    if made is not None:
        return made
    menu = add(
        Menu(
            id=id,
            name=name,
            tier=tier,
            description=description,
            usual_place=usual_place,
            usual_time=usual_time,
            is_work_experience=is_work_experience,
            position=_end_of(tier),
            status=MenuStatus.DRAFT,
        )
    )
    journal.note(menu, "drawn_up", after=MenuStatus.DRAFT.value)
    return menu


def edit(menu: Menu, *, edition: int, **words: object) -> Menu:
    """Change a menu's words: name, tier, description, usual_place, usual_time, is_work_experience."""
    unchanged(menu, edition)
    if words["tier"] != menu.tier:
        menu.position = _end_of(Tier(str(words["tier"])))
    changes = rewrite(menu, **{name: words[name] for name in WORDS})
    if changes:
        journal.note(menu, "edited", changes=changes)
    return menu


def publish(menu: Menu) -> None:
    """Offer a menu, or offer it again."""
    states.change(menu, MenuStatus.PUBLISHED, table=TRANSITIONS, action="published")


def retire(menu: Menu) -> None:
    """Offer a menu no longer. Records that name it keep it."""
    states.change(menu, MenuStatus.RETIRED, table=TRANSITIONS, action="retired")


def move(menu: Menu, way: Way) -> None:
    """Change places with the neighbour in the same tier; retired menus stand aside."""
    row = list(
        db.session.scalars(
            select(Menu)
            .where(Menu.tier == menu.tier, Menu.status != MenuStatus.RETIRED)
            .order_by(Menu.position, Menu.name)
            .with_for_update()
        )
    )
    if menu not in row:
        return
    here = row.index(menu)
    there = here + (1 if way is Way.DOWN else -1)
    if 0 <= there < len(row):
        row[here], row[there] = row[there], row[here]
    for position, each in enumerate(row, 1):
        each.position = position
    db.session.flush()


def _end_of(tier: Tier) -> int:
    return (db.session.scalar(select(func.max(Menu.position)).where(Menu.tier == tier)) or 0) + 1

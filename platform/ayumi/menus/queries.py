"""Find what a municipality offers."""

from uuid import UUID

from sqlalchemy import case, select

from ayumi.kernel.db import Rows, db
from ayumi.kernel.db import one as row
from ayumi.menus.model import Menu, MenuStatus, Tier

COLUMNS = (
    Menu.id,
    Menu.name,
    Menu.tier,
    Menu.description,
    Menu.usual_place,
    Menu.usual_time,
    Menu.is_work_experience,
    Menu.position,
    Menu.status,
)
TIER_ORDER = case({tier.value: number for number, tier in enumerate(Tier)}, value=Menu.tier)

IN_ORDER = (TIER_ORDER, Menu.status == MenuStatus.RETIRED, Menu.position, Menu.name)

PUBLISHED = select(*COLUMNS).where(Menu.status == MenuStatus.PUBLISHED).order_by(TIER_ORDER, Menu.position, Menu.name)
EVERY = select(*COLUMNS).order_by(*IN_ORDER)


def published() -> Rows:
    """Return the menus that are offered, in their order: id, name, tier, description, usual place and time, ..."""
    return db.session.execute(PUBLISHED).all()


def every() -> Rows:
    """Return all menus by tier in their order, drafts too, retired ones last."""
    return db.session.execute(EVERY).all()


def one(menu_id: UUID) -> Menu:
    """Return this menu."""
    return row(Menu, menu_id)

"""What a municipality offers: its own menus, in editions."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality
from ayumi.kernel.doors import opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Tier(StrEnum):
    """Which kind of self-reliance a menu leads towards."""

    DAILY_LIFE = "daily_life"
    SOCIAL = "social"
    WORK = "work"


class MenuStatus(StrEnum):
    """Life of a menu."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


TRANSITIONS = Transitions(
    move(MenuStatus.DRAFT, MenuStatus.PUBLISHED, Door.STAFF),
    move(MenuStatus.PUBLISHED, MenuStatus.RETIRED, Door.STAFF),
    move(MenuStatus.RETIRED, MenuStatus.PUBLISHED, Door.STAFF),
)


class Menu(OfTenant, Base):
    """One thing people can take part in."""

    __tablename__ = "menu"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "name"),
        {"info": opened(open_to=(Door.FIRM,), staff="SIU", firm="S", worker="S", operator="SI")},
    )

    name: Mapped[str]
    tier: Mapped[Tier] = mapped_column(choice(Tier))
    description: Mapped[str | None]
    usual_place: Mapped[str | None]
    usual_time: Mapped[str | None] = mapped_column(comment="in words: Tuesdays 10:00-12:00")
    is_work_experience: Mapped[bool] = mapped_column(server_default="false")
    position: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[MenuStatus] = mapped_column(choice(MenuStatus))
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

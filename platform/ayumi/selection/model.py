"""How a municipality chooses people, and the decision to take somebody in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class SelectionRoute(OfTenant, Base):
    """The municipality's own way of choosing people; a running case keeps the edition it began with."""

    __tablename__ = "selection_route"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "key", "edition"),
        Index("uq_selection_route_current", "tenant_id", unique=True, postgresql_where="is_current"),
        {"info": opened(open_to=(Door.FIRM,), staff="SIU", firm="S", worker="S", operator="SI")},
    )

    key: Mapped[str]
    edition: Mapped[int]
    is_current: Mapped[bool]
    label: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    parties: Mapped[list[str]]
    sheets: Mapped[list[str]]
    decided_by: Mapped[str]
    consent_before_enrolment: Mapped[bool]
    review_every_months: Mapped[int | None]


class EnrolmentStatus(StrEnum):
    """Life of an enrolment."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


TRANSITIONS = Transitions(
    move(EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED, Door.STAFF),
    move(EnrolmentStatus.PAUSED, EnrolmentStatus.ACTIVE, Door.STAFF),
    move(EnrolmentStatus.ACTIVE, EnrolmentStatus.ENDED, Door.STAFF),
    move(EnrolmentStatus.PAUSED, EnrolmentStatus.ENDED, Door.STAFF),
)


class EndReason(StrEnum):
    """Why support ended (the field's usual list)."""

    JOB = "job"
    INCOME_INCREASE = "income_increase"
    WELFARE_WORK = "welfare_work"
    CERTIFIED_TRAINING = "certified_training"
    JOB_SEARCH = "job_search"
    SCHOOLING = "schooling"
    OTHER_PROGRAMME = "other_programme"
    ASSISTANCE_ENDED_BY_WORK = "assistance_ended_by_work"
    ASSISTANCE_ENDED = "assistance_ended"
    DECLINED = "declined"
    OUT_OF_REACH = "out_of_reach"
    MOVED_AWAY = "moved_away"
    DEATH = "death"
    PERIOD_OVER = "period_over"
    NOT_ELIGIBLE = "not_eligible"


class Enrolment(OfTenant, Base):
    """The decision that takes somebody in, and the time until it ends."""

    __tablename__ = "enrolment"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("selection_route", "route_id"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("(status = 'ended') = (ends_on IS NOT NULL AND end_reason IS NOT NULL)", name="ended"),
        Index(
            "uq_enrolment_running",
            "tenant_id",
            "participant_id",
            unique=True,
            postgresql_where="status <> 'ended'",
        ),
        {"info": opened(staff="SIU", firm="S", worker="SIU")},
    )

    participant_id: Mapped[UUID]
    route_id: Mapped[UUID]
    route_label: Mapped[str] = mapped_column(comment="as it read on the day of the decision")
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(comment="name or body that decided")
    reason: Mapped[str]
    wish: Mapped[str | None] = mapped_column(comment="the person's own wish in their words")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(choice(EndReason))
    end_note: Mapped[str | None]
    status: Mapped[EnrolmentStatus] = mapped_column(choice(EnrolmentStatus))
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

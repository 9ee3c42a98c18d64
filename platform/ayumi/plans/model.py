"""The goal agreed with a person, and its changes."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened


class GoalKind(StrEnum):
    """What support leads to: a job, or something else that counts."""

    JOB = "job"
    OTHER = "other"


class Goal(OfTenant, Base):
    """One version of the goal of an enrolment. Changing it is fine, and says why."""

    __tablename__ = "goal"
    __table_args__ = (
        in_municipality(),
        refers("enrolment", "enrolment_id"),
        refers("participant", "participant_id"),
        UniqueConstraint("tenant_id", "enrolment_id", "version"),
        Index("uq_goal_current", "tenant_id", "enrolment_id", unique=True, postgresql_where="is_current"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="change_says_why"),
        {"info": opened(staff="SIU", firm="S", worker=Grant("SIU", update=("firm_id",)))},
    )

    enrolment_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    version: Mapped[int]
    is_current: Mapped[bool]
    kind: Mapped[GoalKind] = mapped_column(choice(GoalKind))
    text: Mapped[str]
    agreed_on: Mapped[date]
    review_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(comment="why it was changed")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime]

"""Work experience: who is at which employer, on which days, and what the employer says of them."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import EMPLOYER, Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class PlacementStatus(StrEnum):
    """Life of a placement."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


SUPPORTERS = (Door.STAFF, Door.FIRM)

TRANSITIONS = Transitions(
    move(PlacementStatus.PLANNED, PlacementStatus.ACTIVE, *SUPPORTERS),
    move(PlacementStatus.PLANNED, PlacementStatus.CANCELLED, *SUPPORTERS),
    move(PlacementStatus.ACTIVE, PlacementStatus.ENDED, *SUPPORTERS),
)


# What concerns a restricted person is not on the employer's page: the office asks for those days itself.
OPEN_TO_EMPLOYERS = {Door.EMPLOYER: f"{EMPLOYER} AND NOT is_restricted"}


class Placement(OfTenant, Base):
    """A person at an employer's site for a period. The employer sees the nickname and nothing more of the person."""

    __tablename__ = "placement"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("employer", "employer_id"),
        refers("employer_site", "site_id"),
        refers("consent", "profile_consent_id"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("planned_days_per_week BETWEEN 1 AND 7", name="days_per_week"),
        CheckConstraint("planned_minutes_per_day BETWEEN 15 AND 720", name="minutes_per_day"),
        Index("ix_placement_participant", "tenant_id", "participant_id"),
        Index("ix_placement_employer", "tenant_id", "employer_id"),
        {
            "info": opened(
                rules=OPEN_TO_EMPLOYERS,
                staff="SIU",
                firm="SIU",
                worker=Grant("SIU", update=("firm_id",)),
                keeper=Grant("SDU", update=("profile_consent_id",)),
                employer=Grant(
                    "S",
                    select=(
                        "tenant_id",
                        "id",
                        "employer_id",
                        "site_id",
                        "nickname",
                        "starts_on",
                        "ends_on",
                        "planned_days_per_week",
                        "planned_minutes_per_day",
                        "status",
                        "is_restricted",
                    ),
                ),
            )
        },
    )

    participant_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    site_id: Mapped[UUID]
    nickname: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    planned_days_per_week: Mapped[int]
    planned_minutes_per_day: Mapped[int]
    tasks: Mapped[str | None]
    meeting_held_on: Mapped[date | None] = mapped_column(comment="preparatory meeting of person, site and supporter")
    meeting_note: Mapped[str | None]
    profile_strengths: Mapped[str | None] = mapped_column(comment="profile sheet: only what was consented")
    profile_considerations: Mapped[str | None] = mapped_column(deferred=True)
    profile_consent_id: Mapped[UUID | None] = mapped_column(comment="the consent that allows the profile sheet")
    status: Mapped[PlacementStatus] = mapped_column(choice(PlacementStatus))
    end_note: Mapped[str | None]
    delivery_firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="who accompanies it")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    is_restricted: Mapped[bool] = mapped_column(
        server_default="false", default=False, comment="as the person is: then the employer's page does not have it"
    )
    created_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class DayStatus(StrEnum):
    """Life of an experience day."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


CONFIRMERS = (Door.EMPLOYER, Door.STAFF)

DAY_TRANSITIONS = Transitions(
    move(DayStatus.RECORDED, DayStatus.CONFIRMED, *CONFIRMERS),
    move(DayStatus.RECORDED, DayStatus.DISPUTED, *CONFIRMERS),
    move(DayStatus.CONFIRMED, DayStatus.DISPUTED, *CONFIRMERS),
    move(DayStatus.DISPUTED, DayStatus.CONFIRMED, *CONFIRMERS),
    move(DayStatus.DISPUTED, DayStatus.RECORDED, *SUPPORTERS),
    move(DayStatus.RECORDED, DayStatus.WITHDRAWN, *SUPPORTERS),
    move(DayStatus.DISPUTED, DayStatus.WITHDRAWN, *SUPPORTERS),
    move(DayStatus.CONFIRMED, DayStatus.WITHDRAWN, Door.STAFF),
)


class Channel(StrEnum):
    """How an employer's word reached us."""

    LINK = "link"
    PAPER = "paper"
    PHONE = "phone"


class ExperienceDay(OfTenant, Base):
    """One person at one employer on one date: counts once, whatever the number of entries."""

    __tablename__ = "experience_day"
    __table_args__ = (
        in_municipality(),
        refers("placement", "placement_id"),
        refers("participant", "participant_id"),
        refers("employer", "employer_id"),
        refers("membership", "recorded_by"),
        refers("confirmation", "confirmation_id"),
        Index(
            "uq_experience_day_once",
            "tenant_id",
            "employer_id",
            "participant_id",
            "held_on",
            unique=True,
            postgresql_where="status <> 'withdrawn'",
        ),
        Index("ix_experience_day_month", "tenant_id", "employer_id", "held_on"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("minutes BETWEEN 1 AND 720", name="minutes"),
        CheckConstraint("(status = 'disputed') <= (dispute IS NOT NULL)", name="dispute"),
        {
            "info": opened(
                rules=OPEN_TO_EMPLOYERS,
                staff="SIU",
                firm="SIU",
                worker=Grant("SIU", update=("firm_id",)),
                keeper=Grant("SDU", update=("confirmation_id",)),
                employer=Grant(
                    "SU",
                    select=(
                        "tenant_id",
                        "id",
                        "employer_id",
                        "placement_id",
                        "held_on",
                        "starts_at",
                        "ends_at",
                        "minutes",
                        "status",
                        "dispute",
                        "confirmation_id",
                        "corrected_from",
                        "settled_at",
                        "is_restricted",
                        "edition",
                    ),
                    update=(
                        "starts_at",
                        "ends_at",
                        "minutes",
                        "status",
                        "dispute",
                        "confirmation_id",
                        "corrected_from",
                        "edition",
                    ),
                ),
            )
        },
    )

    placement_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    held_on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    minutes: Mapped[int] = mapped_column(comment="time at work without breaks, in minutes")
    status: Mapped[DayStatus] = mapped_column(choice(DayStatus))
    dispute: Mapped[str | None] = mapped_column(comment="the employer's word on what is not right")
    corrected_from: Mapped[str | None] = mapped_column(comment="times as recorded before the employer corrected them")
    confirmation_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None] = mapped_column(
        comment="an approved statement pays it: from then on the employer asks the office for a change"
    )
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    delivery_firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="who accompanied it")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    is_restricted: Mapped[bool] = mapped_column(
        server_default="false", default=False, comment="as the person is: then the employer's page does not have it"
    )
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}


class Confirmation(OfTenant, Base):
    """An employer's word on a month's days, given by link, on paper or by phone."""

    __tablename__ = "confirmation"
    __table_args__ = (
        in_municipality(),
        refers("employer", "employer_id"),
        refers("stored_file", "file_id"),
        refers("membership", "entered_by"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        Index("ix_confirmation_month", "tenant_id", "employer_id", "month"),
        {
            "info": opened(
                staff="SI",
                worker="SI",
                firm="S",
                open_to=(Door.FIRM,),
                employer=Grant("SI", select=("tenant_id", "id", "employer_id", "month", "channel", "given_at")),
            )
        },
    )

    employer_id: Mapped[UUID]
    month: Mapped[date] = mapped_column(comment="first day of the month")
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    given_by: Mapped[str | None] = mapped_column(comment="name of the person at the employer")
    given_at: Mapped[datetime]
    note: Mapped[str | None]
    file_id: Mapped[UUID | None] = mapped_column(comment="scan of the paper")
    entered_by: Mapped[UUID | None]


class ConfirmationRequest(OfTenant, Base):
    """An employer has been asked for a month's days."""

    __tablename__ = "confirmation_request"
    __table_args__ = (
        in_municipality(),
        refers("employer", "employer_id"),
        UniqueConstraint("tenant_id", "employer_id", "month"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        {
            "info": opened(
                staff="SIU",
                worker="SIU",
                firm="S",
                open_to=(Door.FIRM,),
                employer=Grant(
                    "SU",
                    select=("tenant_id", "id", "employer_id", "month", "sent_at", "answered_at"),
                    update=("answered_at",),
                ),
            )
        },
    )

    employer_id: Mapped[UUID]
    month: Mapped[date]
    sent_at: Mapped[datetime | None]
    sent_times: Mapped[int] = mapped_column(server_default="0", default=0)
    answered_at: Mapped[datetime | None]

"""Weekly support records: one expected per person and week, written in versions, read by the caseworker."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class RecordStatus(StrEnum):
    """Life of a person's week."""

    EXPECTED = "expected"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"


WRITERS = (Door.STAFF, Door.FIRM)

TRANSITIONS = Transitions(
    move(RecordStatus.EXPECTED, RecordStatus.DRAFT, *WRITERS),
    move(RecordStatus.EXPECTED, RecordStatus.SKIPPED, *WRITERS, Door.WORKER),
    move(RecordStatus.DRAFT, RecordStatus.SKIPPED, *WRITERS),
    move(RecordStatus.SKIPPED, RecordStatus.EXPECTED, *WRITERS, Door.WORKER),
    move(RecordStatus.SKIPPED, RecordStatus.DRAFT, *WRITERS),
    move(RecordStatus.DRAFT, RecordStatus.SUBMITTED, *WRITERS),
    move(RecordStatus.SUBMITTED, RecordStatus.ACCEPTED, Door.STAFF),
    move(RecordStatus.SUBMITTED, RecordStatus.RETURNED, Door.STAFF),
    move(RecordStatus.SUBMITTED, RecordStatus.SUBMITTED, *WRITERS),
    move(RecordStatus.RETURNED, RecordStatus.SUBMITTED, *WRITERS),
    move(RecordStatus.ACCEPTED, RecordStatus.SUBMITTED, *WRITERS),
)


class Attendance(StrEnum):
    """What became of a planned day."""

    ATTENDED = "attended"
    ABSENT_NOTIFIED = "absent_notified"
    ABSENT = "absent"
    NOT_PLANNED = "not_planned"


class Condition(StrEnum):
    """How the person was that day."""

    GOOD = "good"
    USUAL = "usual"
    TIRED = "tired"
    LOW = "low"
    UNWELL = "unwell"


class WeeklyRecord(OfTenant, Base):
    """A person's week, Monday to Sunday, expected before anybody writes it."""

    __tablename__ = "weekly_record"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("enrolment", "enrolment_id"),
        refers("membership", "supporter_id"),
        UniqueConstraint("tenant_id", "participant_id", "week_start"),
        CheckConstraint("extract(isodow from week_start) = 1", name="monday"),
        CheckConstraint("(status = 'skipped') = (skip_reason IS NOT NULL)", name="skipped"),
        Index("ix_weekly_record_week", "tenant_id", "week_start"),
        Index("ix_weekly_record_status", "tenant_id", "status", "due_on"),
        {"info": opened(staff="SIU", firm="SU", worker="SIU")},
    )

    participant_id: Mapped[UUID]
    enrolment_id: Mapped[UUID]
    week_start: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[RecordStatus] = mapped_column(choice(RecordStatus))
    skip_reason: Mapped[str | None]
    supporter_id: Mapped[UUID | None] = mapped_column(comment="membership of whoever wrote it first")
    first_submitted_at: Mapped[datetime | None] = mapped_column(comment="decides on time or late")
    delivery_firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="who supported that week: this firm, or own staff when empty"
    )
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")
    edition: Mapped[int] = mapped_column(
        server_default="1", default=1, comment="counts every save; two people editing are told"
    )

    __mapper_args__ = {"version_id_col": edition}


class RecordVersion(OfTenant, Base):
    """One version of a week's record. Once submitted its content never changes (a trigger holds that)."""

    __tablename__ = "record_version"
    __table_args__ = (
        in_municipality(),
        refers("weekly_record", "weekly_record_id"),
        refers("membership", "written_by"),
        UniqueConstraint("tenant_id", "weekly_record_id", "version"),
        Index(
            "uq_record_version_current",
            "tenant_id",
            "weekly_record_id",
            unique=True,
            postgresql_where="is_current",
        ),
        Index(
            "uq_record_version_draft",
            "tenant_id",
            "weekly_record_id",
            unique=True,
            postgresql_where="submitted_at IS NULL",
        ),
        {"info": opened(staff="SIUD", firm="SIUD", worker=Grant("SIU", update=("firm_id",)))},
    )

    weekly_record_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    version: Mapped[int]
    is_current: Mapped[bool] = mapped_column(
        comment="the version that counts: the one submitted last; a draft never does"
    )
    summary: Mapped[str | None]
    request_to_caseworker: Mapped[str | None]
    has_concern: Mapped[bool] = mapped_column(server_default="false", default=False)
    concern_what: Mapped[str | None]
    concern_since: Mapped[str | None]
    concern_known_to: Mapped[str | None]
    correction_reason: Mapped[str | None]
    written_by: Mapped[UUID | None]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    returned_comment: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")


class RecordDay(OfTenant, Base):
    """One menu on one day of one version."""

    __tablename__ = "record_day"
    __table_args__ = (
        in_municipality(),
        refers("record_version", "record_version_id"),
        refers("menu", "menu_id"),
        refers("placement", "placement_id", use_alter=True),
        UniqueConstraint("tenant_id", "record_version_id", "held_on", "position"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="times"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name="minutes"),
        {
            "info": opened(
                staff="SIUD",
                firm="SIUD",
                worker=Grant("SIU", update=("firm_id",)),
                keeper=Grant("SDU", update=("placement_id",)),
            )
        },
    )

    record_version_id: Mapped[UUID]
    held_on: Mapped[date]
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    menu_id: Mapped[UUID | None]
    placement_id: Mapped[UUID | None] = mapped_column(comment="work experience at this placement")
    place: Mapped[str | None]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    minutes: Mapped[int | None] = mapped_column(comment="time taken part, in minutes")
    attendance: Mapped[Attendance | None] = mapped_column(
        choice(Attendance), comment="empty only in a draft: planned, and not yet told how it went"
    )
    absence_reason: Mapped[str | None]
    condition: Mapped[Condition | None] = mapped_column(choice(Condition))
    observation: Mapped[str | None] = mapped_column(comment="what the supporter saw")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")


class Concern(OfTenant, Base):
    """Something worrying in a submitted week that the caseworker must acknowledge."""

    __tablename__ = "concern"
    __table_args__ = (
        in_municipality(),
        refers("weekly_record", "weekly_record_id"),
        refers("record_version", "record_version_id"),
        refers("participant", "participant_id"),
        refers("membership", "acknowledged_by"),
        UniqueConstraint("tenant_id", "record_version_id"),
        Index("ix_concern_open", "tenant_id", "participant_id", postgresql_where="acknowledged_at IS NULL"),
        {"info": opened(staff="SIU", firm="SI", worker=Grant("SIU", update=("firm_id",)))},
    )

    weekly_record_id: Mapped[UUID]
    record_version_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    what: Mapped[str]
    since: Mapped[str | None]
    known_to: Mapped[str | None]
    raised_at: Mapped[datetime]
    raised_by: Mapped[UUID | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    acknowledgement: Mapped[str | None] = mapped_column(comment="what the caseworker does about it")
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), comment="the firm that may look")

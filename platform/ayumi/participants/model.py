"""The people who are supported."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import FIRM, Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Status(StrEnum):
    """Where somebody stands."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


TRANSITIONS = Transitions(
    move(Status.CANDIDATE, Status.ACTIVE, Door.STAFF, Door.WORKER),
    move(Status.ACTIVE, Status.PAUSED, Door.STAFF),
    move(Status.PAUSED, Status.ACTIVE, Door.STAFF),
    move(Status.ACTIVE, Status.ENDED, Door.STAFF),
    move(Status.PAUSED, Status.ENDED, Door.STAFF),
    move(Status.CANDIDATE, Status.ENDED, Door.STAFF),
    move(Status.ENDED, Status.ACTIVE, Door.STAFF),
)


class Barrier(StrEnum):
    """What stands between somebody and work (codes stable, after the field's usual headings)."""

    DAILY_RHYTHM = "daily_rhythm"
    PHYSICAL_HEALTH = "physical_health"
    MENTAL_HEALTH = "mental_health"
    DISABILITY = "disability"
    ADDICTION = "addiction"
    RELATIONSHIPS = "relationships"
    SCHOOLING = "schooling"
    WORK_GAP = "work_gap"
    WITHDRAWAL = "withdrawal"
    CARE = "care"
    VIOLENCE = "violence"
    HOUSING = "housing"
    DEBT = "debt"
    OFFENCE = "offence"
    LANGUAGE = "language"
    TRANSPORT = "transport"
    MOTIVATION = "motivation"
    OTHER = "other"


HEALTH = (Barrier.PHYSICAL_HEALTH, Barrier.MENTAL_HEALTH, Barrier.DISABILITY, Barrier.ADDICTION)
FAMILY = (Barrier.CARE, Barrier.VIOLENCE, Barrier.HOUSING)
HISTORY = (Barrier.SCHOOLING, Barrier.WORK_GAP, Barrier.WITHDRAWAL, Barrier.DEBT, Barrier.OFFENCE)


def without(array: str, words: Iterable[Barrier]) -> str:
    """SQL for an array of barriers without some of them, spelled as the database spells it."""
    return reduce(lambda inner, word: f"array_remove({inner}, '{word.value}'::text)", words, array)


_NEVER = without("barriers", (*FAMILY, *HISTORY))
BARRIERS_FOR_FIRM = f"CASE WHEN shares_health THEN {_NEVER} ELSE {without(_NEVER, HEALTH)} END"
# A firm looks at its own people, up to the last day on which they have agreed to that.
IN_SIGHT = f"{FIRM} AND (firm_until IS NULL OR firm_until >= (now() AT TIME ZONE 'Asia/Tokyo')::date)"

# What a firm may read of its people. Household number, note and the barriers as they are kept stay with the
# municipality: of these there is a column for firms, made by the database. See fields.py.
FOR_FIRMS = (
    "tenant_id",
    "id",
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "kana_key",
    "name_key",
    "nickname",
    "case_number",
    "birth_date",
    "phone",
    "barriers_for_firm",
    "shares_health",
    "health_until",
    "firm_until",
    "caseworker_id",
    "delivery_firm_id",
    "firm_id",
    "is_restricted",
    "status",
    "created_at",
    "edition",
)


# Loaded only where it is asked for by name, for whoever may see it (fields.py); touched otherwise, it raises.
HELD_BACK: dict[str, Any] = {"deferred": True, "deferred_raiseload": True}


class Participant(OfTenant, Base):
    """One person. Names are kept exactly as entered; only the search keys are normalised."""

    __tablename__ = "participant"
    __table_args__ = (
        in_municipality(),
        refers("membership", "caseworker_id"),
        UniqueConstraint("tenant_id", "case_number"),
        Index("ix_participant_kana", "tenant_id", "kana_key", "id"),
        Index("ix_participant_name", "tenant_id", "name_key"),
        Index("ix_participant_caseworker", "tenant_id", "caseworker_id"),
        Index("ix_participant_firm", "tenant_id", "firm_id"),
        {
            "info": opened(
                staff="SIU",
                firm=Grant("S", select=FOR_FIRMS),
                worker="SIU",
                rules={Door.FIRM: IN_SIGHT, Door.GLASS: "NOT is_restricted"},
            )
        },
    )

    family_name: Mapped[str]
    given_name: Mapped[str]
    family_kana: Mapped[str]
    given_kana: Mapped[str]
    kana_key: Mapped[str] = mapped_column(comment="normalised kana: search by prefix, sort")
    name_key: Mapped[str] = mapped_column(comment="normalised written name: search by prefix")
    nickname: Mapped[str | None] = mapped_column(comment="the only name an employer sees")
    household_number: Mapped[str | None] = mapped_column(**HELD_BACK)
    case_number: Mapped[str]
    birth_date: Mapped[date]
    phone: Mapped[str | None] = mapped_column(**HELD_BACK)
    barriers: Mapped[list[str]] = mapped_column(**HELD_BACK)
    barriers_for_firm: Mapped[list[str]] = mapped_column(
        Computed(BARRIERS_FOR_FIRM, persisted=True), comment="what of the barriers a firm may read", **HELD_BACK
    )
    caseworker_id: Mapped[UUID | None]
    delivery_firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="who supports: this firm, or own staff when empty"
    )
    firm_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("firm.id"), comment="the firm that may look: delivery_firm_id while consent is in force"
    )
    firm_until: Mapped[date | None] = mapped_column(comment="last day on which it may; empty: no end was agreed")
    shares_health: Mapped[bool] = mapped_column(
        server_default="false", default=False, comment="a consent in force lets the firm read of health"
    )
    health_until: Mapped[date | None] = mapped_column(comment="last day of that; empty: no end was agreed")
    is_restricted: Mapped[bool] = mapped_column(server_default="false")
    status: Mapped[Status] = mapped_column(choice(Status))
    note: Mapped[str | None] = mapped_column(**HELD_BACK)
    created_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

    @property
    def name(self) -> str:
        """Written name in one."""
        return f"{self.family_name} {self.given_name}"

    @property
    def kana(self) -> str:
        """Kana in one."""
        return f"{self.family_kana} {self.given_kana}"


class Supporter(OfTenant, Base):
    """Somebody of the own staff or of the firm who supports a person."""

    __tablename__ = "participant_supporter"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("membership", "membership_id"),
        UniqueConstraint("tenant_id", "participant_id", "membership_id"),
        {"info": opened(staff="SIUD", firm="SID", worker=Grant("SIUD", update=("firm_id",)))},
    )

    participant_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))


class NamedStaff(OfTenant, Base):
    """Who may see a restricted person besides their caseworker."""

    __tablename__ = "participant_named_staff"
    __table_args__ = (
        in_municipality(),
        refers("participant", "participant_id"),
        refers("membership", "membership_id"),
        UniqueConstraint("tenant_id", "participant_id", "membership_id"),
        {"info": opened(staff="SID", worker="SI")},
    )

    participant_id: Mapped[UUID]
    membership_id: Mapped[UUID]


class ImportStatus(StrEnum):
    """Life of an import."""

    WAITING = "waiting"
    CHECKING = "checking"
    REFUSED = "refused"
    APPLIED = "applied"
    FAILED = "failed"


IMPORT_TRANSITIONS = Transitions(
    move(ImportStatus.WAITING, ImportStatus.CHECKING, Door.WORKER),
    move(ImportStatus.CHECKING, ImportStatus.CHECKING, Door.WORKER),
    move(ImportStatus.CHECKING, ImportStatus.REFUSED, Door.WORKER),
    move(ImportStatus.CHECKING, ImportStatus.APPLIED, Door.WORKER),
    move(ImportStatus.WAITING, ImportStatus.FAILED, Door.WORKER),
    move(ImportStatus.CHECKING, ImportStatus.FAILED, Door.WORKER),
)


class ParticipantImport(OfTenant, Base):
    """A list of people uploaded as CSV or XLSX: checked whole, then applied whole or not at all."""

    __tablename__ = "participant_import"
    __table_args__ = (
        in_municipality(),
        refers("stored_file", "file_id"),
        refers("membership", "membership_id"),
        CheckConstraint("rows_done <= rows_total", name="progress"),
        {"info": opened(staff="SI", worker="SU")},
    )

    file_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    status: Mapped[ImportStatus] = mapped_column(choice(ImportStatus))
    rows_total: Mapped[int] = mapped_column(server_default="0")
    rows_done: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[int] = mapped_column(server_default="0")
    updated: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, comment="row, column, message id and parameters")
    errors_total: Mapped[int] = mapped_column(server_default="0", default=0, comment="also those not kept in errors")
    columns_left_out: Mapped[list[str]] = mapped_column(comment="headings of the file that are not read")
    sees: Mapped[list[str]] = mapped_column(
        server_default="{}", default=list, comment="field groups its uploader sees: no other is overwritten"
    )
    uploaded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

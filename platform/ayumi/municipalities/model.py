"""The municipalities that run support on Ayumi, and how each of them runs it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Integer, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door


class Delivery(StrEnum):
    """Who does the supporting."""

    DIRECT = "direct"
    CONTRACTED = "contracted"
    PARTLY_CONTRACTED = "partly_contracted"


class Municipality(Base):
    """A tenant. The code is the national local-government code (six digits with its check digit)."""

    __tablename__ = "municipality"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),
        CheckConstraint("band BETWEEN 1 AND 20", name="band"),
        {
            "info": opened(
                staff="S",
                firm="S",
                employer="S",
                accounts="S",
                worker="S",
                dispatcher="S",
                glass="S",
                keeper="S",
                operator=Grant("SIU", update=("name", "kana", "suspended_at", "left_at")),
                why_shared="the municipalities themselves",
            )
        },
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    code: Mapped[str | None]
    slug: Mapped[str]
    name: Mapped[str]
    kana: Mapped[str]
    prefecture: Mapped[str]
    band: Mapped[int] = mapped_column(comment="colour of the band that says where one is, 1 to 20")
    is_demonstration: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None] = mapped_column(comment="has moved out; its data have been erased")


class Programme(OfTenant, Base):
    """How a municipality runs work-readiness support; one row each."""

    __tablename__ = "programme"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id"),
        {
            "info": opened(
                open_to=(Door.FIRM, Door.EMPLOYER), staff="SIU", firm="S", employer="S", worker="S", operator="SI"
            )
        },
    )

    runs_programme: Mapped[bool] = mapped_column(comment="runs the readiness programme, not only employment support")
    delivery: Mapped[Delivery] = mapped_column(choice(Delivery))
    contractor_kind: Mapped[str | None]
    poverty_programme_relation: Mapped[str | None] = mapped_column(comment="integrated, separate, partly_trial")
    population: Mapped[int | None]
    protection_rate_pct: Mapped[float | None] = mapped_column(Numeric(4, 1))
    cases_per_caseworker: Mapped[int | None]
    figures_as_of: Mapped[str | None]
    staffing: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    record_due_days: Mapped[int] = mapped_column(
        server_default="1",
        comment="a weekly record is due on the first office day this many days after Sunday",
    )
    contract_tail_days: Mapped[int] = mapped_column(
        server_default="90", comment="days a firm may still read after its contract has ended"
    )
    link_days: Mapped[int] = mapped_column(server_default="14", comment="days an employer's link stays valid")
    started_on: Mapped[date | None] = mapped_column(comment="from the week of this day on records are kept here")


class AccessPolicy(OfTenant, Base):
    """What a municipality asks of those who log in; one row each. Read at every request, before any place."""

    __tablename__ = "access_policy"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id"),
        CheckConstraint("idle_minutes BETWEEN 5 AND 720", name="idle"),
        CheckConstraint("session_hours BETWEEN 1 AND 24", name="session"),
        {
            "info": opened(
                open_to=(Door.FIRM, Door.EMPLOYER),
                staff="SIU",
                firm="S",
                accounts="S",
                worker="S",
                operator="SI",
                across={Door.ACCOUNTS: "true"},
            )
        },
    )

    second_factor_required: Mapped[bool] = mapped_column(
        server_default="true", default=True, comment="of its own staff; of firms and operators it always is"
    )
    single_sign_on_only: Mapped[bool] = mapped_column(
        server_default="false",
        default=False,
        comment="its staff log in with its own provider only",
    )
    idle_minutes: Mapped[int] = mapped_column(server_default="120", default=120)
    session_hours: Mapped[int] = mapped_column(server_default="12", default=12)
    glass_needs_consent: Mapped[bool] = mapped_column(
        server_default="true", default=True, comment="break-glass opens only when the municipality agrees, too"
    )
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

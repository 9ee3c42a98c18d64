"""The month's report of a municipality: figures with the people behind them, in editions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality, refers
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class RunStatus(StrEnum):
    """Life of one compilation."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


RUN_TRANSITIONS = Transitions(
    move(RunStatus.WAITING, RunStatus.RUNNING, Door.WORKER),
    move(RunStatus.RUNNING, RunStatus.RUNNING, Door.WORKER),
    move(RunStatus.RUNNING, RunStatus.DONE, Door.WORKER),
    move(RunStatus.RUNNING, RunStatus.FAILED, Door.WORKER),
    move(RunStatus.WAITING, RunStatus.FAILED, Door.WORKER),
    move(RunStatus.FAILED, RunStatus.RUNNING, Door.WORKER),
)


class Run(OfTenant, Base):
    """One compilation: how far it is, and why it failed if it did."""

    __tablename__ = "report_run"
    __table_args__ = (
        in_municipality(),
        refers("monthly_report", "report_id"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        Index("ix_report_run_month", "tenant_id", "month"),
        {"info": opened(staff="SI", worker="SIU", keeper=Grant("SDU", update=("report_id",)))},
    )

    month: Mapped[date]
    status: Mapped[RunStatus] = mapped_column(choice(RunStatus))
    step: Mapped[str | None] = mapped_column(comment="what it is doing")
    steps_done: Mapped[int] = mapped_column(server_default="0", default=0)
    steps_total: Mapped[int] = mapped_column(server_default="1", default=1)
    error: Mapped[str | None] = mapped_column(comment="why it failed: a kind, without personal data")
    substituted: Mapped[str | None] = mapped_column(comment="characters no font has, printed as a geta mark")
    changed: Mapped[bool | None] = mapped_column(comment="whether it made a new edition")
    report_id: Mapped[UUID | None]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# What is written once the figures are there, the PDF last; from then on only is_current changes (a trigger holds that).
COMPILED = ("is_current", "content_hash", "xlsx_file_id", "pdf_file_id")


class MonthlyReport(OfTenant, Base):
    """One edition of a month's report. Never altered; a change in the data makes the next edition."""

    __tablename__ = "monthly_report"
    __table_args__ = (
        in_municipality(),
        refers("stored_file", "xlsx_file_id"),
        refers("stored_file", "pdf_file_id"),
        UniqueConstraint("tenant_id", "month", "edition"),
        Index("uq_monthly_report_current", "tenant_id", "month", unique=True, postgresql_where="is_current"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        {
            "info": opened(
                staff="S",
                worker=Grant("SIU", update=COMPILED),
                operator=Grant("S", select=("tenant_id", "month", "edition", "is_current", "cut_off_at")),
                across={Door.OPERATOR: "true"},
            )
        },
    )

    month: Mapped[date]
    edition: Mapped[int]
    is_current: Mapped[bool]
    cut_off_at: Mapped[datetime] = mapped_column(comment="what was known at this instant")
    definition_edition: Mapped[str] = mapped_column(comment="which definitions of the figures")
    content_hash: Mapped[str] = mapped_column(
        comment="same hash, same figures and words: no new edition; empty while it is being compiled"
    )
    office_words: Mapped[str | None]
    xlsx_file_id: Mapped[UUID | None]
    pdf_file_id: Mapped[UUID | None]
    compiled_at: Mapped[datetime]


class Figure(OfTenant, Base):
    """One figure of a report."""

    __tablename__ = "report_figure"
    __table_args__ = (
        in_municipality(),
        refers("monthly_report", "report_id"),
        UniqueConstraint("tenant_id", "report_id", "key", "dimension"),
        {"info": opened(staff="S", worker="SI")},
    )

    report_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(comment="participants_by_status, records_late, ...")
    dimension: Mapped[str] = mapped_column(comment="status, menu or employer; empty for a plain figure")
    label: Mapped[str | None] = mapped_column(comment="name of the dimension as it read at the cut-off")
    value: Mapped[int]
    unit: Mapped[str]
    position: Mapped[int]


class FigurePerson(OfTenant, Base):
    """Somebody who stands behind a figure."""

    __tablename__ = "report_figure_person"
    __table_args__ = (
        in_municipality(),
        refers("report_figure", "figure_id"),
        refers("participant", "participant_id"),
        UniqueConstraint("tenant_id", "figure_id", "participant_id"),
        {"info": opened(staff="S", worker="SI")},
    )

    figure_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    count: Mapped[int] = mapped_column(comment="how much of the figure is theirs")


class OfficeWords(OfTenant, Base):
    """The office's own paragraph for a month's report."""

    __tablename__ = "report_office_words"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        {"info": opened(staff="SIU", worker="S")},
    )

    month: Mapped[date]
    text: Mapped[str]
    written_by: Mapped[UUID | None]
    written_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

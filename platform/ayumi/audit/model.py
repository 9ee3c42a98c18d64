"""Signed heads of a municipality's journal, and checks of the whole of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality
from ayumi.kernel.doors import opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class SignedHead(OfTenant, Base):
    """Who changes the journal afterwards would have to change this too, and what lies in the file store."""

    __tablename__ = "signed_head"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "seq"),
        {"info": opened(staff="S", worker="SI", keeper="S")},
    )

    seq: Mapped[int] = mapped_column(BigInteger, comment="number of the entry it stood at")
    hash: Mapped[str]
    signed_at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(comment="Ed25519 over the canonical statement, base64url")
    key_id: Mapped[str] = mapped_column(comment="which key signed")
    file_key: Mapped[str] = mapped_column(comment="where the statement lies in the file store")


class CheckStatus(StrEnum):
    """Life of one check of a journal."""

    WAITING = "waiting"
    RUNNING = "running"
    SOUND = "sound"
    BROKEN = "broken"
    FAILED = "failed"


CHECK_TRANSITIONS = Transitions(
    move(CheckStatus.WAITING, CheckStatus.RUNNING, Door.WORKER),
    move(CheckStatus.RUNNING, CheckStatus.RUNNING, Door.WORKER),
    move(CheckStatus.FAILED, CheckStatus.RUNNING, Door.WORKER),
    move(CheckStatus.RUNNING, CheckStatus.SOUND, Door.WORKER),
    move(CheckStatus.RUNNING, CheckStatus.BROKEN, Door.WORKER),
    move(CheckStatus.RUNNING, CheckStatus.FAILED, Door.WORKER),
)


class JournalCheck(OfTenant, Base):
    """One check of the whole journal: how far it is, and what it has found."""

    __tablename__ = "journal_check"
    __table_args__ = (
        in_municipality(),
        Index("ix_journal_check_asked", "tenant_id", "asked_at"),
        {"info": opened(staff="SI", worker="SIU")},
    )

    status: Mapped[CheckStatus] = mapped_column(choice(CheckStatus))
    asked_by: Mapped[UUID | None] = mapped_column(comment="membership; empty when the timetable asked")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    entries_total: Mapped[int] = mapped_column(server_default="0", default=0)
    entries_done: Mapped[int] = mapped_column(server_default="0", default=0)
    heads: Mapped[int] = mapped_column(server_default="0", default=0, comment="signed heads that were compared")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)

"""Leaks and losses of personal data, with the clocks of the law."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ayumi.kernel.db import Base, OfTenant, choice, in_municipality
from ayumi.kernel.doors import opened
from ayumi.kernel.states import Transitions, move
from ayumi.kernel.tenancy import Door


class Ground(StrEnum):
    """What makes a leak one that must be reported (個人情報保護法施行規則 第43条)."""

    SENSITIVE = "sensitive"
    PROPERTY = "property"
    MALICIOUS = "malicious"
    MANY = "many"
    ORDINANCE = "ordinance"


class IncidentStatus(StrEnum):
    """Life of an incident."""

    OPEN = "open"
    PRELIMINARY_REPORTED = "preliminary_reported"
    FINALLY_REPORTED = "finally_reported"
    CLOSED = "closed"


TRANSITIONS = Transitions(
    move(IncidentStatus.OPEN, IncidentStatus.PRELIMINARY_REPORTED, Door.STAFF),
    move(IncidentStatus.PRELIMINARY_REPORTED, IncidentStatus.FINALLY_REPORTED, Door.STAFF),
    move(IncidentStatus.OPEN, IncidentStatus.CLOSED, Door.STAFF),
    move(IncidentStatus.PRELIMINARY_REPORTED, IncidentStatus.CLOSED, Door.STAFF),
    move(IncidentStatus.FINALLY_REPORTED, IncidentStatus.CLOSED, Door.STAFF),
    move(IncidentStatus.CLOSED, IncidentStatus.OPEN, Door.STAFF),
)


class Incident(OfTenant, Base):
    """One incident, from the day it became known to the last report."""

    __tablename__ = "incident"
    __table_args__ = (
        in_municipality(),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("occurred_on IS NULL OR occurred_on <= known_on", name="dates"),
        {"info": opened(staff="SIU", worker="S")},
    )

    title: Mapped[str]
    known_on: Mapped[date] = mapped_column(comment="the clocks run from this day")
    occurred_on: Mapped[date | None]
    what: Mapped[str] = mapped_column(comment="what happened")
    data: Mapped[str | None] = mapped_column(comment="kinds of data concerned")
    people: Mapped[int | None] = mapped_column(comment="how many people; empty while unknown")
    grounds: Mapped[list[str]] = mapped_column(comment="why it must be reported; empty when it need not")
    cause: Mapped[str | None]
    further_harm: Mapped[str | None] = mapped_column(comment="harm that has followed, or may")
    remedy: Mapped[str | None] = mapped_column(comment="what was and will be done")
    people_told_on: Mapped[date | None] = mapped_column(comment="when those concerned were told")
    published: Mapped[str | None] = mapped_column(comment="whether and how it was made public")
    preliminary_reported_on: Mapped[date | None]
    finally_reported_on: Mapped[date | None]
    status: Mapped[IncidentStatus] = mapped_column(choice(IncidentStatus))
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(server_default="1", default=1)

    __mapper_args__ = {"version_id_col": edition}

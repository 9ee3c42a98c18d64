"""Which firm may look at a person: one column on each of the person's rows, all moved together.

The rows belong to features that stand on this one, so they are found by their columns: every table that has both
``participant_id`` and ``firm_id``, and the days of the person's weeks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update

from ayumi.kernel import clock
from ayumi.kernel.db import Base, db
from ayumi.municipalities.model import Programme
from ayumi.participants.model import Participant, Status


def followers() -> list[Any]:
    """Return the mapped classes whose rows follow a person's ``firm_id``."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    return [each for each in mapped if {"participant_id", "firm_id"} <= set(each.__table__.columns.keys())]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a firm may see of a person, and until when (no day: no end was agreed)."""

    firm_id: UUID | None = None
    firm_until: date | None = None
    shares_health: bool = False
    health_until: date | None = None


NONE = Sight()
SAID = (Participant.firm_id, Participant.firm_until, Participant.shares_health, Participant.health_until)


def move(participant_id: UUID, sight: Sight) -> None:
    """Let this firm, and no other, look at everything of a person; NONE closes it to all firms."""
    db.session.flush()
    firm_id = sight.firm_id
    values = {column.key: getattr(sight, column.key) for column in SAID}
    _write(Participant, Participant.id == participant_id, values)
    for each in followers():
        _set(each, each.participant_id == participant_id, firm_id)
    version, day = _named("record_version"), _named("record_day")
    mine = select(version.id).where(version.participant_id == participant_id)
    _set(day, day.record_version_id.in_(mine), firm_id)
    for row in (each for each in db.session() if hasattr(each, "firm_id")):
        db.session.expire(row, [column.key for column in SAID] if isinstance(row, Participant) else ["firm_id"])


def due(participant: Participant) -> Sight:
    """Return what the firm that supports somebody may see from today on: as far as they agreed to it, and after the
    end of support for the municipality's time of reading.
    """
    if participant.delivery_firm_id is None:
        return NONE
    agreed = agreed_by([participant.id], participant.delivery_firm_id, clock.today())[participant.id]
    last = _last_after_support(participant.id) if participant.status is Status.ENDED else None
    if agreed.firm_id is None or last is None:
        return agreed
    until = min(last, agreed.firm_until or last)
    return replace(agreed, firm_until=until) if until >= clock.today() else NONE


def run_out() -> list[UUID]:
    """Return the people of whom a firm's last day of sight is over and not yet written off."""
    over = Participant.firm_until < clock.today()
    return list(db.session.scalars(select(Participant.id).where(over).order_by(Participant.id)))


def _last_after_support(participant_id: UUID) -> date | None:
    enrolment = _named("enrolment")
    ended_on, tail_days = db.session.execute(
        select(func.max(enrolment.ends_on), func.max(Programme.contract_tail_days))
        .join(Programme, Programme.tenant_id == enrolment.tenant_id)
        .where(enrolment.participant_id == participant_id)
    ).one()
    return ended_on + timedelta(days=tail_days) if ended_on else None


def agreed_by(participant_ids: Collection[UUID], firm_id: UUID, on: date) -> dict[UUID, Sight]:
    """Return person -> what this firm may see on a day, after what each has agreed to.

    A consent names a firm, or none: then it covers every firm that the municipality commissions.
    """
    consent = _named("consent")
    rows = db.session.execute(
        select(consent.participant_id, consent.scopes, consent.expires_on).where(
            consent.participant_id.in_(participant_ids),
            consent.status == "in_force",
            consent.scopes.overlap(["firm", "health"]),
            or_(consent.for_firm_id.is_(None), consent.for_firm_id == firm_id),
            consent.given_on <= on,
            or_(consent.expires_on.is_(None), consent.expires_on >= on),
        )
    ).all()
    return {id: _sight(firm_id, [row for row in rows if row.participant_id == id]) for id in participant_ids}


def _sight(firm_id: UUID, consents: Sequence[Any]) -> Sight:
    looks, health = ([row.expires_on for row in consents if scope in row.scopes] for scope in ("firm", "health"))
    return Sight(firm_id, _last(looks), bool(health), _last(health)) if looks else NONE


def present(participant: Participant) -> Sight:
    """Return what a firm may see of a person as it is kept at the moment."""
    return Sight(*(getattr(participant, column.key) for column in SAID))


def hide(participant_id: UUID, is_restricted: bool) -> None:
    """Mark a person's rows that an employer's page has, so that it has them no longer (or has them again)."""
    db.session.flush()
    for rows in (each for each in followers() if hasattr(each, "is_restricted")):
        _write(rows, rows.participant_id == participant_id, {"is_restricted": is_restricted})


def _last(days: Sequence[date | None]) -> date | None:
    return None if None in days else max((day for day in days if day), default=None)


def _set(rows: Any, whose: Any, firm_id: UUID | None) -> None:
    _write(rows, whose, {"firm_id": firm_id})


def _write(rows: Any, whose: Any, values: Mapping[str, Any]) -> None:
    """Touch only what differs."""
    other = or_(*(getattr(rows, name).is_distinct_from(value) for name, value in values.items()))
    statement = update(rows).where(whose, other).values(values)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _named(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)  # type: ignore[attr-defined]

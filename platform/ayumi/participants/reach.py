"""Which firm may look at a person: one column on each of the person's rows, all moved together.

The rows belong to features that stand on this one, so they are found by their columns: every table that has both
``participant_id`` and ``firm_id``, and the days of the person's weeks.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select, update

from ayumi.kernel import clock
from ayumi.kernel.db import Base, db
from ayumi.participants.model import Participant


def followers() -> list[Any]:
    """Return the mapped classes whose rows follow a person's ``firm_id``."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    return [each for each in mapped if {"participant_id", "firm_id"} <= set(each.__table__.columns.keys())]


def move(participant_id: UUID, firm_id: UUID | None) -> None:
    """Let this firm, and no other, look at everything of a person; None closes it to all firms."""
    db.session.flush()
    _set(Participant, Participant.id == participant_id, firm_id)
    for each in followers():
        _set(each, each.participant_id == participant_id, firm_id)
    version, day = _named("record_version"), _named("record_day")
    mine = select(version.id).where(version.participant_id == participant_id)
    _set(day, day.record_version_id.in_(mine), firm_id)
    for row in (each for each in db.session() if hasattr(each, "firm_id")):
        db.session.expire(row, ["firm_id"])


def agreed(participant_id: UUID) -> bool:
    """Tell whether the person has agreed that a firm may look, as of today."""
    consent, today = _named("consent"), clock.today()
    given = exists().where(
        consent.participant_id == participant_id,
        consent.status == "in_force",
        consent.scopes.contains(["firm"]),
        consent.given_on <= today,
        or_(consent.expires_on.is_(None), consent.expires_on >= today),
    )
    return bool(db.session.scalar(select(given)))


def _set(rows: Any, whose: Any, firm_id: UUID | None) -> None:
    other = rows.firm_id.is_distinct_from(firm_id)
    statement = update(rows).where(whose, other).values(firm_id=firm_id)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _named(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)  # type: ignore[attr-defined]

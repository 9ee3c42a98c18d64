"""Whom an entry of the journal is about: every table that names a person is found by itself, also those to come."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, union_all

from ayumi.japan.kana import search_key
from ayumi.kernel.db import Base, Rows, db, here, tenant
from ayumi.kernel.doors import opening_of
from ayumi.kernel.journal import Entry
from ayumi.participants import queries as participants
from ayumi.participants.model import Participant

PERSON = Participant.__tablename__
MOST = 20
CALLED = (Participant.id, Participant.case_number, Participant.family_name, Participant.given_name)
NEEDED = ("id", "participant_id", "tenant_id")


def tables() -> dict[str, Table]:
    """Return name -> every table whose rows belong to one person."""
    every = Base.metadata.tables
    return {name: table for name, table in every.items() if set(NEEDED) <= set(table.columns.keys())}


def is_personal(subject: str) -> bool:
    """Tell whether rows of this table belong to one person."""
    return subject == PERSON or subject in tables()


def entries_of(participant_id: UUID) -> ColumnElement[bool]:
    """Condition for entries about a person or anything that belongs to them."""
    things = [
        select(table.c.id).where(table.c.tenant_id == tenant(), table.c.participant_id == participant_id)
        for table in _readable()
    ]
    return or_(Entry.subject_id == participant_id, Entry.subject_id.in_(union_all(*things)))


def people_of(rows: Iterable[Any]) -> dict[UUID, Any]:
    """Return subject id -> the person it belongs to, for entries about people whom whoever is here may see.

    Each with id, case_number, family_name and given_name.
    """
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.subject, set()).add(row.subject_id)
    parts: list[Any] = [_owners(table, wanted[table.name]) for table in _readable() if table.name in wanted]
    if PERSON in wanted:
        themselves = select(Participant.id.label("id"), Participant.id.label("participant_id"))
        parts.append(themselves.where(Participant.tenant_id == tenant(), Participant.id.in_(wanted[PERSON])))
    if not parts:
        return {}
    owners = union_all(*parts).subquery()
    query = select(owners.c.id.label("subject_id"), *CALLED).join(
        Participant, Participant.id == owners.c.participant_id
    )
    return {row.subject_id: row for row in db.session.execute(query.where(participants.visible()))}


def _owners(table: Table, ids: Collection[UUID]) -> Select[Any]:
    return select(table.c.id, table.c.participant_id).where(table.c.tenant_id == tenant(), table.c.id.in_(ids))


def sought(words: str) -> Rows:
    """Return (id, case_number, family_name, given_name) of visible people called exactly so: number, name or kana."""
    number, key = unicodedata.normalize("NFKC", words).strip().upper(), search_key(words)
    ways = [func.upper(Participant.case_number) == number]
    ways += [Participant.name_key == key, Participant.kana_key == key] if key else []
    query = select(*CALLED).where(or_(*ways), participants.visible())
    return db.session.execute(query.order_by(Participant.case_number).limit(MOST)).all()


def called_by(participant_id: UUID) -> Any:
    """Return (id, case_number, family_name, given_name) of a person whom whoever is here may see, else None."""
    query = select(*CALLED).where(Participant.id == participant_id, participants.visible())
    return db.session.execute(query).one_or_none()


def _readable() -> list[Table]:
    """Those of them that the present door may read so far as it is needed here."""
    return [table for table in tables().values() if _reads(table)]


def _reads(table: Table) -> bool:
    grant = opening_of(table).grants.get(here().door)
    return grant is not None and "S" in grant.verbs and (not grant.select or set(NEEDED) <= set(grant.select))

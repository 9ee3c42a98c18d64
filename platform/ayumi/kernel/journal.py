"""What happened, who did it and why: written beside every change, never altered, each entry chained to the last.

Entries are gathered while a transaction works and written at its very end, because writing the first one locks the
head of the municipality's chain: the lock is held for a moment, and nobody can be caught holding it while waiting for
something else.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from ayumi.kernel import clock, ids
from ayumi.kernel.db import Base, OfTenant, PlacedSession, Rows, db, here, in_municipality, place_of
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door
from ayumi.kernel.writing import write_rows

PENDING = "journal"  # in a session's info: (savepoint they were noted in, entries and what they have in common)
READINGS = ("looked", "exported")  # actions that changed nothing
WRITTEN = (
    "id", "subject", "subject_id", "action", "status_before", "status_after", "why", "changes", "at", "door",
    "membership_id", "account_id", "firm_id", "employer_id",
)  # fmt: skip
FEW = 20  # entries that are told as they are
# One statement for any number of entries, in their order: a list that is taken over makes ten thousand. What entries
# noted together have in common is said once. They are read beside the head of their chain, because a database that is
# spread over several machines lets a list in only where it meets a table of that municipality.
WRITE = text(f"""
INSERT INTO journal_entry (tenant_id, {", ".join(WRITTEN)})
SELECT head.tenant_id, said.{", said.".join(WRITTEN)}
FROM journal_head AS head, jsonb_array_elements(cast(:noted AS jsonb)) AS noted,
jsonb_populate_recordset(jsonb_populate_record(CAST(NULL AS journal_entry), noted -> 'common'), noted -> 'entries')
AS said WHERE head.tenant_id = :municipality
""")


class Entry(OfTenant, Base):
    """One thing that happened to one subject. Number, digest and hash are given by the database (see chain.py)."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "seq"),
        Index("ix_journal_entry_subject", "tenant_id", "subject_id", "at"),
        {
            "info": opened(
                staff="SI",
                firm="SI",
                employer="I",
                worker="SI",
                operator="I",
                accounts="I",
                glass=Grant(""),
                keeper=Grant("SIU", update=("why", "changes", "salt", "forgotten_at")),
                across={Door.ACCOUNTS: "true"},
            )
        },
    )

    subject: Mapped[str] = mapped_column(comment="table of the thing it happened to")
    subject_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(comment="past tense: submitted, approved, ...")
    status_before: Mapped[str | None]
    status_after: Mapped[str | None]
    why: Mapped[str | None]
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), comment="field -> [before, after]")
    at: Mapped[datetime]
    door: Mapped[str]
    membership_id: Mapped[UUID | None] = mapped_column(comment="who; empty for the platform itself")
    account_id: Mapped[UUID | None] = mapped_column(comment="whose login it was, where somebody was logged in")
    firm_id: Mapped[UUID | None] = mapped_column(comment="the firm that may see it")
    employer_id: Mapped[UUID | None] = mapped_column(comment="the employer it concerns")
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="1, 2, 3 ... without a gap")
    salt: Mapped[str | None] = mapped_column(comment="goes with what was said: a digest alone cannot be guessed back")
    digest: Mapped[str] = mapped_column(server_default="", comment="sha-256 of the salt, why and changes")
    hash: Mapped[str] = mapped_column(
        server_default="", comment="sha-256 of all but why and changes, and the last hash"
    )
    forgotten_at: Mapped[datetime | None] = mapped_column(comment="since when it no longer says what, only that")


def note(
    subject: OfTenant,
    action: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
    changes: dict[str, Any] | None = None,
    for_firm: bool = True,
) -> None:
    """Write down that ``action`` happened to ``subject``, by whoever is here.

    ``for_firm``: the firm that may look at the subject may read this too. An employer's door may not read whose
    firm that is, so it is not asked there.
    """
    if subject.id is None:  # a new row gets its id when it is sent
        db.session.flush()
    said: dict[str, Any] = {"status_before": before, "status_after": after, "why": why, "changes": changes}
    said |= about(subject)
    if not for_firm:
        said["firm_id"] = None
    note_of(subject.__tablename__, said.pop("subject_id"), action, **said)  # type: ignore[attr-defined]


def about(subject: OfTenant) -> dict[str, Any]:
    """Whose the subject of an entry is: which firm may read it, which employer it concerns."""
    at_employer = here().employer_id is not None
    return {
        "subject_id": subject.id,
        "firm_id": None if at_employer else getattr(subject, "firm_id", None),
        "employer_id": None if at_employer else getattr(subject, "employer_id", None),
    }


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and when, where that is not whoever is here now: the worker writes down what others did."""

    door: Door
    at: datetime
    membership_id: UUID | None = None
    account_id: UUID | None = None
    firm_id: UUID | None = None
    employer_id: UUID | None = None


def note_of(
    subject: str,
    subject_id: UUID,
    action: str,
    *,
    session: Session | None = None,
    tenant_id: int | None = None,
    by: Actor | None = None,
    **said: Any,
) -> None:
    """Write down that ``action`` happened to the row of a table, whether or not the row is at hand.

    ``session`` and ``tenant_id``: where they are not those of the present place (logging in has no municipality).
    ``by``: who did it, where that is somebody else.
    """
    common = {"subject": subject, "action": action}
    _gather(session or db.session(), common, [{"subject_id": subject_id, **said}], tenant_id, by)


def note_many(
    subject: str, action: str, entries: Sequence[Mapping[str, Any]], *, by: Actor | None = None, **common: Any
) -> None:
    """Write down the same action for many rows of a table: each entry has a subject_id, and what it says."""
    _gather(db.session(), {**common, "subject": subject, "action": action}, entries, None, by)


def _present(session: Session) -> Actor:
    place = place_of(session)
    return Actor(
        door=place.door,
        at=clock.now(),
        membership_id=place.membership_id,
        account_id=place.account_id,
        firm_id=place.firm_id,
        employer_id=place.employer_id,
    )


def _gather(
    session: Session, common: dict[str, Any], said: Sequence[Mapping[str, Any]], tenant_id: int | None, by: Actor | None
) -> None:
    """Keep entries until the end of the transaction, all by the same actor."""
    actor = by or _present(session)
    common |= {
        "tenant_id": tenant_id or place_of(session).tenant_id,
        "door": actor.door.value,
        "at": actor.at,
        "membership_id": actor.membership_id,
        "account_id": actor.account_id,
    }
    guest = {name: id for name in ("firm_id", "employer_id") if (id := getattr(actor, name))}
    entries = [{**each, **guest, "id": ids.new()} for each in said]
    if not session.in_transaction():
        session.begin()  # so that a rollback before anything was asked finds something to give up
    savepoint = session.get_nested_transaction()
    session.info.setdefault(PENDING, []).append((savepoint, {"common": common, "entries": entries}))


def _spelled(value: object) -> str:
    """How an identifier or a moment is written in JSON."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def write(session: Session) -> None:
    """Write the gathered entries, after everything else of the transaction."""
    pending = session.info.pop(PENDING, None)
    if pending:
        session.flush()
        by_town: dict[int, list[dict[str, Any]]] = {}
        for _savepoint, noted in pending:
            by_town.setdefault(noted["common"]["tenant_id"], []).append(noted)
        for town, all_noted in by_town.items():
            _write_of(session, town, all_noted)


def _write_of(session: Session, tenant_id: int, noted: list[dict[str, Any]]) -> None:
    if sum(len(each["entries"]) for each in noted) > FEW:
        said = json.dumps(noted, ensure_ascii=False, default=_spelled)
        done = session.connection().execute(WRITE, {"municipality": tenant_id, "noted": said})
        if done.rowcount:
            return  # else a journal has no head yet: before its first entry
    rows = [each["common"] | entry for each in noted for entry in each["entries"]]
    named = [name for name in WRITTEN if any(row.get(name) is not None for row in rows)]
    for at in range(0, len(rows), FEW):
        some = [{name: row.get(name) for name in named} for row in rows[at : at + FEW]]
        write_rows(session, Entry, some, tenant_id=tenant_id)


@event.listens_for(PlacedSession, "before_commit")
def _write_at_the_end(session: Session) -> None:
    if not session.in_nested_transaction():
        write(session)


@event.listens_for(PlacedSession, "after_soft_rollback")
def _forget_what_was_given_up(session: Session, previous: SessionTransaction) -> None:
    """Of a savepoint that was rolled back nothing is written, nor of those within it; the rest stays."""
    given_up = next((each for each in _outwards(previous) if each.nested), None)
    pending = session.info.pop(PENDING, [])
    kept = [each for each in pending if given_up is not None and given_up not in _outwards(each[0])]
    if kept:
        session.info[PENDING] = kept


def _outwards(transaction: SessionTransaction | None) -> Iterator[SessionTransaction]:
    """The transaction itself, the one it is in, and so on."""
    while transaction is not None:
        yield transaction
        transaction = transaction.parent


def history(*subject_ids: UUID) -> Rows:
    """Return what was done to these things, newest first: action, statuses, why, at, membership_id, subject_id.

    Who looked at them is not told here, and nothing is told behind broken glass: the journal speaks of everybody.
    """
    if here().door is Door.GLASS:
        return []
    write(db.session())
    query = (
        select(
            Entry.subject,
            Entry.subject_id,
            Entry.action,
            Entry.status_before,
            Entry.status_after,
            Entry.why,
            Entry.changes,
            Entry.at,
            Entry.membership_id,
            Entry.door,
        )
        .where(Entry.subject_id.in_(subject_ids), Entry.action.not_in(READINGS))
        .order_by(Entry.seq.desc())
    )
    return db.session.execute(query).all()

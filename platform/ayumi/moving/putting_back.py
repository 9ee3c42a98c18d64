"""Putting a municipality back as it was when a backup was taken: its work goes back, and nothing else does.

The packing comes out of a backup. What people did goes back to that moment. Who works here, how they come in, and the
proofs (journal, disposal lists, incidents, operators who looked) stay as they are now: a journal only grows, whoever
has left stays out, and what was disposed of since then is disposed of again before anybody can see it.
Works as the owner, from the command line, in one transaction, while the municipality is suspended.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from ayumi.audit import heads
from ayumi.kernel import journal
from ayumi.kernel.db import place_of, visiting
from ayumi.kernel.errors import Conflict
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.files.store import store
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.moving import contents, parcel, pouring, unpacking
from ayumi.moving.leaving import Left, NotSuspended
from ayumi.moving.packing import schema_revision
from ayumi.municipalities.model import Municipality
from ayumi.retention import erasing
from ayumi.retention import map as ways
from ayumi.retention.model import Artefact, DisposalItem

STAYS: Final[dict[str, str]] = {
    "access_policy": "how people come in",
    "disposal": "the proof of what was disposed of",
    "disposal_item": "the proof of what was disposed of",
    "erasure_certificate": "the proof of what was erased",
    "external_identity": "how people come in",
    "glass_break": "the proof of who looked inside",
    "identity_provider": "how people come in",
    "incident": "the register that the law asks for",
    "invitation": "how people come in",
    "journal_check": "the proof that the chain was checked",
    "journal_entry": "a journal only grows",
    "journal_head": "a journal only grows",
    "membership": "whoever has left stays out",
    "one_time_link": "how people come in",
    "packing": "what was handed over",
    "reset_request": "how people come in",
    "signed_head": "a journal only grows",
    "subscription": "what is agreed with those who host",
    "whereabouts": "whoever has left stays out",
}
"""Tables whose rows stay as they are now; rows they have lost come back."""

DISPOSED: Final = text("""
    SELECT DISTINCT subject_id FROM journal_entry WHERE tenant_id = :t AND seq > :seq AND action = 'disposed'
""")
LAST: Final = text("SELECT seq FROM journal_head WHERE tenant_id = :t")
JOURNAL: Final = ("journal_entry", "journal_head", "signed_head")


class NotThatOne(Conflict):
    """The packing is of another municipality."""

    message = _("This packing is of number %(theirs)s, here the municipality of that name is number %(ours)s.")


class OtherJournal(Conflict):
    """The journal here does not go on from where the packing ends."""

    message = _(
        "The journal here does not go on from where this packing ends: find out why before anything is put back."
    )


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back; the numbers of the last entry the packing knew, and of the last there is."""

    rows: int
    erased_again: int
    until: int
    since: int


def put_back(path: Path, *, why: str) -> PutBack:
    """Put a municipality back as its packing says; everything is checked first; all of it goes back, or nothing."""
    with parcel.reading(path) as (opened, manifest):
        if manifest["schema"] != schema_revision():
            raise unpacking.OtherSchema(theirs=manifest["schema"], ours=schema_revision())
        tenant_id = manifest["municipality"]["id"]
        with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            _check(session, manifest)
            try:
                made = _all(session, opened, manifest, why)
            except BaseException:
                session.rollback()
                _forget_strays(tenant_id)
                raise
        _forget_strays(tenant_id)
        return made


def _all(session: Session, opened: ZipFile, manifest: dict[str, Any], why: str) -> PutBack:
    tenant_id = manifest["municipality"]["id"]
    unpacking.take_in_files(opened, tenant_id)
    made = _work(session, opened, manifest)
    changes = {"journal": [made.until, made.since], "rows": [None, made.rows]}
    subject_id = UUID(int=tenant_id)
    journal.note_of("municipality", subject_id, "restored", session=session, why=why, changes=changes)
    return made


# Before ---


def _check(session: Session, manifest: dict[str, Any]) -> None:
    said = manifest["municipality"]
    town = session.scalars(select(Municipality).where(Municipality.slug == said["slug"]).with_for_update()).first()
    if town is None or town.id != said["id"]:
        raise NotThatOne(theirs=said["id"], ours=town.id if town else "-")
    if town.left_at is not None:
        raise Left
    if town.suspended_at is None:
        raise NotSuspended
    _check_journal(session, manifest["journal"], town.id)


def _check_journal(session: Session, ended: dict[str, Any], tenant_id: int) -> None:
    """The chain here must be whole, and hold the very entry the packing ends with."""
    broken = session.execute(unpacking.LINKS, {"t": tenant_id}).scalar_one()
    found = session.execute(heads.HASH_AT, {"t": tenant_id, "seq": ended["seq"]}).scalar()
    if broken or (ended["seq"] and found != ended["hash"]):
        raise OtherJournal


# The work goes back ---


def _work(session: Session, opened: ZipFile, manifest: dict[str, Any]) -> PutBack:
    unpacking.take_in_shared(session, opened)
    tables = contents.packed()
    for table in tables:
        session.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
    _clear(session)
    rows = sum(_pour(session, opened, table, manifest) for table in tables if table.name not in JOURNAL)
    for table in tables:
        session.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
    until = manifest["journal"]["seq"]
    again = _erase_again(session, until)
    since = session.execute(LAST, {"t": place_of(session).tenant_id}).scalar() or 0
    return PutBack(rows, sum(again.values()), until, since)


def _clear(session: Session) -> None:
    """Take away all rows that do not stay, except those that what stays refers to."""
    for name in ways.in_order():
        if name in STAYS:
            continue
        needed = [
            f'SELECT "{column}" FROM "{other}" WHERE tenant_id = :t AND "{column}" IS NOT NULL'
            for other, column in ways.references(name)
            if other in STAYS
        ]
        still = f" AND id NOT IN ({' UNION '.join(needed)})" if needed else ""
        session.execute(text(f'DELETE FROM "{name}" WHERE tenant_id = :t{still}'), {"t": place_of(session).tenant_id})


def _pour(session: Session, opened: ZipFile, table: Table, manifest: dict[str, Any]) -> int:
    """Put a table's packed rows in: over those still there, or, where what is here stays, only those that are lost."""
    name, said, key = table.name, manifest["tables"][table.name]["rows"], ", ".join(pouring.key_of(table))
    with pouring.poured(session, opened, table):
        pouring.take_over(session, table, over=name not in STAYS)
        there = f'SELECT count(*) FROM "{name}" WHERE tenant_id = :t AND ({key}) IN (SELECT {key} FROM poured)'
        found = session.execute(text(there), {"t": place_of(session).tenant_id}).scalar_one()
    if found != said:
        raise unpacking.RowsMissing(table=name, found=found, said=said)
    return 0 if name in STAYS else int(found)


def _erase_again(session: Session, ended: int) -> Counter[str]:
    """Erase what has been disposed of since the packing's journal ends."""
    found = session.execute(DISPOSED, {"t": place_of(session).tenant_id, "seq": ended}).scalars().all()
    items = session.scalars(
        select(DisposalItem).where(DisposalItem.subject_id.in_(found), DisposalItem.erased_at.is_not(None))
    ).all()
    counted: Counter[str] = Counter()
    for item in sorted(items, key=lambda each: each.artefact is Artefact.CASE):
        counted += erasing.erase_again(session, item)
    return counted


# Afterwards ---


def _forget_strays(tenant_id: int) -> None:
    """Forget bytes that no row speaks of any more: they belong to what is no longer there."""
    with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        needed = {each.key for each in session.scalars(select(StoredFile))}
    for key in list(store().names(f"t/{tenant_id}/")):
        if key not in needed and not key.startswith(heads.folder(tenant_id)):
            store().delete(key)

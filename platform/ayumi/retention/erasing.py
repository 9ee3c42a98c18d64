"""Erasing one subject of a disposal list everywhere, in one transaction, through the keeper's door.

Rows with their versions go in the order that references ask for; what stays loses its reference and the name in it;
files go with the last row that refers to them; the journal forgets what it said and keeps that something happened.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from ayumi.kernel import clock, journal
from ayumi.kernel.db import place_of
from ayumi.kernel.files.forgetting import forget
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.journal import Entry
from ayumi.kernel.words import _
from ayumi.retention import due as over
from ayumi.retention import map as ways
from ayumi.retention.model import Artefact, Disposal, DisposalItem

NO_LONGER_DUE: Final = _("Held, come back, or kept longer since: it stays.")
PART_STAYS: Final = _("A part of the case stays, so the case stays.")

Ids = Mapping[str, list[UUID]]


def erase(session: Session, disposal_id: UUID, subject: str, subject_id: UUID) -> None:
    """Erase what a list says of one subject, as far as it may still go; done again, it finds nothing to do."""
    lock(session, subject_id)
    disposal = session.scalars(select(Disposal).where(Disposal.id == disposal_id)).one()
    items = _open_items(session, disposal_id, subject_id)
    may_go = {each.artefact for each in over.due(session, disposal.due_on, subject=subject, subject_id=subject_id)}
    gone: list[DisposalItem] = []
    for item in sorted(items, key=lambda each: each.artefact is Artefact.CASE):
        why = _why_not(session, item, may_go)
        if why:
            item.is_kept_back, item.kept_back_why = True, why
        else:
            item.erased = dict(_erase(session, item))
            item.erased_at = clock.now()
            gone.append(item)
        session.flush()
    if gone:
        _say_so(session, subject, subject_id, gone)


def erase_again(session: Session, item: DisposalItem) -> Counter[str]:
    """Erase what was disposed of and has come back out of a backup; the list that said so stays as it is."""
    lock(session, item.subject_id)
    return _erase(session, item)


def lock(session: Session, subject_id: UUID) -> None:
    """Let nobody else hold or erase the same subject until the end of the transaction."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"disposal:{subject_id}", 0))))


def _open_items(session: Session, disposal_id: UUID, subject_id: UUID) -> Sequence[DisposalItem]:
    return session.scalars(
        select(DisposalItem)
        .where(DisposalItem.disposal_id == disposal_id, DisposalItem.subject_id == subject_id)
        .where(DisposalItem.erased_at.is_(None), DisposalItem.is_kept_back.is_(False))
        .with_for_update()
    ).all()


def _why_not(session: Session, item: DisposalItem, may_go: Collection[Artefact]) -> str:
    if item.artefact not in may_go:
        return NO_LONGER_DUE
    if item.subject == "participant" and item.artefact is Artefact.CASE and _parts_left(session, item.subject_id):
        return PART_STAYS
    return ""


def _parts_left(session: Session, participant_id: UUID) -> bool:
    parts = {each for each, kept in ways.KEPT.items() if kept.via == "participant_id"}
    direct = [ways.table(name) for name in parts if ways.KEPT[name].artefact is not Artefact.CASE]
    tenant_id = place_of(session).tenant_id
    return any(
        session.execute(
            select(each.c.id).where(each.c.tenant_id == tenant_id, each.c.participant_id == participant_id).limit(1)
        ).first()
        for each in direct
    )


def _erase(session: Session, item: DisposalItem) -> Counter[str]:
    if item.artefact is Artefact.ACCESS_LOG:
        return _forget_year(session, item)
    tables = ways.part_of(item.artefact, item.subject)
    ids = _ids(session, tables, item)
    files = _files(session, ids)
    counted = Counter({"journal": _forget(session, [each for found in ids.values() for each in found])})
    for name in tables:
        counted += _loosen(session, name, ids[name])
    for name in tables:
        table = ways.table(name)
        gone = delete(table).where(_in_here(session, table), table.c.id == _any(ids[name]))
        counted[name] += _count(session.execute(gone))
    counted["files"] = forget(session, _unneeded(session, files))
    return +counted


def _ids(session: Session, tables: Sequence[str], item: DisposalItem) -> Ids:
    """Return table -> the identifiers of what goes, found from the subject downwards."""
    found: dict[str, list[UUID]] = {item.subject: [item.subject_id]}
    for name in reversed(tables):
        step = ways.above(name)
        if step is None:
            continue
        via, parent, column = step
        table, upper = ways.table(name), ways.table(parent)
        reached = select(upper.c[column]).where(_in_here(session, upper), upper.c.id == _any(found[parent]))
        rows = session.scalars(select(table.c.id).where(_in_here(session, table), table.c[via].in_(reached)))
        found[name] = list(rows)
    return {name: found[name] for name in tables}


def _in_here(session: Session, table: Any) -> Any:
    return table.c.tenant_id == place_of(session).tenant_id


def _any(ids: Collection[UUID]) -> Any:
    return any_(literal(list(ids), ARRAY(Uuid)))


def _loosen(session: Session, name: str, ids: Sequence[UUID]) -> Counter[str]:
    """Empty what refers to the rows that go, and what would still name somebody beside it."""
    counted: Counter[str] = Counter()
    for other, column in ways.references(name):
        table = ways.table(other)
        referring = (_in_here(session, table), table.c[column] == _any(ids))
        if (other, column) in ways.TAKEN_ALONG:
            counted[other] = _count(session.execute(delete(table).where(*referring)))
        elif (other, column) in ways.LOOSENED:
            emptied = update(table).where(*referring).values({column: None} | ways.LOOSENED[other, column])
            counted[f"{other}.{column}"] = _count(session.execute(emptied))
    return counted


def _count(result: Any) -> int:
    return int(result.rowcount)


def _files(session: Session, ids: Ids) -> set[UUID]:
    """Return the files of the rows that go: those they refer to, and those kept about them."""
    about = [each for found in ids.values() for each in found]
    files = set(session.scalars(select(StoredFile.id).where(StoredFile.subject_id == _any(about))))
    for name, column in ways.references(ways.FILES):
        if name in ids:
            table = ways.table(name)
            rows = select(table.c[column]).where(_in_here(session, table), table.c.id == _any(ids[name]))
            files |= {each for each in session.scalars(rows) if each is not None}
    return files


def _unneeded(session: Session, files: Collection[UUID]) -> list[UUID]:
    still = [
        ways.table(name).c[column].is_not(None) & _in_here(session, ways.table(name))
        for name, column in ways.references(ways.FILES)
    ]
    needed: set[UUID] = set()
    for (name, column), condition in zip(ways.references(ways.FILES), still, strict=True):
        referring = ways.table(name).c[column]
        needed |= set(session.scalars(select(referring).where(condition, referring == _any(files))))
    return [each for each in files if each not in needed]


# The journal ---


def _forget(session: Session, ids: Collection[UUID]) -> int:
    """Let the journal forget what it said of these, and of their lines on disposal lists; return how many entries."""
    lines = select(DisposalItem.id).where(DisposalItem.subject_id == _any(ids))
    count = _forget_where(session, or_(Entry.subject_id == _any(ids), Entry.subject_id.in_(lines)))
    session.execute(
        update(DisposalItem)
        .where(DisposalItem.subject_id == _any(ids), DisposalItem.kept_back_why.is_not(None))
        .values(kept_back_why=None),
        execution_options={"synchronize_session": False},
    )
    return count


def _forget_where(session: Session, *conditions: Any) -> int:
    forgotten = update(Entry).where(Entry.forgotten_at.is_(None), *conditions)
    forgotten = forgotten.values(why=None, changes=None, salt=None, forgotten_at=clock.now())
    return _count(session.execute(forgotten, execution_options={"synchronize_session": False}))


def _forget_year(session: Session, item: DisposalItem) -> Counter[str]:
    """Forget a fiscal year of the journal, except of what is still there."""
    first, last = over.span_of(item.completed_on)
    still = [
        Entry.subject_id.not_in(select(ways.table(name).c.id).where(_in_here(session, ways.table(name))))
        for name in ways.KEPT
    ]
    said = or_(Entry.why.is_not(None), Entry.changes.is_not(None))
    return Counter({"journal": _forget_where(session, Entry.at >= first, Entry.at < last, said, *still)})


def _say_so(session: Session, subject: str, subject_id: UUID, gone: Sequence[DisposalItem]) -> None:
    artefacts = sorted(item.artefact.value for item in gone)
    journal.note_of(subject, subject_id, "disposed", session=session, changes={"artefacts": [artefacts, None]})


# Exports ---


def erase_exports(session: Session) -> int:
    """Forget the files that hold everybody: each was made before this, and holds those who are gone."""
    files = list(session.scalars(select(StoredFile.id).where(StoredFile.purpose.in_(ways.EXPORTS))))
    _loosen(session, ways.FILES, files)
    return forget(session, files)

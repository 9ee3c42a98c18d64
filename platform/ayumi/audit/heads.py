"""Signed heads: where a journal stood at a moment, laid down where whoever changes the database cannot reach."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ayumi.audit import keys
from ayumi.audit.canonical import canonical, loads, moment
from ayumi.audit.faults import Fault, Finding
from ayumi.audit.model import SignedHead
from ayumi.config import settings
from ayumi.kernel import clock
from ayumi.kernel.chain import JournalHead
from ayumi.kernel.db import add, db, tenant
from ayumi.kernel.files.store import store
from ayumi.municipalities import queries as municipalities

YEAR = timedelta(days=366)
HASH_AT = text("SELECT hash FROM journal_entry WHERE tenant_id = :t AND seq = :seq")


def sign() -> SignedHead | None:
    """Sign where the present municipality's journal stands, unless it stands where it was signed last.

    The file is laid down first: a row never speaks of a file that is not there.
    """
    head = db.session.scalar(select(JournalHead))
    if head is None or head.seq <= (db.session.scalar(select(func.max(SignedHead.seq))) or 0):
        return None
    at = clock.now()
    statement = _statement(head, at)
    signature = keys.sign(canonical(statement).encode())
    paper = canonical({"statement": statement, "signature": signature}).encode()
    name = f"{folder(tenant())}{head.seq:012d}-{head.hash[:16]}-{at:%Y%m%d%H%M%S%f}.json"
    store().put_locked(name, paper, "application/json", until=at + YEAR * int(settings().journal_lock_years))
    return add(
        SignedHead(
            seq=head.seq,
            hash=head.hash,
            signed_at=at,
            signature=signature,
            key_id=statement["key"],
            file_key=name,
        )
    )


def _statement(head: JournalHead, at: datetime) -> dict[str, Any]:
    here = municipalities.present()
    return {
        "municipality": here.code or here.slug,
        "tenant": head.tenant_id,
        "seq": head.seq,
        "hash": head.hash,
        "at": moment(at),
        "key": keys.key_id(keys.public_key()),
    }


def folder(tenant_id: int) -> str:
    """Where a municipality's signed heads lie in the file store."""
    return f"t/{tenant_id}/journal-heads/"


def last() -> SignedHead | None:
    """Return the newest signed head of the present municipality."""
    return db.session.scalar(select(SignedHead).order_by(SignedHead.seq.desc()).limit(1))


def check(session: Session, tenant_id: int) -> tuple[int, list[Finding]]:
    """Compare every signed head, in the database and in the file store, with the chain: (how many, what is wrong)."""
    rows = session.scalars(select(SignedHead).order_by(SignedHead.seq)).all()
    lying = set(store().names(folder(tenant_id)))
    found = [finding for row in rows for finding in _of_row(session, row, lying)]
    for name in sorted(lying - {row.file_key for row in rows}):
        found += _of_file_alone(session, tenant_id, name)
    return len(rows), found


def _of_row(session: Session, row: SignedHead, lying: set[str]) -> Iterator[Finding]:
    if _hash_at(session, row.tenant_id, row.seq) != row.hash:
        yield Finding(Fault.SIGNED_DIFFERS, row.seq)
    paper = _paper(row.file_key) if row.file_key in lying else None
    if paper is None:
        yield Finding(Fault.FILE_MISSING if row.file_key not in lying else Fault.FILE_DIFFERS, row.seq)
        return
    statement = paper["statement"]
    said = (statement.get("tenant"), statement.get("seq"), statement.get("hash"), paper.get("signature"))
    if said != (row.tenant_id, row.seq, row.hash, row.signature):
        yield Finding(Fault.FILE_DIFFERS, row.seq)
    yield from _signature(paper, row.seq)


def _of_file_alone(session: Session, tenant_id: int, name: str) -> Iterator[Finding]:
    """A paper without a row: somebody took the row away, or the transaction that laid it down was rolled back.

    The second is harmless as long as the chain has that very entry.
    """
    paper = _paper(name)
    statement = paper["statement"] if paper else {}
    seq = statement.get("seq", 0)
    if paper is None or list(_signature(paper, seq)):
        yield Finding(Fault.FILE_DIFFERS, seq)
    elif (statement.get("tenant"), _hash_at(session, tenant_id, seq)) != (tenant_id, statement.get("hash")):
        yield Finding(Fault.ROW_MISSING, seq)


def _signature(paper: dict[str, Any], seq: int) -> Iterator[Finding]:
    statement = paper["statement"]
    public = keys.known().get(str(statement.get("key")))
    if public is None:
        yield Finding(Fault.SIGNED_UNKNOWN_KEY, seq)
    elif not keys.holds(public, canonical(statement).encode(), str(paper.get("signature"))):
        yield Finding(Fault.SIGNATURE, seq)


def _paper(name: str) -> dict[str, Any] | None:
    try:
        paper = loads(store().get(name))
    except (OSError, ValueError):
        return None
    return paper if isinstance(paper, dict) and isinstance(paper.get("statement"), dict) else None


def _hash_at(session: Session, tenant_id: int, seq: int) -> str | None:
    found: str | None = session.execute(HASH_AT, {"t": tenant_id, "seq": seq}).scalar()
    return found

"""Erasing a municipality that has moved out: every row, every file, every account left without a place.

Works as the owner, from the command line, after the packing was handed over. The rows go in one transaction with the
certificate; then the files go. Broken off between the two, it is begun again and goes on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ayumi.kernel import clock, ids
from ayumi.kernel.db import Base, visiting
from ayumi.kernel.doors import opening_of
from ayumi.kernel.errors import Conflict
from ayumi.kernel.files.store import store
from ayumi.kernel.journal import Entry
from ayumi.kernel.tenancy import Door, Place
from ayumi.kernel.words import _
from ayumi.moving import certificate, contents, unfinished
from ayumi.moving.model import ErasureCertificate, Packing, PackingStatus
from ayumi.municipalities.model import Municipality
from ayumi.retention import map as ways

LEFT_WITH_IT: Final = ("one_time_link", "external_identity")
ADDRESS: Final = "erased.invalid"
ABOUT_LEAVING: Final = ("packing", "municipality")


class NotSuspended(Conflict):
    """People may still be at work in it."""

    message = _("Suspend the municipality first, so that nothing changes any more.")


class NotPacked(Conflict):
    """Nothing has been handed over."""

    message = _("There is no packing of this municipality: export it and hand it over first.")


class ChangedSince(Conflict):
    """What was handed over is not all there is."""

    message = _("Since the last packing %(count)s things have happened here: export it again and hand that over.")


class Left(Conflict):
    """It is gone already."""

    message = _("This municipality has left already.")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is certified, and the paper."""

    id: UUID
    paper: bytes
    rows: int
    files: int


def erase(tenant_id: int) -> Erasure:
    """Erase a municipality and return the certificate. Broken off and begun again, it goes on."""
    found = _certified(tenant_id)
    if found is not None and not _erase_files(tenant_id):
        raise Left
    if found is None:
        with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            found = _erase_rows(session, tenant_id)
        _erase_files(tenant_id)
    return Erasure(found.id, store().get(found.file_key), _sum(found), found.erased.get("files", 0))


def _certified(tenant_id: int) -> ErasureCertificate | None:
    query = select(ErasureCertificate).where(ErasureCertificate.tenant_id == tenant_id)
    with visiting(Place(Door.OWNER)) as session:
        found = session.scalar(query)
        if found is not None:
            session.expunge(found)
        return found


def _sum(found: ErasureCertificate) -> int:
    return sum(count for name, count in found.erased.items() if name != "files")


def _erase_files(tenant_id: int) -> int:
    """Forget whatever lies in the municipality's folder; return how much there was."""
    keys = list(store().names(f"t/{tenant_id}/"))
    for key in keys:
        store().delete(key)
    return len(keys)


# Rows ---


def _erase_rows(session: Session, tenant_id: int) -> ErasureCertificate:
    town = session.get_one(Municipality, tenant_id, with_for_update=True)
    packing = _handed_over(session, town)
    accounts, head = _accounts(session), _head(session)
    erased = {"files": session.execute(_files(), {"t": tenant_id}).scalar_one()}
    for name in ways.in_order():
        erased[name] = _gone(session, f'DELETE FROM "{name}" WHERE tenant_id = :t', t=tenant_id)
    for name in LEFT_WITH_IT:
        erased.setdefault(name, _gone(session, f'DELETE FROM "{name}" WHERE tenant_id = :t', t=tenant_id))
    erased["login_session"] = _gone(session, "DELETE FROM login_session WHERE only_tenant_id = :t", t=tenant_id)
    erased["account"] = _close(session, _nowhere_else(session, accounts, tenant_id))
    town.left_at = clock.now()
    made = ErasureCertificate(
        id=ids.new(),
        tenant_id=tenant_id,
        erased_at=town.left_at,
        erased={name: count for name, count in erased.items() if count},
        manifest_sha256=packing.manifest_sha256,
        journal_hash=head,
        file_key="",
    )
    made.file_key = f"certificates/{made.id}.pdf"
    store().put(made.file_key, certificate.printed(town, made), "application/pdf")
    session.add(made)
    session.flush()
    session.expunge(made)
    return made


def _handed_over(session: Session, town: Municipality) -> Any:
    """Return the last packing; raise unless it holds everything that has happened, and nothing is still to happen."""
    if town.suspended_at is None:
        raise NotSuspended
    done = Packing.status == PackingStatus.PACKED
    columns = (Packing.manifest_sha256, Packing.packed_at, Packing.asked_at)
    packing = session.execute(select(*columns).where(done).order_by(Packing.packed_at.desc()).limit(1)).first()
    if packing is None:
        raise NotPacked
    unfinished.check(session)
    since = (Entry.at > packing.asked_at, Entry.subject.not_in(ABOUT_LEAVING))
    count = session.scalar(select(func.count()).select_from(Entry).where(*since))
    if count:
        raise ChangedSince(count=count)
    return packing


def _files() -> Any:
    return text("SELECT count(*) FROM stored_file WHERE tenant_id = :t")


def _head(session: Session) -> str | None:
    return session.scalar(select(Entry.hash).order_by(Entry.seq.desc()).limit(1))


def _gone(session: Session, sentence: str, **values: Any) -> int:
    result: Any = session.execute(text(sentence), values)
    return int(result.rowcount)


# Accounts ---


def _accounts(session: Session) -> set[UUID]:
    return set(session.execute(text("SELECT DISTINCT account_id FROM membership")).scalars())


def _nowhere_else(session: Session, accounts: Collection[UUID], tenant_id: int) -> list[UUID]:
    """Return which of these people have no place in any other municipality and do not run the platform."""
    left = set(accounts)
    for other in session.scalars(select(Municipality.id).where(Municipality.id != tenant_id)).all():
        if not left:
            break
        with visiting(Place(Door.OWNER, tenant_id=other)) as there:
            query = text("SELECT DISTINCT account_id FROM membership WHERE account_id = ANY(:ids)")
            left -= set(there.execute(query, {"ids": list(left)}).scalars())
    operators = text("SELECT id FROM account WHERE is_operator AND id = ANY(:ids)")
    left -= set(session.execute(operators, {"ids": list(left)}).scalars())
    return sorted(left)


def _close(session: Session, accounts: list[UUID]) -> int:
    """Close these accounts, and leave nothing in them that says whose they were."""
    for name, column in of_an_account():
        _gone(session, f'DELETE FROM "{name}" WHERE "{column}" = ANY(:ids)', ids=accounts)
    return _gone(
        session,
        f"UPDATE account SET email = id || '@{ADDRESS}', name = '', password_hash = NULL, password_set_at = NULL,"
        " closed_at = coalesce(closed_at, :now) WHERE id = ANY(:ids)",
        ids=accounts,
        now=clock.now(),
    )


def of_an_account() -> list[tuple[str, str]]:
    """Return (table, column) of everything that belongs to an account and to no municipality."""
    return [
        (table.name, column)
        for table in Base.metadata.sorted_tables
        if opening_of(table).why_shared
        for column in contents.referring(table, "account")
    ]

"""Asking for a packing, making it step by step, and not keeping it longer than needed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import add, db, here, one, tenant, visiting
from ayumi.kernel.errors import NotFound
from ayumi.kernel.files import rules as files
from ayumi.kernel.files.forgetting import forget
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import contents, unfinished
from ayumi.moving.model import TRANSITIONS, Packing, PackingStatus
from ayumi.moving.packing import Packed, pack
from ayumi.municipalities.model import Municipality
from ayumi.retention.model import DisposalItem

UNDER_WAY: Final = (PackingStatus.ASKED, PackingStatus.PACKING)
STALLED: Final = timedelta(hours=2)
KEPT_FOR: Final = timedelta(days=30)
ZIP: Final = "application/zip"


class DisposedMeanwhile(RuntimeError):
    """Somebody was disposed of while it was being packed: what was packed holds them, so it is packed again."""


# Asked for in the console ---


def ask(*, id: UUID) -> Packing:
    """Ask for a packing. Asked for twice, or while one is under way, it is made once."""
    found = db.session.get(Packing, (tenant(), id)) or under_way()
    if found is not None:
        return found
    packing = add(
        Packing(id=id, status=PackingStatus.ASKED, asked_by=here().membership_id, asked_at=clock.now())
    )  # fmt: skip
    journal.note(packing, "asked", after=packing.status.value)
    promise("packing", once=f"packing:{packing.id}", packing_id=packing.id)
    return packing


def under_way() -> Packing | None:
    """Return the packing that is being made, unless it must have been lost."""
    return db.session.scalar(
        select(Packing)
        .where(Packing.status.in_(UNDER_WAY), Packing.asked_at > clock.now() - STALLED)
        .order_by(Packing.asked_at.desc())
        .limit(1)
    )


def is_stalled(packing: Packing) -> bool:
    """Tell whether a packing has been under way for so long that it must have been lost."""
    return packing.status in UNDER_WAY and packing.asked_at <= clock.now() - STALLED


# Made by the job ---


def start(packing_id: UUID) -> bool:
    """Begin, or begin again; False when it is made already."""
    packing = one(Packing, packing_id, lock=True)
    if packing.status in (PackingStatus.PACKED, PackingStatus.FAILED):
        return False
    packing.tables_done, packing.tables_total, packing.rows = 0, len(contents.packed()), 0
    states.change(packing, PackingStatus.PACKING, table=TRANSITIONS, action="started")
    return True


def make(packing_id: UUID) -> None:
    """Pack everything into a file of its own and keep it; the packings before it are forgotten afterwards.

    Until it is kept the file has no name: should the process be killed, it is gone with it.
    """
    began, keeper = clock.now(), Place(Door.KEEPER, tenant_id=tenant())
    with tempfile.TemporaryFile() as whole:
        with reading_only(keeper) as session:
            made = pack(session, whole, tell=lambda tables, rows: tell(packing_id, tables, rows))
        if _disposed_since(began):
            raise DisposedMeanwhile
        _keep(one(Packing, packing_id, lock=True), whole, made)
    promise("packing_expiry", once=f"packing_expiry:{packing_id}")


@contextmanager
def reading_only(place: Place) -> Iterator[Session]:
    """A session that sees one moment and changes nothing."""
    with visiting(place) as session:
        yield session
        session.rollback()


def tell(packing_id: UUID, tables: int, rows: int) -> None:
    """Say how far it is, for everybody to see at once."""
    with visiting(here()) as session:
        session.execute(update(Packing).where(Packing.id == packing_id).values(tables_done=tables, rows=rows))


def _disposed_since(began: datetime) -> bool:
    return db.session.scalar(select(DisposalItem.id).where(DisposalItem.erased_at >= began).limit(1)) is not None


def _keep(packing: Packing, whole: IO[bytes], made: Packed) -> None:
    packing.packed_at, packing.manifest_sha256 = clock.now(), made.manifest_sha256
    packing.tables_done = packing.tables_total = made.tables
    packing.rows = made.rows
    name = f"ayumi-{clock.today():%Y%m%d}-{packing.id.hex[-6:]}.zip"
    packing.file_id = files.keep_file(
        whole, filename=name, content_type=ZIP, purpose=contents.PACKING, subject_id=packing.id
    ).id
    states.change(packing, PackingStatus.PACKED, table=TRANSITIONS, action="packed")


def fail(packing_id: UUID) -> None:
    """Mark it failed."""
    packing = one(Packing, packing_id, lock=True)
    states.change(packing, PackingStatus.FAILED, table=TRANSITIONS, action="failed")


# Not kept longer than needed ---


def forget_old(session: Session) -> int:
    """Forget the files of all packings but the newest, and of those older than thirty days. Through the keeper."""
    rows = session.execute(
        select(StoredFile.id, StoredFile.kept_at)
        .where(StoredFile.purpose == contents.PACKING)
        .order_by(StoredFile.kept_at.desc())
    ).all()
    oldest = clock.now() - KEPT_FOR
    old = [row.id for number, row in enumerate(rows) if number or row.kept_at < oldest]
    session.execute(
        update(Packing).where(Packing.file_id.in_(old)).values(file_id=None),
        execution_options={"synchronize_session": False},
    )
    return forget(session, old)


# By an operator at the command line ---


def hand_over(tenant_id: int, path: Path) -> Packed:
    """Pack a municipality into a file that is handed over by hand: one that leaves, when its work is done."""
    with reading_only(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        if session.get_one(Municipality, tenant_id).suspended_at is not None:
            unfinished.check(session)
    return set_aside(tenant_id, path)


def set_aside(tenant_id: int, path: Path) -> Packed:
    """Pack a municipality into a file as it stands, and write down that it was."""
    asked_at = clock.now()
    with reading_only(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        made = pack(session, path)
    with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
        packing = Packing(
            id=ids.new(), status=PackingStatus.PACKED, asked_at=asked_at, packed_at=clock.now(),
            tables_done=made.tables, tables_total=made.tables, rows=made.rows, manifest_sha256=made.manifest_sha256,
        )  # fmt: skip
        session.add(packing)
        session.flush()
        changes = {"manifest_sha256": [None, made.manifest_sha256]}
        journal.note_of("packing", packing.id, "handed_over", session=session, changes=changes)
    return made


# Handed out ---


def file_of(packing_id: UUID) -> UUID:
    """Return the file of a packing; raise NotFound when it has been forgotten or is not there yet."""
    file_id = one(Packing, packing_id).file_id
    if file_id is None:
        raise NotFound
    return file_id

"""Carrying out an approved list: subject by subject, each in a transaction of its own, then the certificate.

Killed at any moment and begun again, it goes on where it was: a subject is either erased whole and marked, or not.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select

from ayumi.kernel import clock, journal, states
from ayumi.kernel.db import db, here, one, visiting
from ayumi.kernel.files import rules as files
from ayumi.kernel.journal import Entry
from ayumi.kernel.tenancy import Door, Place
from ayumi.retention import certificate, rules
from ayumi.retention.due import ENDED
from ayumi.retention.erasing import erase, erase_exports
from ayumi.retention.model import DISPOSAL_TRANSITIONS, Disposal, DisposalItem, DisposalStatus

FINISHED: Final = "erased"


def carry_out(disposal_id: UUID) -> None:
    """Erase everything on an approved list that may still go, and certify it. Done again, it does nothing."""
    disposal = one(Disposal, disposal_id, lock=True)
    if disposal.status is not DisposalStatus.APPROVED:
        return
    keeper = Place(Door.KEEPER, tenant_id=here().tenant_id)
    for subject, subject_id in _left(disposal_id):
        with visiting(keeper) as session:
            erase(session, disposal_id, subject, subject_id)
    number = _finish(keeper, disposal_id)
    _certify(disposal, number)


def _left(disposal_id: UUID) -> Sequence[tuple[str, UUID]]:
    order = case({name: number for number, name in enumerate(ENDED)}, value=DisposalItem.subject)
    query = (
        select(DisposalItem.subject, DisposalItem.subject_id)
        .where(DisposalItem.disposal_id == disposal_id)
        .where(DisposalItem.erased_at.is_(None), DisposalItem.is_kept_back.is_(False))
        .group_by(DisposalItem.subject, DisposalItem.subject_id)
        .order_by(order, func.max(DisposalItem.completed_on).desc(), DisposalItem.subject_id)
    )
    return [(row.subject, row.subject_id) for row in db.session.execute(query)]


def _finish(keeper: Place, disposal_id: UUID) -> int:
    """Erase the exports, write the last word into the journal, and return the number of that entry."""
    number = _entry(disposal_id)
    if number is None:
        with visiting(keeper) as session:
            erase_exports(session)
            said = {"rows": [None, dict(counted(disposal_id))], "digest": [None, rules.digest(disposal_id)]}
            journal.note_of("disposal", disposal_id, FINISHED, session=session, changes=said)
        number = _entry(disposal_id)
        assert number is not None
    return number


def _entry(disposal_id: UUID) -> int | None:
    return db.session.scalar(select(Entry.seq).where(Entry.subject_id == disposal_id, Entry.action == FINISHED))


def counted(disposal_id: UUID) -> Counter[str]:
    """Return table -> rows (and ``files``, ``journal``) over everything that a list has erased."""
    rows = select(DisposalItem.erased).where(
        DisposalItem.disposal_id == disposal_id, DisposalItem.erased_at.is_not(None)
    )
    return sum((Counter(each) for each in db.session.scalars(rows)), Counter())


def _certify(disposal: Disposal, number: int) -> None:
    disposal.carried_out_at, disposal.erased = clock.now(), dict(counted(disposal.id))
    paper = certificate.printed(disposal, number)
    kept = files.keep(
        paper,
        filename=f"disposal-{disposal.due_on:%Y-%m-%d}.pdf",
        content_type="application/pdf",
        purpose="certificate",
        subject_id=disposal.id,
    )
    disposal.certificate_id = kept.id
    states.change(disposal, DisposalStatus.CARRIED_OUT, table=DISPOSAL_TRANSITIONS, action="carried_out")

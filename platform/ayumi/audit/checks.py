"""The life of one check of a journal: asked for, under way, sound or broken."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from ayumi.audit.checking import Result
from ayumi.audit.model import CHECK_TRANSITIONS, CheckStatus, JournalCheck
from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import add, db, here, one, tenant, visiting
from ayumi.kernel.outbox import promise

UNDER_WAY: Final = (CheckStatus.WAITING, CheckStatus.RUNNING)
STALLED: Final = timedelta(minutes=30)
TOLD: Final = 20  # findings that are kept


def ask(*, id: UUID) -> JournalCheck:
    """Ask for a check of this municipality's journal. Asked for twice, or while one is under way, it runs once."""
    found = db.session.get(JournalCheck, (tenant(), id)) or _under_way()
    if found is not None:
        return found
    check = _waiting(id, here().membership_id)
    promise("journal_check", once=f"journal_check:{check.id}", check_id=check.id)
    return check


def start(check_id: UUID | None) -> UUID | None:
    """Begin, or begin again, a check; one that nobody asked for is written down now. None when it is done already."""
    check = one(JournalCheck, check_id, lock=True) if check_id else _waiting(ids.new(), None)
    if check.status in (CheckStatus.SOUND, CheckStatus.BROKEN):
        return None
    check.entries_done, check.ended_at, check.findings = 0, None, []
    states.change(check, CheckStatus.RUNNING, table=CHECK_TRANSITIONS, action="check_begun")
    return check.id


def tell(check_id: UUID, done: int, total: int) -> None:
    """Say how far it is, for everybody to see at once."""
    with visiting(here()) as session:
        progress = update(JournalCheck).where(JournalCheck.id == check_id)
        session.execute(progress.values(entries_done=done, entries_total=total))


def finish(check_id: UUID, result: Result) -> None:
    """Write down what was found."""
    check = one(JournalCheck, check_id, lock=True)
    check.entries_done = check.entries_total = result.entries
    check.heads, check.ended_at = result.heads, clock.now()
    check.findings = [{"fault": each.fault.value, "seq": each.seq} for each in result.findings[:TOLD]]
    target = CheckStatus.SOUND if result.is_sound else CheckStatus.BROKEN
    states.change(check, target, table=CHECK_TRANSITIONS, action=f"check_{target.value}")
    if not result.is_sound:
        promise("journal_warning", once=f"journal_warning:{check.id}", check_id=check.id)


def fail(check_id: UUID) -> None:
    """Mark it failed: it did not come to an end, which says nothing about the journal."""
    check = one(JournalCheck, check_id, lock=True)
    check.ended_at = clock.now()
    states.change(check, CheckStatus.FAILED, table=CHECK_TRANSITIONS, action="check_failed")


def newest(how_many: int = 1) -> Sequence[JournalCheck]:
    """Return the newest checks of the present municipality."""
    return db.session.scalars(select(JournalCheck).order_by(JournalCheck.asked_at.desc()).limit(how_many)).all()


def is_stalled(check: Any) -> bool:
    """Tell whether a check has been under way for so long that it must have been lost."""
    return check.status in UNDER_WAY and check.asked_at <= clock.now() - STALLED


def _under_way() -> JournalCheck | None:
    recent = JournalCheck.asked_at > clock.now() - STALLED
    return db.session.scalar(select(JournalCheck).where(JournalCheck.status.in_(UNDER_WAY), recent).limit(1))


def _waiting(id: UUID, asked_by: UUID | None) -> JournalCheck:
    check = add(JournalCheck(id=id, status=CheckStatus.WAITING, asked_by=asked_by, asked_at=clock.now(), findings=[]))
    if asked_by is not None:
        journal.note(check, "check_asked", after=CheckStatus.WAITING.value)
    return check


def one_of(check_id: UUID) -> JournalCheck:
    """Return this check of the present municipality, or raise NotFound."""
    return one(JournalCheck, check_id)

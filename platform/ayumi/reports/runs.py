"""The life of one compilation: asked for, under way step by step, done or failed."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError

from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids, journal, states
from ayumi.kernel.db import db, here, one, tenant, visiting
from ayumi.kernel.errors import Invalid
from ayumi.kernel.outbox import promise
from ayumi.kernel.pace import Pace
from ayumi.kernel.words import _
from ayumi.reports.labels import Step, Trouble
from ayumi.reports.model import RUN_TRANSITIONS, Run, RunStatus

FIRST_MONTH: Final = Month(2015, 4)  # the programme exists since then
UNDER_WAY: Final = (RunStatus.WAITING, RunStatus.RUNNING)
STALLED: Final = timedelta(minutes=30)
_RUNS: Final[Any] = Run.__table__
TOLD: Final = (  # said again and again, so it is put together once
    update(_RUNS)
    .where(_RUNS.c.tenant_id == bindparam("of_tenant"), _RUNS.c.id == bindparam("of_run"))
    .values(step=bindparam("begun"), steps_done=bindparam("done"))
)


class NotBegun(Invalid):
    """A month that lies ahead has nothing to count."""

    message = _("This month has not begun yet.")


def check(month: Month) -> None:
    """Raise NotBegun for months that cannot be compiled."""
    if not FIRST_MONTH <= month <= Month.of(clock.today()):
        raise NotBegun


def ask(month: Month, *, id: UUID) -> Run:
    """Ask for a month's report. Asked for twice, or while it is under way, it is compiled once."""
    check(month)
    found = db.session.get(Run, (tenant(), id)) or under_way(month)
    if found is not None:
        return found
    run = _waiting(month, id, here().membership_id)
    promise("monthly_report", once=f"monthly_report:{run.id}", month=str(month), run_id=run.id)
    return run


def under_way(month: Month) -> Run | None:
    """Return the compilation that is waiting or running, unless it must have been lost."""
    return db.session.scalar(
        select(Run)
        .where(Run.month == month.first, Run.status.in_(UNDER_WAY), Run.asked_at > clock.now() - STALLED)
        .order_by(Run.asked_at.desc())
        .limit(1)
    )


def is_stalled(status: RunStatus, asked_at: datetime) -> bool:
    """Tell whether a compilation has been under way for so long that it must have been lost."""
    return status in UNDER_WAY and asked_at <= clock.now() - STALLED


def start(month: Month, run_id: UUID | None) -> Run | None:
    """Begin, or begin again, the compilation that was asked for; one that nobody asked for is written down now.

    None when it is done already.
    """
    run = one(Run, run_id, lock=True) if run_id else _begun_by_itself(month) or _waiting(month, ids.new(), None)
    if run.status is RunStatus.DONE:
        return None
    run.step, run.steps_done, run.steps_total = None, 0, len(Step)
    run.error, run.ended_at = None, None
    states.change(run, RunStatus.RUNNING, table=RUN_TRANSITIONS, action="started")
    return run


def _begun_by_itself(month: Month) -> Run | None:
    """The one that the timetable began and that was not finished."""
    unfinished = (Run.month == month.first, Run.asked_by.is_(None), Run.status != RunStatus.DONE)
    return db.session.scalar(select(Run).where(*unfinished).order_by(Run.asked_at.desc()).limit(1).with_for_update())


def _waiting(month: Month, id: UUID, asked_by: UUID | None) -> Run:
    run = Run(id=id, month=month.first, status=RunStatus.WAITING, asked_by=asked_by, asked_at=clock.now())
    db.session.add(run)
    journal.note(run, "asked", after=RunStatus.WAITING.value)
    return run


class Telling:
    """Says how far a compilation is, for everybody to see at once; of steps that are over in no time, nothing."""

    def __init__(self, run_id: UUID) -> None:
        self.step: Step | None = None
        self._run_id = run_id
        self._pace = Pace()

    def __call__(self, step: Step) -> None:
        """Step by step: this one begins."""
        self.step = step
        if self._pace.is_time():
            said = {"of_tenant": tenant(), "of_run": self._run_id, "begun": step.value, "done": _done_before(step)}
            with visiting(here()) as session:
                session.execute(TOLD, said)


def _done_before(step: Step) -> int:
    return list(Step).index(step)


def finish(run_id: UUID, *, report_id: UUID, changed: bool, substituted: str | None) -> None:
    """Mark it done, in the transaction that holds the report."""
    run = one(Run, run_id, lock=True)
    run.step, run.steps_done = None, run.steps_total
    run.report_id, run.changed, run.substituted, run.ended_at = report_id, changed, substituted, clock.now()
    states.change(run, RunStatus.DONE, table=RUN_TRANSITIONS, action="compiled")


def fail(run_id: UUID, error: BaseException, step: Step | None) -> None:
    """Mark it failed and say at which step and why, without a word of what it was about."""
    run = one(Run, run_id, lock=True)
    if step is not None:
        run.step, run.steps_done = step.value, _done_before(step)
    run.error, run.ended_at = trouble(error, run.step).value, clock.now()
    states.change(run, RunStatus.FAILED, table=RUN_TRANSITIONS, action="failed", why=run.error)


def trouble(error: BaseException, step: str | None) -> Trouble:
    """Return the kind of a failure."""
    if isinstance(error, NotBegun):
        return Trouble.NOT_BEGUN
    if isinstance(error, DBAPIError):
        return Trouble.DATABASE
    if isinstance(error, OSError):
        return Trouble.FILES
    return Trouble.PAPERS if step in (Step.SPREADSHEET, Step.PDF) else Trouble.UNKNOWN

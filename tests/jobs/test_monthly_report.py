"""The month's report is compiled once, whatever happens on the way; how far it is and why it failed is seen at once."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from ayumi.japan.calendar import Month
from ayumi.kernel import clock, ids, journal, pace
from ayumi.kernel.db import db, tenant, visiting
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise, promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.reports import paper, queries, rules, spreadsheet
from ayumi.reports.labels import Step, Trouble
from ayumi.reports.model import Figure, MonthlyReport, Run, RunStatus
from jobs import dispatcher, monthly_report, perform, timetable, worker
from jobs.kinds import KINDS
from tests.reports.hand import MARCH
from tests.reports.march import Made, a_march
from tests.world import Town, a_town, inside, working

OVER = timedelta(minutes=1)


@pytest.fixture
def march(app: Flask) -> Made:
    return a_march(app)


def asked(app: Flask, made: Made) -> Promise:
    """Ask for March by a button and return what was promised."""
    with inside(app, made.head):
        rules.ask(MARCH, id=ids.new())
    return promised(app, made.town)


def promised(app: Flask, town: Town) -> Promise:
    with working(app, town):
        found = db.session.scalars(select(Promise).where(Promise.kind == "monthly_report")).one()
        db.session.expunge(found)
        return found


def keep(app: Flask, town: Town, one: Promise) -> None:
    with app.app_context():
        perform.keep(tenant_id=town.tenant_id, promise_id=one.id.hex)


def the_run(app: Flask, town: Town) -> Run:
    with working(app, town):
        found = db.session.scalars(select(Run)).one()
        db.session.expunge(found)
        return found


def left(app: Flask, town: Town) -> tuple[int, ...]:
    """Return how many reports, figures and files there are."""
    with working(app, town):
        tables: tuple[Any, ...] = (MonthlyReport, Figure, StoredFile)
        return tuple(db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


def test_what_a_button_asked_for_is_compiled(app: Flask, march: Made) -> None:
    keep(app, march.town, asked(app, march))
    run = the_run(app, march.town)
    assert (run.status, run.changed, run.steps_done, run.error) == (RunStatus.DONE, True, len(Step), None)
    assert run.ended_at
    with working(app, march.town):
        report = queries.current(MARCH)
        assert report
        assert run.report_id == report.id
    assert promised(app, march.town).done_at


def test_what_the_timetable_and_operators_ask_for_needs_no_run(app: Flask, march: Made) -> None:
    with working(app, march.town):
        KINDS["monthly_report"](month=str(MARCH))
    run = the_run(app, march.town)
    assert (run.status, run.month, run.asked_by) == (RunStatus.DONE, MARCH.first, None)


def test_the_timetable_asks_for_the_month_that_has_ended() -> None:
    entry = next(each for each in timetable.TIMETABLE if each.kind == "monthly_report")
    moment = clock.now().astimezone(clock.JAPAN).replace(year=2026, month=4, day=1)
    assert entry.arguments(moment) == {"month": "2026-03"}


def test_how_far_it_is_can_be_seen_while_it_runs(app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BETWEEN", 0)
    seen: list[tuple[RunStatus, str | None, int]] = []
    written = spreadsheet.written

    def look(*args: Any, **more: Any) -> bytes:
        with visiting(Place(Door.WORKER, tenant_id=tenant())) as session:
            row = session.scalars(select(Run)).one()
            seen.append((row.status, row.step, row.steps_done))
        return written(*args, **more)

    monkeypatch.setattr(spreadsheet, "written", look)
    keep(app, march.town, asked(app, march))
    assert seen == [(RunStatus.RUNNING, "spreadsheet", 4)]


def test_compiled_again_without_a_change_it_says_so(app: Flask, march: Made) -> None:
    with working(app, march.town):
        monthly_report.run(month=str(MARCH))
    before = left(app, march.town)
    with inside(app, march.head):
        run_id = rules.ask(MARCH, id=ids.new()).id
    with working(app, march.town):
        monthly_report.run(month=str(MARCH), run_id=str(run_id))
    with working(app, march.town):
        assert queries.run(run_id).changed is False
    assert left(app, march.town) == before
    keep(app, march.town, promised(app, march.town))  # what the button had promised finds it done
    assert left(app, march.town) == before


def test_kept_twice_it_is_done_once(app: Flask, march: Made) -> None:
    one = asked(app, march)
    for _time in range(2):
        keep(app, march.town, one)
    assert left(app, march.town)[0] == 1


def no_disk(*_args: Any, **_more: Any) -> bytes:
    raise OSError("no space left")


def nonsense(*_args: Any, **_more: Any) -> bytes:
    raise ValueError("青木さんの名前")


def no_database(*_args: Any, **_more: Any) -> bytes:
    raise OperationalError("SELECT 青木", {}, Exception())


@pytest.mark.parametrize(
    ("broken", "why"),
    [(no_disk, Trouble.FILES), (nonsense, Trouble.PAPERS), (no_database, Trouble.DATABASE)],
)
def test_a_failure_leaves_nothing_half_done_and_says_why_in_plain_words(
    app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch, broken: Any, why: Trouble
) -> None:
    monkeypatch.setattr(paper, "printed", broken)
    with pytest.raises((OSError, ValueError, OperationalError)):
        keep(app, march.town, asked(app, march))
    run = the_run(app, march.town)
    assert (run.status, run.error, run.step) == (RunStatus.FAILED, why, "pdf")
    assert left(app, march.town) == (0, 0, 0)
    with working(app, march.town):
        told = [(each.action, each.why) for each in journal.history(run.id)]
    assert ("failed", why) in told
    assert "青木" not in str(told)


def test_steps_too_short_to_be_seen_are_not_told_but_where_it_broke_off_is(
    app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def broken(*_args: Any, **_more: Any) -> bytes:
        with visiting(Place(Door.WORKER, tenant_id=tenant())) as session:
            seen.append(session.scalars(select(Run)).one().step)
        raise OSError("no space left")

    monkeypatch.setattr(pace, "BETWEEN", 3600)
    monkeypatch.setattr(spreadsheet, "written", broken)
    with pytest.raises(OSError, match="no space"):
        keep(app, march.town, asked(app, march))
    run = the_run(app, march.town)
    assert (seen, run.step, run.steps_done) == ([None], "spreadsheet", 4)


def test_after_a_failure_it_is_tried_again_and_the_same_run_ends_well(
    app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = asked(app, march)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(paper, "printed", no_disk)
        keep(app, march.town, one)
    assert promised(app, march.town).run_after > clock.now()
    keep(app, march.town, one)
    run = the_run(app, march.town)
    assert (run.status, run.error) == (RunStatus.DONE, None)
    assert left(app, march.town)[0] == 1


def test_begun_by_the_timetable_and_failed_it_goes_on_in_the_same_run(
    app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(app, march.town):
        promise("monthly_report", month=str(MARCH))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(paper, "printed", no_disk)
        keep(app, march.town, promised(app, march.town))
    keep(app, march.town, promised(app, march.town))
    assert the_run(app, march.town).status is RunStatus.DONE


def test_the_failure_of_one_town_leaves_the_others_untouched(
    app: Flask, march: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, printed = a_town(app), paper.printed

    def broken_here(*args: Any, **more: Any) -> tuple[bytes, str]:
        if tenant() == march.town.tenant_id:
            raise OSError("no space left")
        return printed(*args, **more)

    monkeypatch.setattr(paper, "printed", broken_here)
    for town in (march.town, other):
        with working(app, town):
            promise("monthly_report", month=str(MARCH))
    with pytest.raises(OSError, match="no space"):
        keep(app, march.town, promised(app, march.town))
    keep(app, other, promised(app, other))
    assert the_run(app, march.town).status is RunStatus.FAILED
    assert the_run(app, other).status is RunStatus.DONE
    assert left(app, march.town)[0] == 0
    assert left(app, other)[0] == 1


def test_what_a_rule_refuses_is_not_tried_again(app: Flask, march: Made) -> None:
    ahead = Month.of(clock.today()).next
    with working(app, march.town):
        promise("monthly_report", month=str(ahead))
    keep(app, march.town, promised(app, march.town))
    run = the_run(app, march.town)
    assert (run.status, run.error) == (RunStatus.FAILED, Trouble.NOT_BEGUN)
    assert promised(app, march.town).done_at


def test_a_worker_killed_in_the_middle_leaves_nothing_half_and_doubles_nothing(
    app: Flask, store: "Redis", march: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, printed = tmp_path / "killed", paper.printed
    monkeypatch.setattr(pace, "BETWEEN", 0)

    def kill_once(*args: Any, **more: Any) -> tuple[bytes, str]:
        if tenant() == march.town.tenant_id and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return printed(*args, **more)

    monkeypatch.setattr(paper, "printed", kill_once)
    asked(app, march)
    send(app, store, march.town)
    worker.run(app, burst=True)
    assert killed.exists()
    run = the_run(app, march.town)
    assert (run.status, run.step) == (RunStatus.RUNNING, "pdf")
    assert left(app, march.town) == (0, 0, 0)
    send(app, store, march.town)
    worker.run(app, burst=True)
    assert the_run(app, march.town).status is RunStatus.DONE
    assert left(app, march.town)[0] == 1
    assert promised(app, march.town).done_at


def send(app: Flask, store: "Redis", town: Town) -> None:
    """Send what was promised to the queue, as if the time it was leased for were over."""
    with working(app, town):
        one = db.session.scalars(select(Promise).where(Promise.kind == "monthly_report")).one()
        one.leased_until = clock.now() - OVER
    with app.app_context():
        assert dispatcher.dispatch(store) >= 1

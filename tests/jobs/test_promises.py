"""Later work is done once, whatever is lost on the way."""

import os
import signal
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, journal
from ayumi.kernel.db import db, one, visiting
from ayumi.kernel.outbox import Promise, promise
from ayumi.kernel.tenancy import Door, Place
from ayumi.menus.model import Menu
from jobs import dispatcher, enqueue, perform, worker
from jobs.kinds import KINDS
from tests.world import Member, a_member, a_town, inside, working


def rename(*, menu_id: str) -> None:
    """A job for tests: leaves a mark that shows how often it was done."""
    menu = one(Menu, UUID(menu_id))
    journal.note(menu, "renamed")


def fail(*, menu_id: str) -> None:
    """A job for tests that leaves a mark and then fails."""
    rename(menu_id=menu_id)
    raise ValueError("no such luck")


def be_killed(*, menu_id: str) -> None:
    """A job for tests whose process is killed when all is written and nothing is committed."""
    rename(menu_id=menu_id)
    promise("sign", menu_id=UUID(menu_id))
    journal.write(db.session())
    os.kill(os.getpid(), signal.SIGKILL)


def sign(*, menu_id: str) -> None:
    """A job for tests that says which process has done it."""
    journal.note(one(Menu, UUID(menu_id)), f"by {os.getpid()}")


@pytest.fixture
def caseworker(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "rename", rename)
    monkeypatch.setitem(KINDS, "fail", fail)
    monkeypatch.setitem(KINDS, "sign", sign)


def marks(app: Flask, member: Member) -> int:
    with inside(app, member):
        return len(journal.history(member.town.menu_id))


def promised(app: Flask, member: Member) -> Promise:
    with working(app, member.town):
        found = db.session.scalars(select(Promise)).one()
        db.session.expunge(found)
        return found


def ask(app: Flask, member: Member, kind: str = "rename", once: str | None = None) -> None:
    with inside(app, member):
        promise(kind, once=once, menu_id=member.town.menu_id)


def send(app: Flask, store: "Redis") -> int:
    with app.app_context():
        return dispatcher.dispatch(store)


def run_out(app: Flask, member: Member) -> None:
    with working(app, member.town):
        db.session.scalars(select(Promise)).one().leased_until = clock.now() - timedelta(seconds=1)


def test_a_promise_is_sent_and_kept_once(app: Flask, store: "Redis", caseworker: Member) -> None:
    ask(app, caseworker)
    assert send(app, store) == 1
    worker.run(app, burst=True)
    assert marks(app, caseworker) == 1
    assert promised(app, caseworker).done_at is not None
    assert send(app, store) == 0


def signed(app: Flask, member: Member) -> list[str]:
    with inside(app, member):
        return [each.action for each in journal.history(member.town.menu_id) if each.action.startswith("by ")]


def test_the_process_that_works_goes_on_with_the_line_also_after_a_failure(
    app: Flask, store: "Redis", caseworker: Member
) -> None:
    for kind in ("sign", "fail", "sign", "sign"):
        ask(app, caseworker, kind)
    assert send(app, store) == 4
    worker.run(app, burst=True)
    found = signed(app, caseworker)
    assert len(found) == 3
    assert len(set(found)) == 1
    assert f"by {os.getpid()}" not in found


def test_a_job_whose_process_is_killed_leaves_nothing_behind_and_is_done_again(
    app: Flask, store: "Redis", caseworker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "rename", be_killed)
    ask(app, caseworker)
    send(app, store)
    worker.run(app, burst=True)
    left = promised(app, caseworker)  # it alone, not what it promised
    assert (left.attempts, left.error, left.done_at) == (1, None, None)
    assert marks(app, caseworker) == 0
    monkeypatch.setitem(KINDS, "rename", rename)
    run_out(app, caseworker)
    assert send(app, store) == 1
    worker.run(app, burst=True)
    assert marks(app, caseworker) == 1
    assert promised(app, caseworker).attempts == 2


def test_the_process_that_works_ends_when_its_time_is_over(
    app: Flask, store: "Redis", caseworker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GOES_ON", 0.0)
    for _time in range(3):
        ask(app, caseworker, "sign")
    send(app, store)
    worker.run(app, burst=True)
    assert len(set(signed(app, caseworker))) == 3


def test_nothing_is_promised_when_the_change_is_given_up(app: Flask, caseworker: Member) -> None:
    with pytest.raises(ZeroDivisionError), inside(app, caseworker):
        promise("rename", menu_id=caseworker.town.menu_id)
        raise ZeroDivisionError
    with working(app, caseworker.town):
        assert db.session.scalars(select(Promise)).all() == []


def test_the_same_promise_made_twice_is_kept_once(app: Flask, store: "Redis", caseworker: Member) -> None:
    ask(app, caseworker, once="rename-it")
    ask(app, caseworker, once="rename-it")
    send(app, store)
    worker.run(app, burst=True)
    assert marks(app, caseworker) == 1


def test_a_queue_that_lost_everything_is_filled_again(app: Flask, store: "Redis", caseworker: Member) -> None:
    ask(app, caseworker)
    send(app, store)
    store.flushall()
    run_out(app, caseworker)
    assert send(app, store) == 1
    worker.run(app, burst=True)
    assert marks(app, caseworker) == 1


def test_what_still_waits_in_line_is_not_sent_twice(app: Flask, store: "Redis", caseworker: Member) -> None:
    ask(app, caseworker)
    send(app, store)
    run_out(app, caseworker)
    assert send(app, store) == 0
    assert len(enqueue.queue(store)) == 1


def test_what_is_being_worked_on_is_left_alone_and_holds_up_nobody(
    app: Flask, store: "Redis", caseworker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a batch of long work, all of it older and its lease run out: what came later is sent all the same."""
    monkeypatch.setattr(dispatcher, "BATCH", 2)
    for _number in range(3):
        ask(app, caseworker)
    with app.app_context(), visiting(Place(Door.WORKER, tenant_id=caseworker.town.tenant_id)) as worker:
        held = worker.scalars(select(Promise.id).order_by(Promise.run_after).with_for_update()).all()
        ask(app, caseworker)
        assert send(app, store) == 1
        assert len(held) == 3
        assert not [id for id in held if enqueue.in_line(store, caseworker.town.tenant_id, id, 0)]
    assert send(app, store) == 2
    assert send(app, store) == 1
    assert send(app, store) == 0


def test_each_municipality_is_sent_what_fell_due_first(app: Flask, store: "Redis", caseworker: Member) -> None:
    other = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
    towns = [caseworker, other, other, caseworker, other]
    for member in towns:
        ask(app, member)
    assert send(app, store) == len(towns)
    sent = [str(name).split("-")[0] for name in enqueue.queue(store).job_ids]
    assert sent == [f"t{member.town.tenant_id}" for member in towns]


def test_a_job_that_runs_twice_leaves_one_result(app: Flask, caseworker: Member) -> None:
    ask(app, caseworker)
    again = promised(app, caseworker)
    for _time in range(2):
        with app.app_context():
            perform.keep(tenant_id=caseworker.town.tenant_id, promise_id=again.id.hex)
    assert marks(app, caseworker) == 1


def test_a_job_sent_with_another_municipality_does_nothing(app: Flask, caseworker: Member) -> None:
    ask(app, caseworker)
    other = a_town(app)
    with app.app_context():
        perform.keep(tenant_id=other.tenant_id, promise_id=promised(app, caseworker).id.hex)
    assert marks(app, caseworker) == 0
    assert promised(app, caseworker).done_at is None


def test_a_failing_job_leaves_nothing_behind_and_is_tried_later(app: Flask, caseworker: Member) -> None:
    ask(app, caseworker, kind="fail")
    with app.app_context(), pytest.raises(ValueError, match="no such luck"):
        perform.keep(tenant_id=caseworker.town.tenant_id, promise_id=promised(app, caseworker).id.hex)
    left = promised(app, caseworker)
    assert marks(app, caseworker) == 0
    assert (left.attempts, left.error, left.done_at) == (1, "ValueError", None)
    assert left.run_after > clock.now()


def test_a_promise_holds_identifiers_and_no_words_about_people(app: Flask, caseworker: Member) -> None:
    with inside(app, caseworker), pytest.raises(TypeError):
        promise("rename", menu_id="山田 太郎")

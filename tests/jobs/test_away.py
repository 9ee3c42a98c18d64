"""A machine of the database is away: what is promised on the others is sent, what is promised there waits."""

from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import Rows, visiting
from ayumi.kernel.outbox import promise
from ayumi.kernel.tenancy import Door, Place
from jobs import dispatcher, enqueue
from jobs.everywhere import everywhere
from tests.world import Member, a_member, a_town, inside

AWAY = text("DO $$ BEGIN RAISE EXCEPTION 'connection to the remote node failed' USING ERRCODE = '08006'; END $$")
IN_A_TRANSACTION = "failure on connection marked as essential"
take = dispatcher.take


@pytest.fixture
def members(app: Flask) -> list[Member]:
    """Somebody in each of two municipalities, for each of which something is promised."""
    found = [a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER) for _town in range(2)]
    for member in found:
        with inside(app, member):
            promise("tidying")
    return found


@pytest.fixture
def gone(members: list[Member], monkeypatch: pytest.MonkeyPatch) -> Member:
    """The machine of the first municipality is away, and whoever asks all machines asks it too."""
    first, second = (member.town.tenant_id for member in members)

    def taken(session: Session, lease: timedelta, towns: list[int] | None = None) -> Rows:
        if towns is None or first in towns:
            session.execute(AWAY)
        return take(session, lease, towns)

    monkeypatch.setattr(dispatcher, "take", taken)
    monkeypatch.setattr(dispatcher, "by_machine", lambda _session: [[first], [second]])
    return members[0]


def sent(store: "Redis") -> set[int]:
    """For which municipalities something is in line."""
    return {int(name.split("-")[0].removeprefix("t")) for name in enqueue.queue(store).job_ids}


def test_what_is_promised_elsewhere_is_sent(app: Flask, store: "Redis", members: list[Member], gone: Member) -> None:
    with app.app_context():
        assert dispatcher.dispatch(store) == 1
    assert sent(store) == {members[1].town.tenant_id}


def test_what_waited_is_sent_when_it_is_back(
    app: Flask, store: "Redis", members: list[Member], gone: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        dispatcher.dispatch(store)
        monkeypatch.setattr(dispatcher, "take", take)
        dispatcher.dispatch(store)
    assert sent(store) >= {member.town.tenant_id for member in members}


def test_on_one_machine_that_is_away_it_waits_for_the_whole(
    app: Flask, store: "Redis", members: list[Member], gone: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "by_machine", lambda _session: [])
    with app.app_context():
        assert everywhere(lambda: dispatcher.dispatch(store)) == 0
    assert sent(store) == set()


def test_the_clock_goes_on_though_a_machine_is_away_that_every_write_needs(app: Flask) -> None:
    raised = text(f"DO $$ BEGIN RAISE EXCEPTION '{IN_A_TRANSACTION}: db2' USING ERRCODE = 'XX000'; END $$")

    def tick() -> int:
        with visiting(Place(Door.DISPATCHER)) as session:
            session.execute(raised)
        return 1

    with app.app_context():
        assert everywhere(tick) == 0

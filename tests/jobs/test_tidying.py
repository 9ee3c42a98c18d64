"""Promises that were kept long ago and will not be made again go; all others stay."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.outbox import Promise
from ayumi.kernel.tenancy import Door, Place
from jobs import tidying
from jobs.kinds import KINDS
from tests.world import Town, a_town, working

LONG_AGO = timedelta(days=31)


def kept(app: Flask, town: Town, kind: str, ago: timedelta | None) -> None:
    """Put a promise there that was kept so long ago, or not yet."""
    now = clock.now()
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.add(
            Promise(
                kind=kind,
                arguments={},
                dedupe_key=f"{kind}:{ids.new()}",
                promised_at=now,
                run_after=now,
                done_at=now - ago if ago else None,
            )
        )


def test_only_fleeting_promises_kept_long_ago_are_forgotten_and_only_here(app: Flask) -> None:
    here, there = a_town(app), a_town(app)
    for town in (here, there):
        kept(app, town, "reading", LONG_AGO)
        kept(app, town, "reading", timedelta(days=1))
        kept(app, town, "reading", None)
        kept(app, town, "invitation_mail", LONG_AGO)
    with working(app, here):
        tidying.run()
        left = db.session.execute(select(Promise.kind, Promise.done_at < clock.now() - LONG_AGO)).all()
        assert sorted(left, key=str) == [("invitation_mail", True), ("reading", False), ("reading", None)]
    with working(app, there):
        assert len(db.session.scalars(select(Promise.id)).all()) == 4


def test_every_kind_that_is_forgotten_exists() -> None:
    assert set(tidying.FLEETING) <= set(KINDS)

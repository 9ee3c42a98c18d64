"""Promises that were kept long ago and will not be made again go; all others stay."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from ayumi.config import settings
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db, visiting
from ayumi.kernel.files import rules as files
from ayumi.kernel.files.store import store
from ayumi.kernel.files.strays import forget_strays
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


def laid_down(tenant_id: int, said: bytes) -> str:
    """Lay down bytes that have no row, as a job does that is killed then."""
    sha256 = hashlib.sha256(said).hexdigest()
    store().put(f"t/{tenant_id}/{sha256[:2]}/{sha256}", said, "text/plain")
    return sha256


def kept_file(said: bytes) -> str:
    return files.keep(said, filename="x.txt", content_type="text/plain", purpose="import").key


def test_bytes_without_a_row_are_forgotten_and_no_others(app: Flask) -> None:
    here, there = a_town(app), a_town(app)
    laid_down(here.tenant_id, b"begun")
    elsewhere = laid_down(there.tenant_id, b"begun")
    head = f"t/{here.tenant_id}/journal-heads/1.json"
    store().put(head, b"{}", "application/json")
    with working(app, here):
        whole = kept_file(b"kept")
    with working(app, here):
        tidying.run()
    assert set(store().names(f"t/{here.tenant_id}/")) == {head, whole}
    assert list(store().names(f"t/{there.tenant_id}/")) == [f"t/{there.tenant_id}/{elsewhere[:2]}/{elsewhere}"]


def test_what_was_never_written_whole_is_forgotten_the_day_after(app: Flask) -> None:
    here = a_town(app)
    with working(app, here):
        whole = kept_file(b"kept")
    half = Path(settings().files_url.removeprefix("file://"), whole).with_name("half-written")
    for ago, stays in ((timedelta(hours=1), True), (timedelta(days=2), False)):
        half.touch()
        os.utime(half, times=((clock.now() - ago).timestamp(),) * 2)
        with working(app, here):
            tidying.run()
        assert half.exists() is stays


def test_bytes_whose_row_is_not_committed_yet_are_left_alone(app: Flask) -> None:
    here = a_town(app)
    with working(app, here):
        whole = kept_file(b"being kept")
        db.session.flush()
        with visiting(Place(Door.KEEPER, tenant_id=here.tenant_id)) as session:
            assert forget_strays(session) == 0
    assert list(store().names(f"t/{here.tenant_id}/")) == [whole]


def test_every_kind_that_is_forgotten_exists() -> None:
    assert set(tidying.FLEETING) <= set(KINDS)

"""Packing up as a job: asked for once, told step by step, kept for a while, and never older than a disposal."""

import tempfile
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from ayumi.accounts.model import Party, Role
from ayumi.kernel import clock, ids
from ayumi.kernel.db import db
from ayumi.kernel.files import rules as files
from ayumi.kernel.files.model import StoredFile
from ayumi.kernel.outbox import Promise
from ayumi.moving import packing as packs
from ayumi.moving import rules
from ayumi.moving.model import Packing, PackingStatus
from jobs import packing, perform
from tests.retention.papers import a_scene
from tests.retention.scene import Scene
from tests.world import Member, a_member, a_town, inside, working


def asked(app: Flask, member: Member) -> Packing:
    """Ask for a packing."""
    with inside(app, member):
        made = rules.ask(id=ids.new())
        db.session.expunge(made)
        return made


def keep_promises(app: Flask, member: Member) -> None:
    """Do what was promised, as a worker does it."""
    for kind in ("packing", "packing_expiry"):
        with working(app, member.town):
            waiting = db.session.scalars(
                select(Promise.id).where(Promise.kind == kind, Promise.done_at.is_(None))
            ).all()
        for id in waiting:
            with app.app_context():
                perform.keep(tenant_id=member.town.tenant_id, promise_id=id.hex)


def state(app: Flask, member: Member, packing_id: object) -> Packing:
    """Return a packing as it is now."""
    with inside(app, member):
        found = db.session.scalars(select(Packing).where(Packing.id == packing_id)).one()
        db.session.expunge(found)
        return found


@pytest.fixture
def administrator(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.ADMINISTRATOR)


class TestPacking:
    def test_until_it_is_kept_it_lies_nowhere_so_that_a_process_killed_leaves_nothing(
        self, app: Flask, administrator: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        lying: list[Path] = []

        def look(_packing_id: object, _tables: int, _rows: int) -> None:
            lying.extend(tmp_path.iterdir())

        monkeypatch.setattr(rules, "tell", look)
        made = asked(app, administrator)
        keep_promises(app, administrator)
        assert state(app, administrator, made.id).status is PackingStatus.PACKED
        assert lying == []

    def test_what_was_asked_for_is_packed_and_can_be_read(
        self, app: Flask, administrator: Member, tmp_path: Path
    ) -> None:
        made = asked(app, administrator)
        keep_promises(app, administrator)
        done = state(app, administrator, made.id)
        assert (done.status, done.tables_done) == (PackingStatus.PACKED, done.tables_total)
        assert done.file_id is not None
        with inside(app, administrator):
            row, opened = files.reading(done.file_id)
            path = tmp_path / row.filename
            with opened:
                path.write_bytes(opened.read())
        with ZipFile(path) as found:
            assert "tables/membership.jsonl" in found.namelist()

    def test_asked_for_while_one_is_under_way_it_is_made_once(self, app: Flask, administrator: Member) -> None:
        assert asked(app, administrator).id == asked(app, administrator).id

    def test_a_new_one_takes_the_place_of_the_last(self, app: Flask, administrator: Member) -> None:
        first = asked(app, administrator)
        keep_promises(app, administrator)
        second = asked(app, administrator)
        keep_promises(app, administrator)
        assert state(app, administrator, first.id).file_id is None
        assert state(app, administrator, second.id).file_id is not None
        with inside(app, administrator):
            assert len(db.session.scalars(select(StoredFile).where(StoredFile.purpose == "packing")).all()) == 1

    def test_it_is_not_kept_longer_than_thirty_days(self, app: Flask, administrator: Member) -> None:
        made = asked(app, administrator)
        keep_promises(app, administrator)
        with working(app, administrator.town):
            packing.expire()
        assert state(app, administrator, made.id).file_id is not None
        with clock.at(clock.now() + timedelta(days=31)), working(app, administrator.town):
            packing.expire()
        assert state(app, administrator, made.id).file_id is None

    def test_one_that_cannot_be_made_says_so(
        self, app: Flask, administrator: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = asked(app, administrator)
        monkeypatch.setattr(rules, "pack", full_disk)
        with pytest.raises(OSError, match="full"):
            keep_promises(app, administrator)
        assert state(app, administrator, made.id).status is PackingStatus.FAILED


class TestBesideADisposal:
    def test_what_was_packed_while_somebody_was_erased_is_packed_again(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = a_scene(app)
        made, disposal_id = asked(app, scene.administrator), scene.approved()

        def meanwhile(*words: object, **more: object) -> packs.Packed:
            packed = packs.pack(*words, **more)  # type: ignore[arg-type]
            scene.carried_out(disposal_id)
            return packed

        with monkeypatch.context() as patch, pytest.raises(rules.DisposedMeanwhile):
            patch.setattr(rules, "pack", meanwhile)
            run(scene, made)
        run(scene, made)
        assert state(app, scene.administrator, made.id).status is PackingStatus.PACKED


def run(scene: Scene, made: Packing) -> None:
    """Run the job."""
    with working(scene.app, scene.town):
        packing.run(packing_id=str(made.id))


def full_disk(*_words: object, **_more: object) -> packs.Packed:
    """Fail."""
    raise OSError("full")

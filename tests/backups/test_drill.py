"""The drill: one municipality comes back out of a base backup into the running platform, and nobody else is touched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from ayumi.audit import heads
from ayumi.kernel import clock, ids, journal
from ayumi.kernel.db import visiting
from ayumi.kernel.files.rules import keep
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import putting_back
from ayumi.retention import erasing
from ayumi.retention.model import Artefact, Disposal, DisposalItem, DisposalStatus
from tests.isolation.populated import Populated, populate, snapshot
from tests.moving.packings import comparable, root, suspended
from tests.moving.platforms import Platform, a_platform, files_of
from tests.overheard import overheard
from tests.spreading import refusals, taken_as_spread
from tests.world import at, inside

BEFORE, AFTER = "以前の面談", "あとの面談"


@dataclass
class Scene:
    """A backup, and what was true of the municipality when it was taken."""

    town: Populated
    neighbour: Populated
    rows: dict[str, list[tuple[object, ...]]]
    files: dict[str, bytes]
    name: str


def said(app: Flask, *words: str) -> str:
    """Run a command that must succeed."""
    answer = app.test_cli_runner().invoke(args=list(words))
    assert answer.exit_code == 0, answer.output
    return str(answer.output)


def restored(app: Flask, packing: Path, folder: Path, *, why: str) -> str:
    """Put a municipality's work back, with what is there now set aside in this folder."""
    aside = str(folder / "aside.zip")
    return said(app, "municipality", "restore", str(packing), "--aside", aside, "--why", why, "--yes")


@pytest.fixture(scope="module")
def scene(app: Flask, shelf: Path) -> Scene:
    town, neighbour = populate(app, "盛岡控え"), populate(app, "隣控え")
    with inside(app, town.members["caseworker"]):
        journal.note_of("participant", town.ids["participant_id"], "updated", why=BEFORE)
        keep(b"%PDF-1.7 before", filename="a.pdf", content_type="application/pdf", purpose="consent")
    with at(app, Place(Door.WORKER, tenant_id=town.town.tenant_id)):
        heads.sign()
    line = said(app, "backup", "take")
    rows, files = snapshot(app, town.town), files_of(app, root(), town.town.tenant_id)
    return Scene(town, neighbour, rows, files, line.split()[0])


@pytest.fixture(scope="module")
def other(services: Path, app: Flask) -> Iterator[Platform]:
    with a_platform(services) as made:
        yield made


def rows_of(app: Flask, scene: Scene, sentence: str, **values: object) -> list[tuple[object, ...]]:
    """Ask the running platform as the owner."""
    place = Place(Door.OWNER, tenant_id=scene.town.town.tenant_id)
    with app.app_context(), visiting(place) as session:
        found: Any = session.execute(text(sentence), {"t": scene.town.town.tenant_id} | values)
        return [tuple(row) for row in found] if found.returns_rows else []


def damage(app: Flask, scene: Scene) -> None:
    """Somebody overwrites and deletes, with right and reason as far as the database can tell."""
    rows_of(app, scene, "DELETE FROM concern WHERE tenant_id = :t")
    rows_of(app, scene, "DELETE FROM goal WHERE tenant_id = :t")
    rows_of(app, scene, "UPDATE participant SET family_name = '誰か' WHERE tenant_id = :t")
    rows_of(app, scene, "UPDATE membership SET ends_on = '2020-01-01' WHERE id = :m",
            m=scene.town.members["supporter"].membership_id)  # fmt: skip
    with inside(app, scene.town.members["caseworker"]):
        journal.note_of("participant", scene.town.ids["participant_id"], "updated", why=AFTER)
        keep(b"%PDF-1.7 after", filename="b.pdf", content_type="application/pdf", purpose="consent")
    for each in files_of(app, root(), scene.town.town.tenant_id):
        if each in scene.files and "journal-heads" not in each:
            (root() / "t" / str(scene.town.town.tenant_id) / each).unlink()


@pytest.fixture(scope="module")
def packing(app: Flask, scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The municipality as it was, out of the backup, after the running platform has lost files and rows of it."""
    path = tmp_path_factory.mktemp("extracted") / "out.zip"
    damage(app, scene)
    words = said(app, "backup", "extract", scene.town.town.slug, "--backup", scene.name, "--to", str(path))
    assert f"{scene.town.town.slug}: sound" in words
    return path


class TestTheDrill:
    def test_the_work_goes_back_and_the_journal_goes_on(
        self, app: Flask, scene: Scene, packing: Path, tmp_path: Path
    ) -> None:
        slug = scene.town.town.slug
        there = snapshot(app, scene.neighbour.town)
        suspended(app, scene.town.town)

        assert "disposed of again" in restored(app, packing, tmp_path, why="票 1")

        now, stays = comparable(snapshot(app, scene.town.town)), putting_back.STAYS
        assert {name: rows for name, rows in now.items() if name not in stays} == {
            name: rows for name, rows in comparable(scene.rows).items() if name not in stays
        }
        assert len(now["concern"]) and len(now["goal"])
        assert files_of(app, root(), scene.town.town.tenant_id) == scene.files
        assert snapshot(app, scene.neighbour.town) == there
        assert said(app, "journal", "verify", "--municipality", slug).startswith(f"{slug}: sound")
        whys = [
            row[0] for row in rows_of(app, scene, "SELECT why FROM journal_entry WHERE tenant_id = :t ORDER BY seq")
        ]
        assert whys.index(BEFORE) < whys.index(AFTER) < whys.index("票 1")
        assert (tmp_path / "aside.zip").stat().st_size > 0

    def test_whoever_has_left_since_stays_out(self, app: Flask, scene: Scene) -> None:
        query = "SELECT ends_on::text FROM membership WHERE id = :m"
        assert rows_of(app, scene, query, m=scene.town.members["supporter"].membership_id) == [("2020-01-01",)]

    def test_who_was_disposed_of_since_is_disposed_of_again_as_it_would_be_on_several_machines(
        self, app: Flask, scene: Scene, packing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dispose(app, scene)
        taken_as_spread(monkeypatch)
        with overheard(app, "owner") as asked:
            assert " 0 of them disposed of again" not in restored(app, packing, tmp_path, why="票 2")
        assert [why for each in asked for why in refusals(each)] == []
        now = snapshot(app, scene.town.town)
        assert now["concern"] == now["weekly_record"] == []
        assert now["participant"] and now["goal"] and now["disposal_item"]

    def test_gone_altogether_it_is_taken_in_like_one_that_arrives_as_it_would_be_on_several_machines(
        self, app: Flask, scene: Scene, other: Platform, packing: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken_as_spread(monkeypatch)
        with other.there():
            with overheard(other.app, "owner") as asked:
                assert "taken in" in said(other.app, "municipality", "import", str(packing))
            assert [why for each in asked for why in refusals(each)] == []
            assert comparable(snapshot(other.app, scene.town.town)) == comparable(scene.rows)
            assert files_of(other.app, root(), scene.town.town.tenant_id) == scene.files


class TestRefusals:
    def test_what_breaks_off_leaves_rows_and_files_as_they_were(
        self, app: Flask, scene: Scene, packing: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also the files of people who were disposed of since: they are in the packing, and must not come back."""
        suspended(app, scene.town.town)
        rows, files = snapshot(app, scene.town.town), files_of(app, root(), scene.town.town.tenant_id)
        with monkeypatch.context() as patch, app.app_context(), pytest.raises(KeyboardInterrupt):
            patch.setattr(putting_back, "_erase_again", broken_off)
            putting_back.put_back(packing, why="x")
        assert snapshot(app, scene.town.town) == rows
        assert files_of(app, root(), scene.town.town.tenant_id) == files

    def test_a_municipality_at_work_is_left_alone(self, app: Flask, scene: Scene, tmp_path: Path) -> None:
        slug = scene.neighbour.town.slug
        path = tmp_path / "out.zip"
        said(app, "municipality", "export", slug, "--to", str(path))
        words = ["municipality", "restore", str(path), "--aside", str(tmp_path / "a.zip"), "--why", "x", "--yes"]
        answer = app.test_cli_runner().invoke(args=words)
        assert answer.exit_code == 1
        assert "Suspend the municipality first" in answer.output

    def test_a_journal_that_does_not_hold_the_packings_end_stops_it(
        self, app: Flask, scene: Scene, tmp_path: Path
    ) -> None:
        path = tmp_path / "out.zip"
        said(app, "municipality", "export", scene.town.town.slug, "--to", str(path))
        suspended(app, scene.town.town)
        rows_of(app, scene, "ALTER TABLE journal_entry DISABLE TRIGGER USER")
        last = "(SELECT max(seq) FROM journal_entry WHERE tenant_id = :t)"
        rows_of(app, scene, f"UPDATE journal_entry SET action = 'x' WHERE tenant_id = :t AND seq = {last}")
        rows_of(app, scene, "ALTER TABLE journal_entry ENABLE TRIGGER USER")
        there = snapshot(app, scene.town.town)
        with app.app_context(), pytest.raises(putting_back.OtherJournal):
            putting_back.put_back(path, why="x")
        assert snapshot(app, scene.town.town) == there


def broken_off(*_: object) -> None:
    """Be broken off."""
    raise KeyboardInterrupt


def dispose(app: Flask, scene: Scene) -> None:
    """What was recorded of a person is disposed of, as a list approved by two people would have it."""
    place = Place(Door.OWNER, tenant_id=scene.town.town.tenant_id)
    with app.app_context(), visiting(place) as session:
        day, now, who = date(2026, 4, 1), clock.now(), scene.town.members["caseworker"].membership_id
        status = DisposalStatus.CARRIED_OUT
        made = Disposal(id=ids.new(), due_on=day, status=status, drafted_by=who, drafted_at=now)
        session.add(made)
        session.flush()
        item = DisposalItem(
            id=ids.new(), disposal_id=made.id, artefact=Artefact.SUPPORT_RECORD, subject="participant",
            subject_id=scene.town.ids["participant_id"], completed_on=day, due_on=day, erased_at=now,
        )  # fmt: skip
        session.add(item)
        session.flush()
        assert erasing.erase_again(session, item)["weekly_record"]
        journal.note_of("participant", item.subject_id, "disposed", session=session)

"""A packing holds everything and no secret, and is taken in only when every part and the whole chain are right."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import text

import ayumi.schema
from ayumi.kernel import journal
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import contents, parcel, unpacking
from tests.isolation.populated import Populated
from tests.moving.packings import (
    LEAVES,
    assert_empty,
    packed,
    resealed,
    rewritten,
)
from tests.moving.platforms import Platform
from tests.world import at


class TestTakingIn:
    def test_a_changed_part_is_found_before_anything_comes_in(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        path = packed(app, leaver.town, tmp_path)
        for name, change in (
            ("tables/participant.jsonl", lambda data: data.replace(LEAVES.encode(), b"x")),
            ("manifest.json", lambda data: data.replace(b'"journal"', b'"jornal"')),
        ):
            forged = rewritten(path, tmp_path / "forged.zip", name, change)
            with other.there(), other.app.app_context(), pytest.raises(parcel.Damaged):
                unpacking.unpack(forged)
            assert_empty(other, leaver.town)

    def test_a_journal_with_a_changed_entry_is_refused_even_with_right_hashes_of_parts(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        path = packed(app, leaver.town, tmp_path)
        forged = resealed(path, tmp_path / "forged.zip", "tables/journal_entry.jsonl", "の件".encode(), "の嘘".encode())
        with other.there(), other.app.app_context(), pytest.raises(unpacking.BrokenChain):
            unpacking.unpack(forged)
        assert_empty(other, leaver.town)

    def test_something_else_is_no_packing(self, other: Platform, tmp_path: Path) -> None:
        path = tmp_path / "other.zip"
        with ZipFile(path, "w") as opened:
            opened.writestr("hello.txt", "hello")
        with other.there(), other.app.app_context(), pytest.raises(parcel.NoPacking):
            unpacking.unpack(path)

    def test_its_number_must_be_free(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        path = packed(app, leaver.town, tmp_path)
        answer = app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
        assert answer.exit_code == 1
        assert "empty platform" in answer.output

    def test_another_revision_of_the_database_is_refused(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = packed(app, leaver.town, tmp_path)
        monkeypatch.setattr(unpacking, "schema_revision", lambda: "9999")
        with other.there(), other.app.app_context(), pytest.raises(unpacking.OtherSchema):
            unpacking.unpack(path)


class TestWhatIsPacked:
    def test_no_secret_leaves_the_platform(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        path = packed(app, leaver.town, tmp_path)
        with ZipFile(path) as opened:
            whole = b"".join(opened.read(name) for name in opened.namelist())
        with app.app_context(), visiting(Place(Door.OWNER)) as session:
            hashes = session.execute(text("SELECT password_hash FROM account WHERE password_hash IS NOT NULL"))
            assert not [each for each in hashes.scalars() if each.encode() in whole]
        assert b"sealed_client_secret" in whole  # named as left empty

    def test_every_table_is_there_as_json_and_as_csv_that_runs_no_formula(
        self, app: Flask, leaver: Populated, tmp_path: Path
    ) -> None:
        place = Place(Door.OWNER, tenant_id=leaver.town.tenant_id)
        with at(app, place):
            journal.note_of("menu", leaver.town.menu_id, "x", why="=1+1")
        path = packed(app, leaver.town, tmp_path)
        with ZipFile(path) as opened:
            manifest = json.loads(opened.read("manifest.json"))
            for name in manifest["tables"]:
                lines = opened.read(f"tables/{name}.jsonl").decode().splitlines()
                assert len(lines) == manifest["tables"][name]["rows"]
                assert opened.read(f"csv/{name}.csv").startswith(b"\xef\xbb\xbf")
            assert b"'=1+1" in opened.read("csv/journal_entry.csv")
            assert {"README.ja.txt", "README.en.txt"} <= set(opened.namelist())
        tables = {name for name, table in ayumi.schema.metadata.tables.items() if "tenant_id" in table.c}
        shared = {"external_identity", "one_time_link", "erasure_certificate"}
        assert manifest["tables"].keys() == tables - contents.LEFT_OUT.keys() - shared

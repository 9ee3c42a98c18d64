"""A municipality leaves: packed, taken in elsewhere whole and unchanged, erased here, and nobody else is touched."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import text

import ayumi.schema
from ayumi.config import settings
from ayumi.kernel import clock, journal
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.moving import contents, leaving, parcel, unpacking
from ayumi.moving.model import ErasureCertificate
from tests.isolation.populated import Populated, populate, snapshot
from tests.moving.platforms import Platform, a_platform, files_of
from tests.world import Town, a_town, at, inside

LEAVES, STAYS = "去来川カナリア", "留野"


@pytest.fixture(scope="module")
def other(services: Path, app: Flask) -> Iterator[Platform]:
    with a_platform(services) as made:
        yield made


@pytest.fixture
def leaver(app: Flask) -> Populated:
    made = populate(app, LEAVES)
    with inside(app, made.members["caseworker"]):
        journal.note_of(
            "participant", made.ids["participant_id"], "updated", why=f"{LEAVES}の件", changes={"a": [1, 2]}
        )
    return made


def root() -> Path:
    """Where the files of the present platform lie."""
    return Path(settings().files_url.removeprefix("file://"))


def suspended(app: Flask, town: Town) -> None:
    """Suspend a municipality, as an operator would."""
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        session.execute(
            text("UPDATE municipality SET suspended_at = :now WHERE id = :id"),
            {"now": clock.now(), "id": town.tenant_id},
        )


def packed(app: Flask, town: Town, folder: Path) -> Path:
    """Export a municipality at the command line."""
    path = folder / "packing.zip"
    answer = app.test_cli_runner().invoke(args=["municipality", "export", town.slug, "--to", str(path)])
    assert answer.exit_code == 0, answer.output
    return path


def comparable(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Leave out what is not packed, or packed empty."""
    blank = {table for table, _column in contents.BLANK}
    shared = {"external_identity", "one_time_link", "erasure_certificate"}
    return {name: rows for name, rows in found.items() if name not in contents.LEFT_OUT.keys() | blank | shared}


def dump(app: Flask) -> str:
    """Return every row of every table of a platform, as one text to search."""
    said = []
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        towns = session.execute(text("SELECT id FROM municipality")).scalars().all()
        for name, table in ayumi.schema.metadata.tables.items():
            if "tenant_id" not in table.c:
                said += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    for tenant_id in towns:
        with app.app_context(), visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            for name, table in ayumi.schema.metadata.tables.items():
                if "tenant_id" in table.c:
                    said += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(said)


class TestTheWholeWay:
    def test_it_leaves_whole_arrives_unchanged_and_is_erased(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        stays = populate(app, STAYS, firm_id=leaver.firm_id)
        suspended(app, leaver.town)
        here, there = snapshot(app, leaver.town), snapshot(app, stays.town)
        files, others = files_of(app, root(), leaver.town.tenant_id), files_of(app, root(), stays.town.tenant_id)
        path = packed(app, leaver.town, tmp_path)

        with other.there():
            answer = other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            assert answer.exit_code == 0, answer.output
            arrived = snapshot(other.app, leaver.town)
            assert files_of(other.app, root(), leaver.town.tenant_id) == files
        assert comparable(arrived) == comparable(here)
        assert {name for name, rows in comparable(arrived).items() if rows} >= {
            "participant",
            "journal_entry",
            "fee_line",
        }

        paper = tmp_path / "certificate.pdf"
        words = ["municipality", "erase", leaver.town.slug, "--certificate", str(paper), "--yes"]
        answer = app.test_cli_runner().invoke(args=words)
        assert answer.exit_code == 0, answer.output
        assert paper.read_bytes().startswith(b"%PDF")
        assert all(rows == [] for name, rows in snapshot(app, leaver.town).items() if name != "erasure_certificate")
        assert LEAVES not in dump(app).replace(f"{LEAVES}市", "").replace(f"{LEAVES}法人", "")
        assert files_of(app, root(), leaver.town.tenant_id) == {}
        assert snapshot(app, stays.town) == there
        assert files_of(app, root(), stays.town.tenant_id) == others

    def test_its_people_log_in_anew_where_it_arrives(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        path = packed(app, leaver.town, tmp_path)
        with other.there():
            other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
                worker = leaver.members["caseworker"]
                query = text("SELECT email, password_hash FROM account WHERE id = :id")
                assert tuple(session.execute(query, {"id": worker.account_id}).one()) == (worker.email, None)

    def test_somebody_whose_address_is_known_there_keeps_their_account_there(
        self, app: Flask, other: Platform, leaver: Populated, tmp_path: Path
    ) -> None:
        worker = leaver.members["caseworker"]
        path = packed(app, leaver.town, tmp_path)
        with other.there():
            with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
                made = text("INSERT INTO account (id, email, name, created_at) VALUES (:id, :email, '先', now())")
                session.execute(made, {"id": leaver.firm_id, "email": worker.email})
            answer = other.app.test_cli_runner().invoke(args=["municipality", "import", str(path)])
            assert answer.exit_code == 0, answer.output
            place = Place(Door.OWNER, tenant_id=leaver.town.tenant_id)
            with other.app.app_context(), visiting(place) as session:
                query = text("SELECT account_id FROM membership WHERE id = :id")
                assert session.execute(query, {"id": worker.membership_id}).scalar_one() == leaver.firm_id


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


class TestErasing:
    def test_whatever_hangs_on_an_account_alone_goes_with_it(self) -> None:
        known = {"authenticator_app", "external_identity", "login_session", "one_time_link", "passkey", "recovery_code"}
        assert {name for name, _column in leaving.of_an_account()} >= known

    def test_it_must_be_suspended_and_packed_first(self, app: Flask) -> None:
        town = a_town(app)
        with app.app_context():
            with pytest.raises(leaving.NotSuspended):
                leaving.erase(town.tenant_id)
            suspended(app, town)
            with pytest.raises(leaving.NotPacked):
                leaving.erase(town.tenant_id)

    def test_what_happened_since_must_be_packed_too(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        packed(app, leaver.town, tmp_path)
        with inside(app, leaver.members["caseworker"]):
            journal.note_of("participant", leaver.ids["participant_id"], "updated")
        suspended(app, leaver.town)
        with app.app_context(), pytest.raises(leaving.ChangedSince):
            leaving.erase(leaver.town.tenant_id)

    def test_broken_off_before_the_files_it_goes_on(
        self, app: Flask, leaver: Populated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        tenant_id = leaver.town.tenant_id
        with monkeypatch.context() as patch, app.app_context(), pytest.raises(KeyboardInterrupt):
            patch.setattr(leaving, "_erase_files", broken_off)
            leaving.erase(tenant_id)
        assert files_of(app, root(), tenant_id)
        with app.app_context():
            made = leaving.erase(tenant_id)
            assert made.files == 1
            assert files_of(app, root(), tenant_id) == {}
            with pytest.raises(leaving.Left):
                leaving.erase(tenant_id)

    def test_it_is_certified_beside_what_is_erased(self, app: Flask, leaver: Populated, tmp_path: Path) -> None:
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        with app.app_context():
            made = leaving.erase(leaver.town.tenant_id)
            with visiting(Place(Door.OWNER)) as session:
                row = session.get_one(ErasureCertificate, made.id)
                assert row.erased["participant"] == 1
                assert row.manifest_sha256 and row.journal_hash
                left = session.execute(
                    text("SELECT left_at FROM municipality WHERE id = :id"), {"id": leaver.town.tenant_id}
                )
                assert left.scalar_one() <= datetime.now(UTC)

    def test_somebody_with_a_place_elsewhere_keeps_their_account(
        self, app: Flask, leaver: Populated, tmp_path: Path
    ) -> None:
        supporter, worker = leaver.members["supporter"], leaver.members["caseworker"]
        elsewhere = populate(app, STAYS, firm_id=leaver.firm_id)
        place = Place(Door.OWNER, tenant_id=elsewhere.town.tenant_id)
        with app.app_context(), visiting(place) as session:
            moved = text("UPDATE membership SET account_id = :a WHERE id = :id")
            session.execute(moved, {"a": supporter.account_id, "id": elsewhere.members["supporter"].membership_id})
        suspended(app, leaver.town)
        packed(app, leaver.town, tmp_path)
        with app.app_context():
            leaving.erase(leaver.town.tenant_id)
            with visiting(Place(Door.OWNER)) as session:
                query = text("SELECT email, name, closed_at IS NULL FROM account WHERE id = :id")
                kept = session.execute(query, {"id": supporter.account_id}).one()
                closed = session.execute(query, {"id": worker.account_id}).one()
        assert tuple(kept)[0] == supporter.email
        assert tuple(closed) == (f"{worker.account_id}@erased.invalid", "", False)


def broken_off(_tenant_id: int) -> int:
    """Be broken off."""
    raise KeyboardInterrupt


def rewritten(path: Path, into: Path, name: str, change: object) -> Path:
    """Write a packing anew with one part changed and nothing else."""
    with ZipFile(path) as source, ZipFile(into, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, change(data) if part == name else data)  # type: ignore[operator]
    return into


def resealed(path: Path, into: Path, name: str, before: bytes, after: bytes) -> Path:
    """Write a packing anew with one part changed and its manifest made to fit."""
    with ZipFile(path) as source, parcel.writing(into) as target:
        manifest = json.loads(source.read("manifest.json"))
        for part in source.namelist():
            if part != "manifest.json":
                data = source.read(part)
                with target.part(part) as write:
                    write(data.replace(before, after) if part == name else data)
        target.close({key: value for key, value in manifest.items() if key not in ("format", "parts")})
    return into


def assert_empty(other: Platform, town: Town) -> None:
    """Nothing of a municipality has come in."""
    with other.there():
        assert files_of(other.app, root(), town.tenant_id) == {}
        assert all(rows == [] for rows in snapshot(other.app, town).values())
        with other.app.app_context(), visiting(Place(Door.OWNER)) as session:
            query = text("SELECT count(*) FROM municipality WHERE id = :id")
            assert session.execute(query, {"id": town.tenant_id}).scalar_one() == 0

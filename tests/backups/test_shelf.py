"""Backups are encrypted, checked part by part, and not kept longer than the setting says."""

import json
from datetime import timedelta
from pathlib import Path
from typing import IO

import psycopg
import pytest
from flask import Flask

from ayumi.config import settings
from ayumi.kernel import clock
from infra.backups import checking, sealing
from infra.backups import shelf as standing
from infra.backups.figures import Backups, figures
from infra.embedded.postgres import ADMINISTRATOR, Server
from tests.backups.test_drill import said
from tests.isolation.populated import populate

MARK = "控えの中の名前"


@pytest.fixture(scope="module")
def taken(app: Flask, shelf: Path, database: Server) -> str:
    """A backup in whose course the server wrote much and cleared away what it needed no more of its log."""
    populate(app, MARK)
    seal, begun = sealing.seal, iter([True])

    def seal_meanwhile(source: IO[bytes], target: IO[bytes]) -> None:
        if next(begun, False):
            write_and_clear_away(database)
        seal(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "seal", seal_meanwhile)
        made = said(app, "backup", "take").split()[0]
    assert next(begun, None) is None
    return made


def write_and_clear_away(server: Server) -> None:
    """The base, which takes the log along at its end, waits for whoever reads it."""
    with psycopg.connect(server.url(ADMINISTRATOR, "ayumi"), autocommit=True) as administrator:
        for _segment in range(4):
            administrator.execute("SELECT pg_logical_emit_message(false, 'ayumi', 'more'), pg_switch_wal()")
        administrator.execute("CHECKPOINT")


def verified(app: Flask, *words: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["backup", "verify", *words])
    return answer.exit_code, answer.output


def test_it_is_listed_with_the_position_in_the_servers_log(app: Flask, taken: str) -> None:
    lines = [line for line in said(app, "backup", "list").splitlines() if line.startswith(taken)]
    made = standing.one(taken)
    assert len(lines) == 1
    assert f"{made.wal_start}-{made.wal_end}" in lines[0]
    assert made.wal_start < made.wal_end
    assert made.files


def test_nothing_on_the_shelf_can_be_read_without_the_key(taken: str, shelf: Path) -> None:
    sealed = [each for each in shelf.rglob("*.age") if each.is_file()]
    assert len(sealed) > 1
    for each in sealed:
        assert each.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert MARK.encode() not in each.read_bytes()


def test_opened_with_the_key_every_part_is_sound(app: Flask, taken: str) -> None:
    code, words = verified(app, taken)
    assert (code, f"{taken}: sound" in words, "opened and checked" in words) == (0, True, True), words


def test_figures_tell_how_old_the_newest_is_and_the_newest_found_sound(app: Flask, taken: str, shelf: Path) -> None:
    def told() -> list[float]:
        return [sample.value for metric in figures() for sample in metric.samples]

    when, moment = standing.one(taken).when.timestamp(), standing.moment_of(taken)
    assert moment is not None
    assert moment.timestamp() == pytest.approx(when, abs=1)
    verified(app, taken)
    newest = max(standing.every(), key=lambda each: each.name).when.timestamp()
    assert told() == [pytest.approx(newest, abs=1), pytest.approx(when, abs=1)]
    part = shelf / "base" / taken / standing.DATABASE
    before = part.read_bytes()
    part.write_bytes(before[:-1])
    assert verified(app, taken)[0] == 1
    part.write_bytes(before)
    assert told() == [pytest.approx(newest, abs=1), 0]
    verified(app, taken)
    assert told()[1] == pytest.approx(when, abs=1)


def test_where_backups_are_the_providers_and_while_the_shelf_is_away_nothing_is_told(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OSError("away")

    monkeypatch.setattr(standing, "newest", away)
    assert list(Backups().collect()) == []
    monkeypatch.undo()
    assert len(list(Backups().collect())) == 2
    monkeypatch.setenv("AYUMI_BACKUP_RECIPIENTS", "")
    settings.cache_clear()
    assert list(Backups().collect()) == []
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("key", [True, False])
def test_a_changed_or_missing_part_is_named(
    app: Flask, taken: str, shelf: Path, key: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = standing.one(taken).files[0]
    path = shelf / "files" / f"{part.key}.age"
    before = path.read_bytes()
    if not key:
        monkeypatch.delenv("AYUMI_BACKUP_IDENTITY")
    settings.cache_clear()
    try:
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        with pytest.raises(sealing.BackupError, match="changed"):
            checking.check_part(part)
        path.unlink()
        code, words = verified(app, taken)
        assert (code, f"{part.key}: is missing" in words) == (1, True)
    finally:
        path.write_bytes(before)
        monkeypatch.undo()
        settings.cache_clear()


def test_without_anybody_to_encrypt_for_nothing_is_taken(
    app: Flask, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AYUMI_BACKUP_RECIPIENTS", "")
    settings.cache_clear()
    answer = app.test_cli_runner().invoke(args=["backup", "take"])
    monkeypatch.undo()
    settings.cache_clear()
    assert answer.exit_code == 1
    assert "never kept unencrypted" in answer.output


def test_a_key_is_readable_by_its_owner_alone_and_never_overwritten(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert said(app, "backup", "key", str(path)).startswith("age1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert app.test_cli_runner().invoke(args=["backup", "key", str(path)]).exit_code == 1


class TestHowLong:
    def test_older_than_the_setting_is_forgotten_with_the_files_only_it_named(
        self, app: Flask, taken: str, shelf: Path
    ) -> None:
        made = standing.one(taken)
        old = json.loads(made.as_json()) | {
            "name": "old", "taken_at": (clock.now() - timedelta(days=standing.days(), minutes=1)).isoformat(),
        }  # fmt: skip
        alone = dict(old["files"][0]) | {"key": "t/9/aa/erased"}
        old["files"] = [*old["files"], alone]
        folder = shelf / "base" / "old"
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps(old))
        (folder / "base.tar.gz.age").write_bytes(b"x")
        (shelf / "files/t/9/aa").mkdir(parents=True)
        (shelf / "files/t/9/aa/erased.age").write_bytes(b"x")

        assert standing.forget_old() == ["old"]
        assert [each for each in folder.rglob("*") if each.is_file()] == []
        assert not (shelf / "files/t/9/aa/erased.age").exists()
        for part in made.files:
            checking.check_part(part)

    def test_a_file_is_taken_once(self, app: Flask, taken: str, shelf: Path) -> None:
        path = shelf / "files" / f"{standing.one(taken).files[0].key}.age"
        before = path.stat().st_mtime_ns
        again = said(app, "backup", "take").split()[0]
        assert path.stat().st_mtime_ns == before
        assert {each.key for each in standing.one(again).files} >= {each.key for each in standing.one(taken).files}


def test_another_key_opens_nothing(taken: str, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.make_key(tmp_path / "other")
    monkeypatch.setenv("AYUMI_BACKUP_IDENTITY", str(tmp_path / "other"))
    settings.cache_clear()
    sealed = shelf / "base" / taken / standing.DATABASE
    with sealed.open("rb") as source, (tmp_path / "out").open("wb") as target, pytest.raises(sealing.BackupError):
        sealing.unseal(source, target)
    monkeypatch.undo()
    settings.cache_clear()

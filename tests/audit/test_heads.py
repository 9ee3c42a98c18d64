"""Heads of journals are signed every hour, laid down in the file store, and compared with it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from moto import mock_aws
from sqlalchemy import select

from ayumi.audit import heads, keys
from ayumi.audit.canonical import canonical
from ayumi.audit.faults import Fault
from ayumi.audit.model import SignedHead
from ayumi.config import settings
from ayumi.kernel import ids, journal
from ayumi.kernel.db import db
from ayumi.kernel.files.store import Bucket, Folder, store
from jobs import signed_heads
from tests.audit.scene import a_journal, checked, found, meddle
from tests.world import Town, a_town, working


def signed(app: Flask, town: Town) -> list[SignedHead]:
    with working(app, town):
        signed_heads.run()
    with working(app, town):
        rows = list(db.session.scalars(select(SignedHead).order_by(SignedHead.seq)))
        db.session.expunge_all()
        return rows


def lying(row: SignedHead) -> Path:
    kept = store()
    assert isinstance(kept, Folder)
    return kept.root / row.file_key


@pytest.fixture
def another_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Sign with another key from here on; gives the public key that signed before."""
    before = keys.public_key()
    monkeypatch.setenv("AYUMI_JOURNAL_KEY", keys.encoded(Ed25519PrivateKey.generate().private_bytes_raw()))
    settings.cache_clear()
    yield before
    monkeypatch.undo()
    settings.cache_clear()


class TestSigning:
    def test_what_is_laid_down_can_be_checked_with_the_public_key_alone(self, app: Flask) -> None:
        town = a_journal(app, 3)
        (row,) = signed(app, town)
        paper = json.loads(lying(row).read_bytes())
        statement = paper["statement"]
        assert statement["municipality"] == town.slug
        assert (statement["tenant"], statement["seq"], statement["hash"]) == (town.tenant_id, 3, row.hash)
        assert statement["key"] == keys.key_id(keys.public_key())
        assert keys.holds(keys.public_key(), canonical(statement).encode(), paper["signature"])
        assert not keys.holds(keys.public_key(), canonical(statement | {"seq": 2}).encode(), paper["signature"])

    def test_only_a_journal_that_has_moved_is_signed_again(self, app: Flask) -> None:
        town = a_journal(app, 1)
        assert len(signed(app, town)) == len(signed(app, town)) == 1
        with working(app, town):
            journal.note_of("menu", ids.new(), "moved")
        assert [row.seq for row in signed(app, town)] == [1, 2]

    def test_a_journal_without_entries_is_not_signed(self, app: Flask) -> None:
        assert signed(app, a_town(app)) == []

    def test_what_lies_there_is_not_overwritten(self, app: Flask) -> None:
        (row,) = signed(app, a_journal(app, 1))
        before = lying(row).read_bytes()
        store().put_locked(row.file_key, b"{}", "application/json", until=datetime.now(UTC))
        assert lying(row).read_bytes() == before
        assert lying(row).stat().st_mode & 0o222 == 0


class TestComparing:
    def test_all_is_well(self, app: Flask) -> None:
        town = a_journal(app)
        signed(app, town)
        result = checked(app, town)
        assert (result.is_sound, result.heads) == (True, 1)

    def test_a_journal_written_anew_from_its_first_entry_is_not_what_was_signed(self, app: Flask) -> None:
        town = a_journal(app, 3)
        signed(app, town)
        meddle(
            app,
            town,
            "DELETE FROM journal_entry WHERE tenant_id = :t",
            "DELETE FROM journal_head WHERE tenant_id = :t",
        )
        for number in range(3):
            with working(app, town):
                journal.note_of("menu", ids.new(), f"other {number}")
        assert found(app, town) == [(Fault.SIGNED_DIFFERS, 3)]

    def test_and_who_takes_the_row_away_too_is_told_by_the_file(self, app: Flask) -> None:
        town = a_journal(app, 3)
        signed(app, town)
        tables = ("journal_entry", "journal_head", "signed_head")
        meddle(app, town, *(f"DELETE FROM {table} WHERE tenant_id = :t" for table in tables))
        assert found(app, town) == [(Fault.ROW_MISSING, 3)]

    def test_a_file_without_a_row_is_harmless_while_the_chain_has_its_entry(self, app: Flask) -> None:
        town = a_journal(app, 3)
        with working(app, town):
            heads.sign()
            db.session.rollback()
        assert checked(app, town).is_sound
        assert len(signed(app, town)) == 1
        assert checked(app, town).is_sound

    def test_a_file_that_is_gone(self, app: Flask) -> None:
        town = a_journal(app, 2)
        (row,) = signed(app, town)
        store().delete(row.file_key)
        assert found(app, town) == [(Fault.FILE_MISSING, 2)]

    @pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"statement": 1}', b"\xff"])
    def test_a_file_that_holds_something_else(self, app: Flask, content: bytes) -> None:
        town = a_journal(app, 2)
        (row,) = signed(app, town)
        lying(row).chmod(0o600)
        lying(row).write_bytes(content)
        assert found(app, town) == [(Fault.FILE_DIFFERS, 2)]

    def test_a_statement_that_was_changed_in_both_places(self, app: Flask) -> None:
        town = a_journal(app, 2)
        (row,) = signed(app, town)
        paper = json.loads(lying(row).read_bytes())
        paper["statement"]["at"] = "2020-01-01T00:00:00.000000Z"
        lying(row).chmod(0o600)
        lying(row).write_bytes(canonical(paper).encode())
        assert found(app, town) == [(Fault.SIGNATURE, 2)]

    def test_a_file_slipped_in_by_somebody_without_the_key(self, app: Flask) -> None:
        town = a_journal(app, 2)
        statement = {"tenant": town.tenant_id, "seq": 2, "hash": "x", "key": keys.key_id(keys.public_key())}
        paper = canonical({"statement": statement, "signature": keys.encoded(bytes(64))}).encode()
        store().put(f"{heads.folder(town.tenant_id)}forged.json", paper, "application/json")
        assert found(app, town) == [(Fault.FILE_DIFFERS, 2)]

    def test_a_head_signed_with_a_key_that_was_changed_since_needs_the_old_key(
        self, app: Flask, another_key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        town = a_journal(app, 2)
        with pytest.MonkeyPatch.context() as before:
            before.delenv("AYUMI_JOURNAL_KEY")
            settings.cache_clear()
            signed(app, town)
        settings.cache_clear()
        assert found(app, town) == [(Fault.SIGNED_UNKNOWN_KEY, 2)]
        monkeypatch.setenv("AYUMI_JOURNAL_OLD_KEYS", another_key)
        settings.cache_clear()
        assert checked(app, town).is_sound

    def test_many_heads_are_compared(self, app: Flask) -> None:
        town = a_town(app)
        for number in range(4):
            with working(app, town):
                journal.note_of("menu", ids.new(), f"step {number}")
            signed(app, town)
        assert checked(app, town).heads == 4


class TestBucket:
    """With S3 the papers are locked where the bucket can lock."""

    @pytest.fixture
    def aws(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
        with mock_aws():
            yield

    def bucket(self, *, lock: bool) -> Bucket:
        client = boto3.client("s3")
        where = {"LocationConstraint": "ap-northeast-1"}
        client.create_bucket(Bucket="papers", CreateBucketConfiguration=where, ObjectLockEnabledForBucket=lock)  # type: ignore[arg-type]
        return Bucket("papers", client)

    def test_with_object_lock_nobody_takes_it_away_before_its_time(self, aws: None) -> None:
        bucket, until = self.bucket(lock=True), datetime.now(UTC) + timedelta(days=1000)
        bucket.put_locked("t/1/journal-heads/a.json", b"{}", "application/json", until=until)
        held = bucket.client.head_object(Bucket="papers", Key="t/1/journal-heads/a.json")
        assert held["ObjectLockMode"] == "COMPLIANCE"
        assert abs((held["ObjectLockRetainUntilDate"] - until).total_seconds()) < 2
        version = held["VersionId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            bucket.client.delete_object(Bucket="papers", Key="t/1/journal-heads/a.json", VersionId=version)

    def test_without_object_lock_it_is_kept_all_the_same(self, aws: None) -> None:
        bucket = self.bucket(lock=False)
        bucket.put_locked("t/1/journal-heads/a.json", b"{}", "application/json", until=datetime.now(UTC))
        assert bucket.get("t/1/journal-heads/a.json") == b"{}"

    def test_names_are_those_of_one_municipality_in_order(self, aws: None) -> None:
        bucket = self.bucket(lock=False)
        for key in ("t/1/journal-heads/b.json", "t/1/journal-heads/a.json", "t/10/journal-heads/c.json", "t/1/ab/abc"):
            bucket.put(key, b"{}", "application/json")
        assert list(bucket.names("t/1/journal-heads/")) == ["t/1/journal-heads/a.json", "t/1/journal-heads/b.json"]


def test_the_key_is_shown_by_the_command(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["journal", "key"])
    assert answer.exit_code == 0
    assert keys.public_key() in answer.output
    assert keys.key_id(keys.public_key()) in answer.output

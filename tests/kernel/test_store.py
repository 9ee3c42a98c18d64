"""Bytes are kept, read piece by piece and forgotten for good, in a folder and in a bucket that keeps versions."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ayumi.kernel.files.store import Bucket, Folder, Store

KEY = "t/1/ab/abcd"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket="papers", ObjectLockEnabledForBucket=True)
        yield made


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return Bucket("papers", request.getfixturevalue("client"))


def test_a_file_larger_than_memory_is_kept_and_read_piece_by_piece(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(b"0123456789" * 1000)
    with source.open("rb") as opened:
        store.put_file(KEY, opened, "application/zip")
    with store.reading(KEY) as opened:
        assert opened.read(4) == b"0123"
        assert len(opened.read()) == 9996
    assert list(store.names("t/1/")) == [KEY]


def test_what_is_not_there_cannot_be_read(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        store.reading(KEY)


def test_what_is_forgotten_is_gone_in_every_version(client: Any) -> None:
    store = Bucket("papers", client)
    for _time in range(2):
        store.put(KEY, b"somebody", "text/plain")
    store.put(f"{KEY}e", b"somebody else", "text/plain")
    store.delete(KEY)
    kept = client.list_object_versions(Bucket="papers")
    assert [each["Key"] for each in kept.get("Versions", ())] == [f"{KEY}e"]
    assert "DeleteMarkers" not in kept


def test_what_is_locked_is_hidden_until_its_time_is_over(client: Any) -> None:
    store = Bucket("papers", client)
    store.put_locked(KEY, b"head", "application/json", until=datetime.now(UTC) + timedelta(days=1))
    store.delete(KEY)
    assert list(store.names("t/1/")) == []
    assert len(client.list_object_versions(Bucket="papers")["Versions"]) == 1


class Broken(BytesIO):
    """A source that breaks off after its first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionError
        return super().read(4)


def test_what_breaks_off_while_it_is_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        store.put_file(KEY, Broken(b"0123456789"), "application/zip")
    assert list(store.names("t/1/")) == []
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_what_somebody_was_killed_while_writing_is_forgotten_once_nobody_can_be_writing_it(tmp_path: Path) -> None:
    folder, now = Folder(tmp_path), datetime.now(UTC)
    folder.put(KEY, b"whole", "text/plain")
    old, new = (tmp_path / "t/1/ab" / f"half-{name}" for name in ("old", "new"))
    elsewhere = tmp_path / "t/2/half-old"
    elsewhere.parent.mkdir()
    for each in (old, new, elsewhere, tmp_path / KEY):
        each.touch()
        if each is not new:
            os.utime(each, times=((now - timedelta(days=2)).timestamp(),) * 2)
    folder.forget_halves("t/1/", begun_before=now - timedelta(days=1))
    assert {each for each in tmp_path.rglob("*") if each.is_file()} == {new, elsewhere, tmp_path / KEY}

"""Where bytes are kept: a folder, or an S3 bucket. The only place that knows boto3."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast
from urllib.parse import urlparse

import boto3
from botocore.exceptions import ClientError

from ayumi.config import settings

HALF: Final = "half-"  # how the names of files begin that are not whole yet


class Store(Protocol):
    """Keeps bytes under a name; the same name always holds the same bytes."""

    def put(self, key: str, data: bytes, content_type: str) -> None: ...
    def put_locked(self, key: str, data: bytes, content_type: str, *, until: datetime) -> None: ...
    def put_file(self, key: str, source: IO[bytes], content_type: str) -> None: ...
    def get(self, key: str) -> bytes: ...
    def reading(self, key: str) -> IO[bytes]: ...
    def delete(self, key: str) -> None: ...
    def names(self, prefix: str) -> Iterator[str]: ...
    def forget_halves(self, prefix: str, *, begun_before: datetime) -> None: ...
    def ready(self) -> bool: ...


class Folder:
    """Files below one folder, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Write ``data`` under ``key`` unless it is there already."""
        self._write(key, BytesIO(data))

    def put_file(self, key: str, source: IO[bytes], content_type: str) -> None:
        """Write what an open file holds, be it larger than memory, under ``key`` unless it is there already."""
        self._write(key, source)

    def _write(self, key: str, source: IO[bytes]) -> None:
        target = self._path(key)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=HALF, delete=False) as half:
            try:
                shutil.copyfileobj(source, half)
                half.flush()
                os.fsync(half.fileno())
            except BaseException:
                Path(half.name).unlink()
                raise
        Path(half.name).replace(target)

    def put_locked(self, key: str, data: bytes, content_type: str, *, until: datetime) -> None:
        """Write ``data`` so that it is not overwritten by mistake. A folder cannot hold anybody to ``until``."""
        self.put(key, data, content_type)
        self._path(key).chmod(0o400)

    def get(self, key: str) -> bytes:
        """Return the bytes under ``key``; raise FileNotFoundError when there are none."""
        return self._path(key).read_bytes()

    def reading(self, key: str) -> IO[bytes]:
        """Open what lies under ``key``, to be read piece by piece; raise FileNotFoundError when there is nothing."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Forget ``key``."""
        self._path(key).unlink(missing_ok=True)

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the keys below ``prefix``, which ends in a slash, in order."""
        folder = self._path(prefix)
        whole = (each for each in sorted(folder.rglob("*")) if each.is_file() and not each.name.startswith(HALF))
        yield from (f"{prefix}{each.relative_to(folder).as_posix()}" for each in whole)

    def forget_halves(self, prefix: str, *, begun_before: datetime) -> None:
        """Forget what is below ``prefix`` and was never written whole, because whoever wrote it was killed."""
        for each in self._path(prefix).rglob(f"{HALF}*"):
            if each.stat().st_mtime < begun_before.timestamp():
                each.unlink()

    def ready(self) -> bool:
        """Tell whether the folder can be written."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.access(self.root, os.W_OK)

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError("a file's key must stay below its folder")
        return path


class Bucket:
    """An S3 bucket; encryption at rest is asked for on every object."""

    def __init__(self, name: str, client: Any = None) -> None:
        self.name = name
        self.client = client or boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Write ``data`` under ``key``."""
        self.client.put_object(
            Bucket=self.name, Key=key, Body=data, ContentType=content_type, ServerSideEncryption="AES256"
        )

    def put_locked(self, key: str, data: bytes, content_type: str, *, until: datetime) -> None:
        """Write ``data``; where the bucket can lock objects, nobody deletes or replaces it before ``until``."""
        lock: Any = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until} if self.locks else {}
        self.client.put_object(
            Bucket=self.name,
            Key=key,
            Body=data,
            ContentType=content_type,
            ServerSideEncryption="AES256",
            ChecksumAlgorithm="SHA256",
            **lock,
        )

    @cached_property
    def locks(self) -> bool:
        """Whether the bucket was made with object lock."""
        try:
            answer = self.client.get_object_lock_configuration(Bucket=self.name)
        except ClientError:
            return False
        return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")

    def get(self, key: str) -> bytes:
        """Return the bytes under ``key``; raise FileNotFoundError when there are none."""
        try:
            return bytes(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())
        except ClientError as error:
            raise FileNotFoundError(key) from error

    def put_file(self, key: str, source: IO[bytes], content_type: str) -> None:
        """Write what an open file holds, be it larger than memory, under ``key``, in parts."""
        said = {"ContentType": content_type, "ServerSideEncryption": "AES256"}
        self.client.upload_fileobj(source, self.name, key, ExtraArgs=said)

    def reading(self, key: str) -> IO[bytes]:
        """Open what lies under ``key``, to be read piece by piece; raise FileNotFoundError when there is nothing."""
        try:
            return cast(IO[bytes], self.client.get_object(Bucket=self.name, Key=key)["Body"])
        except ClientError as error:
            raise FileNotFoundError(key) from error

    def delete(self, key: str) -> None:
        """Forget ``key`` with every version the bucket has kept; a locked one is hidden until its time is over."""
        refused = False
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=key):
            for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if each["Key"] == key:
                    refused |= not self._delete_version(key, each["VersionId"])
        if refused:
            self.client.delete_object(Bucket=self.name, Key=key)

    def _delete_version(self, key: str, version: str) -> bool:
        try:
            self.client.delete_object(Bucket=self.name, Key=key, VersionId=version)
        except ClientError:
            return False
        return True

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the keys below ``prefix``, in order."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        yield from (each["Key"] for page in pages for each in page.get("Contents", ()))

    def forget_halves(self, prefix: str, *, begun_before: datetime) -> None:
        """Leave it to the bucket, whose rules end uploads that were begun and never finished."""

    def ready(self) -> bool:
        """Tell whether the bucket answers."""
        self.client.head_bucket(Bucket=self.name)
        return True


@lru_cache
def open_store(url: str) -> Store:
    """Return the store of a URL: ``file:///folder`` or ``s3://bucket``."""
    parts = urlparse(url)
    if parts.scheme == "s3":
        return Bucket(parts.netloc)
    if parts.scheme == "file":
        return Folder(Path(parts.netloc + parts.path))
    raise ValueError(f"no store for {parts.scheme}://")


def store() -> Store:
    """Return the configured store."""
    return open_store(settings().files_url)

"""Where bytes are kept: a folder, or an S3 bucket. The only place that knows boto3."""

import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlparse

import boto3
from botocore.exceptions import ClientError

from ayumi.config import settings


class Store(Protocol):
    """Keeps bytes under a name; the same name always holds the same bytes."""

    def put(self, key: str, data: bytes, content_type: str) -> None: ...
    def get(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...
    def ready(self) -> bool: ...


class Folder:
    """Files below one folder, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Write ``data`` under ``key`` unless it is there already."""
        target = self._path(key)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
            half.write(data)
            half.flush()
            os.fsync(half.fileno())
        Path(half.name).replace(target)

    def get(self, key: str) -> bytes:
        """Return the bytes under ``key``; raise FileNotFoundError when there are none."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Forget ``key``."""
        self._path(key).unlink(missing_ok=True)

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

    def get(self, key: str) -> bytes:
        """Return the bytes under ``key``; raise FileNotFoundError when there are none."""
        try:
            return bytes(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())
        except ClientError as error:
            raise FileNotFoundError(key) from error

    def delete(self, key: str) -> None:
        """Forget ``key``."""
        self.client.delete_object(Bucket=self.name, Key=key)

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

"""Nothing leaves the machine without TLS: with any such address the product does not start, and says which."""

import dataclasses
import os

import pytest
from flask import Flask

from ayumi.config import settings
from ayumi.kernel import transport
from wsgi import make_app

pytestmark = pytest.mark.usefixtures("app")

SAFE = [
    "postgresql://u:p@127.0.0.1:5432/ayumi", "postgresql://u:p@localhost/ayumi", "postgresql://u:p@[::1]/ayumi",
    "postgresql:///ayumi", "postgresql://u:p@/ayumi?host=/var/run/postgresql",
    "postgresql://u:p@db.inside/ayumi?sslmode=verify-full&sslrootcert=/etc/ca.pem",
]  # fmt: skip
UNSAFE = [
    "postgresql://u:p@db.inside/ayumi", "postgresql://u:p@10.0.0.5/ayumi?sslmode=require",
    "postgresql://u:p@db.inside/ayumi?sslmode=verify-ca", "postgresql://u:p@db.inside/ayumi?sslmode=prefer",
    "postgresql://u:p@/ayumi?host=db.inside", "postgresql://u:p@127.0.0.1/ayumi?hostaddr=10.0.0.5",
    "postgresql://u:p@127.0.0.1,db.inside/ayumi",
]  # fmt: skip


@pytest.mark.parametrize("url", SAFE)
def test_a_database_here_or_one_that_proves_its_name_is_safe(url: str) -> None:
    assert transport.database_is_safe(url, {})


@pytest.mark.parametrize("url", UNSAFE)
def test_any_other_database_is_not(url: str) -> None:
    assert not transport.database_is_safe(url, {})


def test_what_the_environment_says_for_the_database_counts() -> None:
    assert not transport.database_is_safe("postgresql:///ayumi", {"PGHOST": "db.inside"})
    assert transport.database_is_safe("postgresql://db.inside/ayumi", {"PGSSLMODE": "verify-full"})


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("redis://127.0.0.1:6379/0", True),
        ("unix:///run/valkey.sock", True),
        ("rediss://queue.inside/0", True),
        ("redis://queue.inside/0", False),
        ("rediss://queue.inside/0?ssl_cert_reqs=none", False),
        ("rediss://queue.inside/0?ssl_check_hostname=False", False),
    ],
)
def test_a_queue_is_here_or_proves_its_name(url: str, is_safe: bool) -> None:
    assert transport.queue_is_safe(url) is is_safe


@pytest.mark.parametrize(
    ("endpoint", "is_safe"),
    [("", True), ("https://store.inside", True), ("http://127.0.0.1:9000", True), ("http://store.inside", False)],
)
def test_a_store_is_here_or_asked_over_tls(endpoint: str, is_safe: bool) -> None:
    assert transport.store_is_safe(endpoint) is is_safe


def test_each_address_that_is_not_safe_is_named_and_none_of_its_secrets() -> None:
    given = dataclasses.replace(
        settings(),
        database_url_staff="postgresql://ayumi_staff:secret@db.inside/ayumi",
        redis_url="redis://:secret@queue.inside/0",
        files_url="s3://bucket",
    )
    with pytest.raises(RuntimeError) as refused:
        transport.check(given, {"AWS_ENDPOINT_URL_S3": "http://store.inside"})
    for name in ("AYUMI_DATABASE_URL_STAFF", "AYUMI_REDIS_URL", "AWS_ENDPOINT_URL_S3"):
        assert name in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "AYUMI_DATABASE_URL_FIRM" not in str(refused.value)


def test_the_product_does_not_start_with_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    transport.check(settings(), os.environ)
    monkeypatch.setenv("AYUMI_REDIS_URL", "redis://queue.inside/0")
    settings.cache_clear()
    try:
        with pytest.raises(RuntimeError, match="AYUMI_REDIS_URL leaves this machine"):
            make_app()
    finally:
        monkeypatch.undo()
        settings.cache_clear()

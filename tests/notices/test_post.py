"""Mail goes to the server, or into the folder while there is none; nothing in it can break out of its header."""

import email
import smtplib
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from ayumi.config import settings
from ayumi.notices import post


class FakeServer:
    """A mail server that remembers what it was told."""

    sent: list[EmailMessage] = []
    told: list[str] = []
    offers_tls = True
    refuses = False

    def __init__(self, host: str, port: int, **_more: Any) -> None:
        self.told.append(f"{type(self).__name__} {host}:{port}")

    def __enter__(self) -> "FakeServer":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def ehlo(self) -> None: ...

    def has_extn(self, _name: str) -> bool:
        return self.offers_tls

    def starttls(self, **_more: Any) -> None:
        self.told.append("tls")

    def login(self, user: str, password: str) -> None:
        self.told.append(f"{user}/{password}")

    def send_message(self, mail: EmailMessage) -> None:
        if self.refuses:
            raise smtplib.SMTPRecipientsRefused({})
        self.sent.append(mail)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> type[FakeServer]:
    class Server(FakeServer):
        sent: list[EmailMessage] = []
        told: list[str] = []

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    return Server


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("AYUMI_MAIL_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def a_mail(subject: str = "確認のお願い") -> EmailMessage:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "shop@example.jp", subject
    mail.set_content("本文")
    return mail


@pytest.fixture
def with_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    settings.cache_clear()


def set_server(patch: pytest.MonkeyPatch, url: str) -> None:
    patch.setenv("AYUMI_SMTP_URL", url)
    settings.cache_clear()


def test_without_a_server_mail_is_kept_in_order_of_time(folder: Path) -> None:
    for subject in ("一通目", "二通目"):
        post.send(a_mail(subject), key=subject)
    first, second = sorted(folder.glob("*.eml"))
    assert [_subject(path) for path in (first, second)] == ["一通目", "二通目"]


def _subject(path: Path) -> str:
    return str(email.message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"])


def test_the_same_mail_sent_again_is_kept_once(folder: Path) -> None:
    for _twice in range(2):
        post.send(a_mail(), key="one")
    assert len(list(folder.glob("*.eml"))) == 1


def test_a_server_that_offers_encryption_is_spoken_to_encrypted(
    server: type[FakeServer], with_server: pytest.MonkeyPatch
) -> None:
    set_server(with_server, "smtp://ayumi:p%40ss@mail.example:2525")
    post.send(a_mail(), key="one")
    assert server.told == ["Server mail.example:2525", "tls", "ayumi/p@ss"]
    assert server.sent[0]["Message-ID"].endswith("@ayumi.example>")


def test_encryption_from_the_start_has_its_own_port(server: type[FakeServer], with_server: pytest.MonkeyPatch) -> None:
    set_server(with_server, "smtps://mail.example")
    post.send(a_mail(), key="one")
    assert server.told == ["Server mail.example:465"]


def test_a_server_that_refuses_is_told_as_a_mail_not_sent(
    server: type[FakeServer], with_server: pytest.MonkeyPatch
) -> None:
    set_server(with_server, "smtp://mail.example")
    server.refuses = True
    with pytest.raises(post.NotSent):
        post.send(a_mail(), key="one")


def test_a_server_elsewhere_that_offers_no_encryption_is_asked_for_it_all_the_same(
    server: type[FakeServer], with_server: pytest.MonkeyPatch
) -> None:
    server.offers_tls = False
    set_server(with_server, "smtp://mail.example")
    post.send(a_mail(), key="one")
    assert server.told == ["Server mail.example:587", "tls"]

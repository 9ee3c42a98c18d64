"""Asking for pages as a browser would, without a browser: the WSGI application is called in this process."""

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from ayumi.accounts import rules as accounts
from ayumi.accounts.model import Account, Membership
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and by whom."""

    path: str
    cookie: str
    query: str = ""
    form: tuple[tuple[str, str], ...] | None = None
    headers: tuple[tuple[str, str], ...] = field(default=())

    def environ(self) -> dict[str, Any]:
        """The request as a WSGI server hands it over."""
        body = urlencode(self.form).encode() if self.form is not None else b""
        return {
            "REQUEST_METHOD": "GET" if self.form is None else "POST",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "ja",
            "HTTP_USER_AGENT": "bench",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if self.form is not None else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | dict(self.headers)


def ask(application: Wsgi, request: Request) -> Answer:
    """Ask for a page and take all of it."""
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told[:] = [status, headers]

    parts = application(request.environ(), start)
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return Answer(int(told[0].split()[0]), dict(told[1]), body)


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody's cookie, and the mark their forms carry."""

    cookie: str
    mark: str


def logged_in(app: Flask, tenant_id: int, membership_id: UUID) -> Browser:
    """Open a session for somebody; return their browser."""
    with app.app_context():
        with visiting(Place(Door.OWNER, tenant_id=tenant_id)) as session:
            member = session.scalars(select(Membership).where(Membership.id == membership_id)).one()
            account_id, employer_id = member.account_id, member.employer_id
        with visiting(Place(Door.OWNER)) as session:
            key = accounts.open_session(
                session,
                session.get_one(Account, account_id),
                user_agent="bench",
                second_factor=True,
                only_tenant_id=tenant_id if employer_id else None,
                only_employer_id=employer_id,
            )
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        raw = hashlib.sha1(key.encode()).hexdigest()  # noqa: S324  the form of Flask-WTF's marks
        said = signer.dumps({"_user_id": f"{account_id}:{key}", "_fresh": True, "csrf_token": raw})
        mark = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    return Browser(f"{app.config['SESSION_COOKIE_NAME']}={said}", str(mark))

"""What every hand-written page stands on: a connection for each door, the same login, row-level security."""

import hashlib
import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import psycopg
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader
from psycopg.rows import namedtuple_row

from infra.bench.calendar import NOW, TODAY
from infra.bench.floors import frame
from infra.embedded.postgres import Server

Row = Any
OF_SESSION = """
SELECT l.id, l.account_id, l.started_at, l.seen_at, l.only_tenant_id, l.only_employer_id, a.email,
       m.tenant_id, m.id AS membership_id, m.party, m.roles, m.name, m.firm_id, m.employer_id,
       m.confidentiality_pledge_on, t.slug, t.name AS place, t.suspended_at, p.idle_minutes, p.session_hours
FROM login_session l
JOIN account a ON a.id = l.account_id
JOIN whereabouts w ON w.account_id = a.id
JOIN membership m ON m.tenant_id = w.tenant_id AND m.account_id = w.account_id AND m.starts_on <= %(today)s
  AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
JOIN municipality t ON t.id = m.tenant_id
LEFT JOIN access_policy p ON p.tenant_id = m.tenant_id
WHERE l.key_hash = %(key)s AND l.account_id = %(account)s AND l.ended_at IS NULL AND l.ends_at > %(now)s
  AND a.closed_at IS NULL
"""
SEEN_EVERY = timedelta(minutes=1)
HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "no-store"),
)


class Floor(ABC):
    """A WSGI application of one hand-written page. ``door``: the role it comes in by after login."""

    door = "ayumi_staff"
    role = ""

    def __init__(self, server: Server, database: str, secret: str) -> None:
        connect = psycopg.connect
        self.accounts = connect(server.url("ayumi_accounts", database), row_factory=namedtuple_row)
        self.connection = connect(server.url(self.door, database), row_factory=namedtuple_row)
        self.cookies = URLSafeTimedSerializer(
            secret,
            salt=SecureCookieSessionInterface.salt,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        self.marks = URLSafeTimedSerializer(secret, salt="wtf-csrf-token")
        pages = FileSystemLoader(Path(__file__).parent / "pages")
        self.pages = Environment(loader=pages, autoescape=True, trim_blocks=True, lstrip_blocks=True)

    def close(self) -> None:
        """Hang up."""
        self.accounts.close()
        self.connection.close()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        began, name = time.perf_counter(), secrets.token_hex(16)
        who = self.login(environ)
        if who is None or self.role not in who.roles:
            start("403 Forbidden", [])
            return [b""]
        self.nonce = secrets.token_urlsafe(16)
        with self.inside(who):
            status, headers, text = self.answer(who, environ)
        policy = ("Content-Security-Policy", POLICY.format(nonce=self.nonce))
        start(status, [("Content-Type", HTML), *headers, *SAFE, policy, ("X-Request-ID", name)])
        self.note(who, environ, status, name, time.perf_counter() - began)
        return [text.encode()]

    def note(self, who: Row, environ: dict[str, Any], status: str, name: str, seconds: float) -> None:
        """Write down how a request went."""
        said = {
            "route": type(self).__name__,
            "method": environ["REQUEST_METHOD"],
            "status": int(status[:3]),
            "milliseconds": round(seconds * 1000),
            "event": "answered",
            "request_id": name,
            "municipality": who.tenant_id,
            "timestamp": datetime.now(UTC).isoformat(),
        }
        print(json.dumps(said), flush=True)  # noqa: T201  as the product does it

    @abstractmethod
    def answer(self, who: Row, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
        """Return status, headers and page."""

    def login(self, environ: dict[str, Any]) -> Row | None:
        """Return whoever the cookie belongs to, at the place the address names."""
        cookie = SimpleCookie(environ["HTTP_COOKIE"])["ayumi"].value
        self.kept: dict[str, Any] = self.cookies.loads(cookie)
        account, _colon, key = self.kept["_user_id"].partition(":")
        slug = environ["PATH_INFO"].split("/")[2]
        with self.accounts.transaction():
            self.accounts.execute(f"SET LOCAL ayumi.account_id = '{account}'")
            said = {"key": hashlib.sha256(key.encode()).hexdigest(), "account": account, "now": NOW, "today": TODAY}
            rows = self.accounts.execute(OF_SESSION, said).fetchall()
            who = next((row for row in rows if self.belongs(row, slug)), None)
            if who is not None:
                self.keep_alive(who)
        return who

    def belongs(self, row: Row, slug: str) -> bool:
        """Whether this membership is the one the address asks for."""
        return bool(
            row.slug == slug and row.party == "staff" and row.suspended_at is None and row.only_tenant_id is None
        )

    def keep_alive(self, who: Row) -> None:
        """Move the session's limit, once a minute."""
        if NOW - who.seen_at >= SEEN_EVERY:
            ends = min(NOW + timedelta(minutes=who.idle_minutes), who.started_at + timedelta(hours=who.session_hours))
            self.accounts.execute(
                "UPDATE login_session SET seen_at = %s, ends_at = %s WHERE id = %s", [NOW, ends, who.id]
            )

    @contextmanager
    def inside(self, who: Row) -> Iterator[None]:
        """One transaction in the municipality, held there by row-level security."""
        with self.connection.transaction():
            self.connection.execute(self.declaration(who))
            yield

    def declaration(self, who: Row) -> str:
        """Where we are."""
        return f"SET LOCAL ayumi.tenant_id = '{who.tenant_id}';SET LOCAL ayumi.account_id = '{who.account_id}'"

    def form(self, environ: dict[str, Any]) -> dict[str, str]:
        """Return what was sent, marked as sent from one of our pages."""
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        said = dict(parse_qsl(body, keep_blank_values=True))
        self.marks.loads(said["csrf_token"])
        return said

    def told(self, sentence: str) -> tuple[str, str]:
        """Return the header that has the next page say this."""
        cookie = self.cookies.dumps(self.kept | {"_flashes": [("good", sentence)]})
        return "Set-Cookie", f"ayumi={cookie}; HttpOnly; Path=/; SameSite=Lax"

    def rows(self, statement: str, **said: Any) -> list[Row]:
        """Ask for rows."""
        return self.connection.execute(statement, said).fetchall()

    def written(self, page: str, said: dict[str, Any], **around: Any) -> str:
        """Write a page."""
        return self.pages.get_template(page).render(**said, **around)


class Reading(Floor):
    """A page that is only read, in its frame. ``at``: the way that leads to it."""

    at = ""

    def answer(self, who: Row, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], str]:
        """Return status, headers and page."""
        asked = {name: each[0] for name, each in parse_qs(environ["QUERY_STRING"]).items()}
        return "200 OK", [], self.written(*self.page(who, environ["PATH_INFO"], asked), **self.frame(who, environ))

    def frame(self, who: Row, environ: dict[str, Any]) -> dict[str, Any]:
        """What stands around the page."""
        return {
            "who": who,
            "slug": who.slug,
            "at": self.at,
            "path": environ["PATH_INFO"],
            "query": environ["QUERY_STRING"],
            "ways": frame.WAYS_OF[self.role],
            "bar": frame.BAR[self.role],
            "role_name": frame.ROLES[self.role],
            "nonce": self.nonce,
            "token": self.marks.dumps(hashlib.sha1(who.email.encode()).hexdigest()),  # noqa: S324  the form of such marks
        }

    @abstractmethod
    def page(self, who: Row, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Return which page it is, and what it says."""

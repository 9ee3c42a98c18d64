"""Identity providers for tests: a real one in a process of its own, and one that can be made to lie."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from ayumi.kernel import clock, ids
from ayumi.kernel.db import visiting
from ayumi.kernel.sealed import seal
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon.model import IdentityProvider
from ayumi.signon.queries import redirect_uri
from infra.embedded.postgres import free_port
from infra.npm import find_node
from tests.live import ROOT
from tests.world import Town

CLIENT_ID, SECRET = "ayumi", "a secret of the tests/with+signs"
FOLDER = Path(__file__).parent


def give_provider(app: Flask, town: Town, issuer: str, *, is_enabled: bool = True, secret: str = SECRET) -> None:
    """Let a town use a provider."""
    with app.app_context(), visiting(Place(Door.OWNER, tenant_id=town.tenant_id)) as session:
        session.add(
            IdentityProvider(
                id=ids.new(),
                label="職員アカウントでログイン",
                issuer=issuer,
                client_id=CLIENT_ID,
                sealed_client_secret=seal(secret),
                is_enabled=is_enabled,
                changed_at=clock.now(),
                tried_at=clock.now() if is_enabled else None,
            )
        )


@contextmanager
def real_provider(people: dict[str, dict[str, Any]], *slugs: str, base_url: str = "") -> Iterator[str]:
    """Start oidc-provider with these people (subject -> claims); yield its issuer."""
    port = free_port()
    back = [f"{base_url}/signon/{slug}/callback" if base_url else redirect_uri(slug) for slug in slugs]
    command = [find_node(), str(FOLDER / "provider.mjs"), str(port), json.dumps(people), json.dumps(back)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def set_out(client: FlaskClient, town: Town, *, following: str = "") -> str:
    """Begin to log in; return the provider's address one is sent to."""
    answer = client.get(f"/signon/{town.slug}/start", query_string={"next": following} if following else {})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def log_in_there(address: str, subject: str) -> str:
    """Log in at the real provider as its own pages ask for it; return the address it sends one back to."""
    with requests.Session() as browser:
        answer = browser.get(address, allow_redirects=False, timeout=10)
        for _step in range(10):
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if "/callback?" in target:
                    return target
                answer = browser.get(target, allow_redirects=False, timeout=10)
            else:
                answer = _fill_in(browser, answer, subject)
    raise AssertionError(f"no way back: {answer.status_code} {answer.text[:500]}")


def _fill_in(browser: requests.Session, answer: requests.Response, subject: str) -> requests.Response:
    found = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
    prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
    assert found and prompt, answer.text[:500]
    data = {"prompt": prompt[1], "login": subject, "password": "any"}
    return browser.post(urljoin(answer.url, found[1]), data=data, allow_redirects=False, timeout=10)


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Follow the provider's redirect with one's own browser."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def through(client: FlaskClient, town: Town, subject: str) -> TestResponse:
    """The whole way: out, log in at the real provider, back."""
    return come_back(client, log_in_there(set_out(client, town), subject))


Forge = Callable[[dict[str, Any], RSAKey], str]


def honest(claims: dict[str, Any], key: RSAKey) -> str:
    """Sign as a provider does."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@dataclass
class Liar:
    """A provider whose tokens say whatever a test wants. ``asked`` are the paths it was asked for."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] | None = None
    forge: Forge = honest
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def keys(self) -> dict[str, Any]:
        """The public keys."""
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self) -> dict[str, Any]:
        """Answer of the token endpoint."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "liar-1",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "email": "hanako@city.example",
            "email_verified": True,
        } | self.claims
        for name in self.missing:
            del claims[name]
        return {"access_token": "access", "token_type": "Bearer", "id_token": self.forge(claims, self.key)}

    def answer(self, path: str) -> dict[str, Any] | None:
        """Answer any of its addresses."""
        self.asked.append(path)
        discovery = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
        }
        if path == "/.well-known/openid-configuration":
            return discovery | self.words
        return {"/keys": self.keys, "/token": self.token, "/me": lambda: self.told}.get(path, lambda: None)()

    def send_back(self, address: str, **more: str) -> str:
        """Read where somebody was sent, and return where they are sent back to."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = said["nonce"]
        query = requests.models.RequestEncodingMixin._encode_params({"code": "one", "state": said["state"]} | more)
        return f"{said['redirect_uri']}?{query}"


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """Serve a provider that can be made to lie."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            said = liar.answer(urlsplit(self.path).path)
            body = json.dumps(said).encode()
            self.send_response(404 if said is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    liar.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

"""The connection to a provider is to the one its certificate names, by an authority that is trusted."""

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ayumi.config import settings
from ayumi.signon import discovery, reach
from ayumi.signon.trouble import NotLetIn

pytestmark = pytest.mark.usefixtures("app")


def certificate(folder: Path, names: list[x509.GeneralName]) -> tuple[Path, Path]:
    """Return a certificate that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


class Hello(BaseHTTPRequestHandler):
    """Answers an object."""

    def do_GET(self) -> None:
        body = json.dumps({"hello": "provider"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


class Quiet(HTTPServer):
    """Says nothing of handshakes that fail."""

    def handle_error(self, *_words: object) -> None:
        pass


@contextmanager
def serving(pem: Path, secret: Path) -> Iterator[str]:
    server = Quiet(("127.0.0.1", 0), Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def trusting(monkeypatch: pytest.MonkeyPatch, pem: Path | None) -> None:
    known = replace(settings(), signon_authorities=str(pem) if pem else None)
    monkeypatch.setattr(reach, "settings", lambda: known)


def hello(url: str) -> object:
    return discovery.ask(lambda way: way.request("GET", url, withhold_token=True))


HERE: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]


def test_a_certificate_of_an_authority_in_the_settings_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, secret = certificate(tmp_path, HERE)
    trusting(monkeypatch, pem)
    with serving(pem, secret) as url:
        assert hello(url) == {"hello": "provider"}


def test_a_certificate_of_an_unknown_authority_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem, secret = certificate(tmp_path, HERE)
    trusting(monkeypatch, None)
    with serving(pem, secret) as url, pytest.raises(NotLetIn):
        hello(url)


def test_a_certificate_for_another_name_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem, secret = certificate(tmp_path, [x509.DNSName("login.elsewhere.example")])
    trusting(monkeypatch, pem)
    with serving(pem, secret) as url, pytest.raises(NotLetIn):
        hello(url)

"""Asking the proxy as browsers, scripts and attackers do."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from tests.hosted.conftest import Hosted
from tests.hosted.proxy import NAME


@dataclass(frozen=True)
class Answer:
    """What came back; headers as they stand, also those said twice."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def context(hosted: Hosted) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(hosted.proxy.home / "certificate.pem"))


def secured(hosted: Hosted, *, source: str = "127.0.0.1", name: str = NAME) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", hosted.proxy.https), timeout=20, source_address=(source, 0))
    return context(hosted).wrap_socket(plain, server_hostname=name)


def https(hosted: Hosted, path: str, *, method: str = "GET", source: str = "127.0.0.1", **more: Any) -> Answer:
    """Ask the site over TLS."""
    connection = http.client.HTTPConnection(NAME)
    connection.sock = secured(hosted, source=source)
    return _answered(connection, method, path, **more)


def plain(port: int, path: str, *, method: str = "GET", host: str = NAME, **more: Any) -> Answer:
    """Ask without TLS."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    return _answered(connection, method, path, **{"headers": {"Host": host}} | more)


def _answered(connection: http.client.HTTPConnection, method: str, path: str, **more: Any) -> Answer:
    try:
        connection.request(method, path, **more)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def raw(hosted: Hosted, request: bytes) -> bytes:
    """Send these very bytes over TLS and return everything that comes back."""
    with secured(hosted) as line:
        line.sendall(request)
        return everything(line)


def everything(line: socket.socket) -> bytes:
    found = b""
    while piece := line.recv(65536):
        found += piece
    return found

"""Answers whoever gathers the figures, at an address of its own. No page of the product ever serves them."""

import hmac
import ipaddress
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

SHORTEST_TOKEN = 32


class NotLikeThis(Exception):
    """The address or the token would show the figures to others; the text says what to change."""


class Server(ThreadingMixIn, WSGIServer):
    """A slow reader keeps nobody else waiting."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    timeout = 10

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def listen(registry: CollectorRegistry, bind: str, token: str | None) -> Server:
    """Return a server that answers at ``host:port``; away from loopback only to those who show the token."""
    host, port = address(bind)
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise NotLikeThis(f"AYUMI_METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters")
    if token is None and not ipaddress.ip_address(host).is_loopback:
        raise NotLikeThis(f"{bind} can be reached by others: set AYUMI_METRICS_TOKEN, or bind to 127.0.0.1")
    figures = only_figures(make_wsgi_app(registry), token)
    return make_server(host, port, figures, server_class=Server, handler_class=Quiet)


def address(bind: str) -> tuple[str, int]:
    """Return host and port."""
    host, _, port = bind.rpartition(":")
    try:
        return str(ipaddress.ip_address(host)), int(port)
    except ValueError as error:
        raise NotLikeThis(f"AYUMI_METRICS_BIND must be an IPv4 address and a port, not {bind}") from error


def only_figures(figures: WSGIApplication, token: str | None) -> WSGIApplication:
    """Serve /metrics and nothing else, to those who show the token."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if token is not None and not shows(environ, token):
            start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return [b""]
        if environ["PATH_INFO"] != "/metrics":
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        return figures(environ, start)

    return answer


def shows(environ: WSGIEnvironment, token: str) -> bool:
    """Tell whether the request brings the token."""
    said = environ.get("HTTP_AUTHORIZATION", "")
    return hmac.compare_digest(said.encode(), f"Bearer {token}".encode())

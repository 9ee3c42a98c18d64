"""The addresses of a provider are typed in by people: none of them makes the server knock at its neighbours (SSRF)."""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
import requests
from flask import Flask

from ayumi.config import settings
from ayumi.signon import discovery, reach
from ayumi.signon.trouble import NotLetIn, Reason

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    "url",
    [
        "http://login.city.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:6379/",
        "http://10.0.0.1/",
        "https://user@login.city.example/",
        "https://user:word@login.city.example/",
        "https://login.city.example/#x",
        "https:///nowhere",
        "https://login.city.example:port/",
        "https://[broken/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//login.city.example/",
        "login.city.example",
        "",
    ],
)
def test_only_https_without_a_user_is_asked(url: str) -> None:
    with pytest.raises(NotLetIn) as refused:
        reach.check(url)
    assert refused.value.reason is Reason.ADDRESS


@pytest.mark.parametrize(
    ("listed", "host", "is_asked"),
    [
        ("", "login.city.example", True),
        ("login.city.example, id.example", "login.city.example", True),
        ("login.city.example, id.example", "LOGIN.city.example", True),
        ("id.example", "login.city.example", False),
        ("city.example", "login.city.example", False),
    ],
)
def test_where_the_hosting_lists_providers_no_other_is_asked(
    monkeypatch: pytest.MonkeyPatch, listed: str, host: str, is_asked: bool
) -> None:
    monkeypatch.setattr(reach, "settings", lambda: dataclasses.replace(settings(), signon_hosts=listed))
    if is_asked:
        reach.check(f"https://{host}/")
        return
    with pytest.raises(NotLetIn) as refused:
        reach.check(f"https://{host}/")
    assert refused.value.reason is Reason.ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:5ef5:79fd::",
    ],
)  # fmt: skip
def test_what_lies_inside_is_not_open(address: str) -> None:
    assert not reach.is_open(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_lies_outside_is_open(address: str) -> None:
    assert reach.is_open(ip_address(address))


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name mean these addresses; return the list of what was connected to."""
    asked: list[str] = []

    def found(host: str, port: int, *_more: object, **_named: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(where: tuple[str, int], *_more: object, **_named: object) -> socket.socket:
        asked.append(where[0])
        raise OSError("no further")

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(reach, "create_connection", connect)
    return asked


def ask(url: str) -> None:
    with pytest.raises(NotLetIn) as refused:
        discovery.ask(lambda way: way.request("GET", url, withhold_token=True))
    assert refused.value.reason in (Reason.UNREACHABLE, Reason.ADDRESS)


def test_a_name_that_means_a_neighbour_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving(monkeypatch, "127.0.0.1", "10.0.0.5", "169.254.169.254")
    ask("https://login.city.example/")
    assert asked == []


def test_of_several_addresses_only_open_ones_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving(monkeypatch, "10.0.0.5", "8.8.8.8")
    ask("https://login.city.example/")
    assert asked == ["8.8.8.8"]


def test_numbers_in_strange_spelling_are_looked_at_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []
    monkeypatch.setattr(reach, "create_connection", lambda where, *_more, **_named: connected.append(where))
    monkeypatch.setattr(reach, "private_hosts", frozenset)
    for host in ("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]"):
        ask(f"https://{host}/")
    assert connected == []


def test_a_host_inside_the_data_centre_is_asked_only_when_the_settings_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving(monkeypatch, "10.0.0.5")
    monkeypatch.setattr(reach, "private_hosts", lambda: frozenset({"login.inside.example"}))
    ask("https://login.outside.example/")
    assert asked == []
    ask("https://login.inside.example/")
    assert asked == ["10.0.0.5"]
    with pytest.raises(NotLetIn):
        reach.check("http://login.inside.example/")


@contextmanager
def serving(handle: Any) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            handle(self)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_a_redirect_is_not_followed() -> None:
    seen: list[str] = []

    def away(request: BaseHTTPRequestHandler) -> None:
        seen.append(request.path)
        request.send_response(302)
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with serving(away) as url:
        ask(url)
    assert seen == ["/"]


def test_an_answer_without_end_is_cut_off() -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        with closing(request.wfile):
            try:
                for _time in range(100):
                    request.wfile.write(b" " * 65536)
            except OSError:
                pass

    with serving(endless) as url:
        ask(url)


def test_an_answer_that_dawdles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "WHOLE", 0.0)

    def short(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"{}")

    with serving(short) as url:
        ask(url)


def test_an_answer_that_is_no_object_is_no_answer() -> None:
    def listed(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"[]")

    with serving(listed) as url:
        ask(url)


def test_the_environment_names_no_proxy_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with reach.Session() as way:
        assert way.trust_env is False
        assert isinstance(way, requests.Session)


def test_addresses_in_what_the_provider_says_are_looked_at_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "issuer": "https://login.city.example",
        "authorization_endpoint": "https://login.city.example/auth",
        "token_endpoint": "http://169.254.169.254/token",
        "jwks_uri": "https://login.city.example/keys",
    }
    monkeypatch.setattr(discovery, "ask", lambda _question: said)
    with pytest.raises(NotLetIn) as refused:
        discovery.of("https://login.city.example")
    assert refused.value.reason is Reason.ADDRESS

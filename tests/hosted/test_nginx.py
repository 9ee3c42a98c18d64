"""The real nginx, with the configuration of infra/nginx, in front of the running product."""

import http.client
import json
import re
import socket
import ssl
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import yaml
from flask import Flask
from sqlalchemy import text

from ayumi.accounts.model import Party, Role
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from infra.embedded.postgres import free_port
from tests.hosted import proxy
from tests.hosted.asking import Answer, everything, https, plain, raw, secured
from tests.hosted.conftest import Hosted
from tests.hosted.proxy import NAME
from tests.live import ROOT
from tests.operation.served import until
from tests.world import PASSWORD, Member, a_member, a_town

SAFETY = (
    "Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options",
    "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cache-Control",
)  # fmt: skip


def test_nginx_itself_accepts_the_configuration(tmp_path: Path) -> None:
    said = proxy.tested(proxy.written(tmp_path, 1, 2))
    assert said.returncode == 0, said.stderr
    # Newer ones would have `http2 on`, which 1.22 does not know.
    assert [line for line in said.stderr.splitlines() if "[warn]" in line and '"listen ... http2"' not in line] == []


def test_it_is_asked_and_says_no_to_a_wrong_one(tmp_path: Path) -> None:
    made = proxy.written(tmp_path, 1, 2)
    path = tmp_path / "nginx.conf"
    path.write_text(path.read_text().replace("ssl_session_tickets off", "ssl_session_tickets perhaps"))
    assert proxy.tested(made).returncode != 0


class TestTheWayIn:
    def test_a_page_asked_for_over_http_is_led_to_https(self, hosted: Hosted) -> None:
        answer = plain(hosted.proxy.http, "/login?next=%2Ft%2Fx%2F")
        assert (answer.status, answer.every("Location")) == (308, [f"https://{NAME}/login?next=%2Ft%2Fx%2F"])

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_what_no_person_types_is_not_led_on(self, hosted: Hosted, method: str) -> None:
        assert plain(hosted.proxy.http, "/login", method=method, body=b"password=x").status == 403
        assert plain(hosted.proxy.http, "/healthz").status == 404

    def test_the_redirect_names_the_site_and_not_the_host_that_was_asked(self, hosted: Hosted) -> None:
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            plain(hosted.proxy.http, "/", host="evil.example")

    def test_another_name_gets_no_certificate(self, hosted: Hosted) -> None:
        with pytest.raises(ssl.SSLError):
            secured(hosted, name="evil.example")

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    def test_tls_of_today_is_spoken(self, hosted: Hosted, version: ssl.TLSVersion) -> None:
        line = socket.create_connection(("127.0.0.1", hosted.proxy.https), timeout=20)
        with only(version).wrap_socket(line, server_hostname=NAME) as spoken:
            chosen = spoken.cipher()
            assert chosen and ("GCM" in chosen[0] or "CHACHA20" in chosen[0])
            assert chosen[2] == 256

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
    def test_tls_of_yesterday_is_refused_by_the_server(self, hosted: Hosted, version: ssl.TLSVersion) -> None:
        asked = only(version)
        asked.set_ciphers("ALL:@SECLEVEL=0")
        line = socket.create_connection(("127.0.0.1", hosted.proxy.https), timeout=20)
        with line, pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION|protocol version"):
            asked.wrap_socket(line, server_hostname=NAME)


def only(version: ssl.TLSVersion) -> ssl.SSLContext:
    """A client that speaks this version and no other."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.minimum_version = made.maximum_version = version
    return made


class TestSmuggling:
    BODY = b"0\r\n\r\nGET /login HTTP/1.1\r\nHost: " + NAME.encode() + b"\r\n\r\n"

    def both(self, port: int) -> bytes:
        said = b"POST /login HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n"
        return said % (NAME.encode(), len(self.BODY)) + self.BODY

    def test_two_lengths_at_once_are_refused_by_the_proxy(self, hosted: Hosted) -> None:
        before = hosted.proxy.log
        found = raw(hosted, self.both(hosted.proxy.https))
        assert found.startswith(b"HTTP/1.1 400 ")
        assert found.count(b"HTTP/1.1 ") == 1
        assert '"app_seconds":"0' not in hosted.proxy.log.removeprefix(before)

    def test_and_by_the_application_were_it_asked(self, hosted: Hosted) -> None:
        with socket.create_connection(("127.0.0.1", hosted.web), timeout=20) as line:
            line.sendall(self.both(hosted.web))
            found = everything(line)
        assert re.match(rb"HTTP/1.[01] 400 ", found)
        assert found.count(b"HTTP/1.") == 1

    @pytest.mark.parametrize(
        "line",
        [
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            b"Transfer-Encoding: xchunked",
            b"Transfer-Encoding : chunked",
            b"Content-Length: 5\r\nContent-Length: 6",
            b"Content-Length: +5",
            b"Content-Length: 5,5",
            b"Content-Length: 0x5",
        ],
    )
    def test_lengths_that_can_be_read_in_two_ways_are_refused(self, hosted: Hosted, line: bytes) -> None:
        request = b"POST /login HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\nhello" % (NAME.encode(), line)
        found = raw(hosted, request)
        assert re.match(rb"HTTP/1.1 (400|501) ", found), found[:200]
        assert found.count(b"HTTP/1.1 ") == 1


class TestLimits:
    def test_too_large_an_upload_is_answered_with_a_page(self, hosted: Hosted) -> None:
        answer = declared(hosted, 26 * 1024 * 1024)
        assert answer.status == 413
        assert "25 MB" in answer.body.decode()
        assert answer.every("Content-Type") == ["text/html"]
        assert all(len(answer.every(name)) == 1 for name in ("Strict-Transport-Security", "Content-Security-Policy"))

    def test_one_below_the_limit_reaches_the_application(self, hosted: Hosted) -> None:
        body = b"x" * (5 * 1024 * 1024)
        answer = https(hosted, "/login", method="POST", body=body, headers={"Content-Type": "text/plain"})
        assert answer.status == 400
        assert b"25 MB" not in answer.body

    def test_a_header_without_end_is_cut_off(self, hosted: Hosted) -> None:
        assert https(hosted, "/login", headers={"X-Long": "x" * 40_000}).status in (400, 431, 494)

    def test_an_application_that_is_away_is_said_so(self, tmp_path: Path, hosted: Hosted) -> None:
        away = proxy.written(tmp_path, free_port(), 1)
        with proxy.running(away) as made:
            answer = https(Hosted(made, 0), "/login")
        assert answer.status == 502
        assert "しばらくしてから" in answer.body.decode()


def declared(hosted: Hosted, size: int) -> Answer:
    """Say that so much is coming, and wait for the answer before any of it is sent."""
    with secured(hosted) as line:
        said = f"POST /login HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
        line.sendall(said.encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return Answer(answer.status, answer.getheaders(), answer.read())


class TestWhatReachesTheApplication:
    def test_the_visitors_address_and_not_what_they_say_of_it(self, app: Flask, hosted: Hosted) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        lies = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
        assert log_in(hosted, member, **lies) == 302
        assert address_of(app, member) == "127.0.0.1"

    def test_a_machine_in_front_is_believed_when_it_is_named(self, app: Flask, hosted: Hosted) -> None:
        member = a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER)
        said = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
        assert log_in(hosted, member, source="127.0.0.2", **said) == 302
        assert address_of(app, member) == "203.0.113.9"

    def test_that_it_was_asked_over_tls(self, hosted: Hosted) -> None:
        answer = https(hosted, "/login")
        cookies = answer.every("Set-Cookie")
        assert any(each.startswith("__Host-ayumi=") and "; Secure" in each for each in cookies)
        assert answer.every("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"]

    def test_every_safety_header_stands_there_once(self, hosted: Hosted) -> None:
        answer = https(hosted, "/login")
        assert {name: len(answer.every(name)) for name in SAFETY} == dict.fromkeys(SAFETY, 1)
        assert [value for value in answer.every("Server") if "/" in value] == []


def log_in(hosted: Hosted, member: Member, *, source: str = "127.0.0.1", **said: str) -> int:
    """Log in as a browser would, with these headers on top."""
    page = https(hosted, "/login", source=source)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body.decode())
    assert token
    cookie = page.every("Set-Cookie")[0].split(";")[0]
    form = urlencode(dict(csrf_token=token[1], email=member.email, password=PASSWORD)).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": f"https://{NAME}"}
    return https(hosted, "/login", method="POST", body=form, headers=headers | said, source=source).status


def address_of(app: Flask, member: Member) -> str | None:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        query = text("SELECT address FROM login_session WHERE account_id = :a ORDER BY started_at DESC LIMIT 1")
        found: str | None = session.execute(query, {"a": member.account_id}).scalar()
        return found


class TestAssets:
    def asset(self, hosted: Hosted) -> str:
        found = re.search(r'href="(/assets/[^"]+\.css)"', https(hosted, "/login").body.decode())
        assert found
        return found[1]

    def test_they_are_packed_and_kept_for_long(self, hosted: Hosted) -> None:
        path = self.asset(hosted)
        bare, packed = https(hosted, path), https(hosted, path, headers={"Accept-Encoding": "gzip"})
        assert packed.every("Content-Encoding") == ["gzip"]
        assert bare.every("Content-Encoding") == []
        assert len(packed.body) < len(bare.body) / 2
        assert packed.every("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert packed.every("Set-Cookie") == []

    def test_the_application_is_asked_for_each_once(self, hosted: Hosted) -> None:
        path = self.asset(hosted)
        first = https(hosted, path, headers={"Accept-Encoding": "gzip"})
        again = https(hosted, path, headers={"Accept-Encoding": "gzip"})
        assert first.body == again.body
        until(lambda: last(hosted)["kept"] == "HIT")

    def test_pages_are_never_kept(self, hosted: Hosted) -> None:
        https(hosted, "/login")
        until(lambda: last(hosted)["kept"] == "")


def last(hosted: Hosted) -> dict[str, str]:
    """What is written down last: a line comes a moment after its answer."""
    lines = hosted.proxy.log.splitlines()
    return json.loads(lines[-1]) if lines else {"kept": "-", "part": "-"}


class TestWhatIsWrittenDown:
    def test_no_address_and_no_visitor(self, hosted: Hosted) -> None:
        https(hosted, "/confirm/a-persons-own-link?word=secret")
        https(hosted, "/t/morioka/participants/")
        assert "a-persons-own-link" not in hosted.proxy.log
        assert "secret" not in hosted.proxy.log
        assert "127.0.0.1" not in hosted.proxy.log
        until(lambda: last(hosted)["part"] == "t")
        assert re.fullmatch(r"[0-9a-f]{32}", last(hosted)["request_id"])
        assert (hosted.proxy.home / "error.log").read_text() == ""


class TestFigures:
    def test_they_are_on_a_door_of_their_own(self, hosted: Hosted) -> None:
        assert plain(hosted.proxy.metrics, "/metrics", host="localhost").body == b"ayumi_up 1\n"
        assert b"Active connections" in plain(hosted.proxy.metrics, "/nginx", host="localhost").body
        assert plain(hosted.proxy.metrics, "/login", host="localhost").status == 404

    def test_whatever_is_asked_from_outside_to_see_whether_pages_are_there_is_served(self, hosted: Hosted) -> None:
        jobs = yaml.safe_load((ROOT / "infra" / "prometheus" / "prometheus.yaml").read_text())["scrape_configs"]
        probed = [each["static_configs"] for each in jobs if each.get("metrics_path") == "/probe"]
        targets = [target for configs in probed for config in configs for target in config["targets"]]
        assert targets
        for each in map(urlsplit, targets):
            assert (each.scheme, each.hostname, https(hosted, each.path).status) == ("https", NAME, 200)

    @pytest.mark.parametrize("path", ["/metrics", "/nginx", "/readyz"])
    def test_visitors_find_none_of_them(self, hosted: Hosted, path: str) -> None:
        assert https(hosted, path).status == 404

"""Ask an identity provider: over TLS, out in the open, with patience and appetite that end.

Its addresses are typed in by a municipality. Without these limits the server could be made to knock at its own
neighbours, so each connection goes to an address that was looked at, not to a name that may mean another one later.
"""

import socket
import time
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from ayumi.config import settings
from ayumi.signon.trouble import NotLetIn, Reason

LARGEST = 256 * 1024
PATIENCE = (3.05, 5.0)  # seconds: to connect, and between two bytes
WHOLE = 10.0  # seconds for one answer
TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 in disguise

Address = IPv4Address | IPv6Address


def check(url: str) -> None:
    """Raise NotLetIn unless this is an address one may ask: https, without a user and without a fragment."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotLetIn(Reason.ADDRESS) from error
    plain = parts.scheme == "http" and is_here(host)
    strange = parts.username is not None or parts.password is not None or parts.fragment
    if not host or strange or not (parts.scheme == "https" or plain) or not is_listed(host):
        raise NotLetIn(Reason.ADDRESS)


def is_listed(host: str) -> bool:
    """Whether a host is one of those that may be asked at all, where the hosting has listed them."""
    known = named(settings().signon_hosts)
    return not known or host.lower() in known


def is_here(host: str) -> bool:
    """Whether this is the machine itself, and the settings allow it: nothing leaves it, so it may do without TLS."""
    try:
        return host in private_hosts() and ip_address(host).is_loopback
    except ValueError:
        return False


def private_hosts() -> frozenset[str]:
    """Return the hosts that may lie inside the data centre."""
    return named(settings().signon_private_hosts)


def named(said: str) -> frozenset[str]:
    """Return the hosts of a setting."""
    return frozenset(host.strip().lower() for host in said.split(",") if host.strip())


def is_open(address: Address) -> bool:
    """Whether an address lies out in the open, looking also behind the ways to write IPv4 as IPv6."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_open(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address in TRANSLATED:
            return False
    return address.is_global and not address.is_multicast


def addresses(host: str, port: int) -> Iterator[str]:
    """Yield the addresses of a host that may be connected to."""
    known = host.lower() in private_hosts()
    for *_kind, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        text = str(where[0])
        if known or is_open(ip_address(text.partition("%")[0])):
            yield text


class Looked(HTTPConnection):
    """A connection to one of the addresses that were looked at."""

    def _new_conn(self) -> socket.socket:
        failure: Exception | None = None
        try:
            for address in addresses(self.host, self.port):
                try:
                    return create_connection((address, self.port), self.timeout, socket_options=self.socket_options)
                except OSError as error:
                    failure = error
        except OSError as error:
            failure = error
        raise NewConnectionError(self, "no open address") from failure


class LookedTLS(Looked, HTTPSConnection):
    """The same with TLS: the certificate must be for the name, not for the address."""


class LookedPool(HTTPConnectionPool):
    """Connections without TLS."""

    ConnectionCls = Looked


class LookedTLSPool(HTTPSConnectionPool):
    """Connections with TLS."""

    ConnectionCls = LookedTLS


class Way(HTTPAdapter):
    """Takes requests through connections of ours."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": LookedPool, "https": LookedTLSPool}


class Session(OAuth2Session):  # type: ignore[misc]
    """Authlib's client, kept within these limits. It follows no redirect and heeds no proxy of the environment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trust_env = False
        self.verify = settings().signon_authorities or True
        self.headers["Accept-Encoding"] = "identity"
        for scheme in ("http://", "https://"):
            self.mount(scheme, Way(max_retries=0))

    def request(self, method: str, url: str, withhold_token: bool = False, **kwargs: Any) -> Response:
        """Ask once and read the answer to its end, or not at all."""
        check(url)
        limits = {"timeout": PATIENCE, "allow_redirects": False, "stream": True}
        response: Response = super().request(method, url, withhold_token=withhold_token, **(kwargs | limits))
        with response:
            read(response)
        return response


def read(response: Response) -> None:
    """Read an answer, which may be neither too long nor too slow."""
    until, content = time.monotonic() + WHOLE, b""
    for piece in response.iter_content(16 * 1024):
        content += piece
        if len(content) > LARGEST or time.monotonic() > until:
            raise NotLetIn(Reason.UNREACHABLE)
    response._content = content

"""What a provider says of itself (OpenID Connect Discovery), remembered for a few minutes in each process."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from requests import RequestException, Response

from ayumi.signon import reach
from ayumi.signon.trouble import NotLetIn, Reason

REMEMBERED = 600.0  # seconds
REST = 30.0  # seconds between two looks for a key that is not known yet
MOST = 500
WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed with a key of the provider's own. Never "none", never a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
TAKEN = (
    "issuer", "userinfo_endpoint", "token_endpoint_auth_methods_supported",
    "authorization_response_iss_parameter_supported", *ADDRESSES,
)  # fmt: skip

Answer = TypeVar("Answer")


@dataclass
class Known:
    """A provider's words and keys, and when they were read."""

    words: dict[str, Any]
    read_at: float = field(default_factory=time.monotonic)
    keys: dict[str, Any] | None = None
    keys_at: float = 0.0


_known: dict[str, Known] = {}


def of(issuer: str) -> dict[str, Any]:
    """Return what a provider says of itself."""
    return _remembered(issuer).words


def keys(issuer: str, *, fresh: bool = False) -> dict[str, Any]:
    """Return the keys a provider signs with. ``fresh``: look again, unless that was a moment ago."""
    known, now = _remembered(issuer), time.monotonic()
    if known.keys is None or (fresh and now - known.keys_at > REST):
        known.keys, known.keys_at = (
            ask(lambda way: way.request("GET", known.words["jwks_uri"], withhold_token=True)),
            now,
        )
    return known.keys


def forget(issuer: str) -> None:
    """Read everything again the next time: the configuration has been changed."""
    _known.pop(issuer, None)


def _remembered(issuer: str) -> Known:
    known, now = _known.get(issuer), time.monotonic()
    if known is None or now - known.read_at > REMEMBERED:
        if len(_known) >= MOST:
            _known.clear()
        known = _known[issuer] = Known(_read(issuer))
    return known


def _read(issuer: str) -> dict[str, Any]:
    url = issuer.rstrip("/") + WELL_KNOWN
    said = ask(lambda way: way.request("GET", url, withhold_token=True))
    if said.get("issuer") != issuer or not all(isinstance(said.get(name), str) for name in ADDRESSES):
        raise NotLetIn(Reason.DISCOVERY)
    for name in ADDRESSES:
        reach.check(said[name])
    words = {name: said[name] for name in TAKEN if name in said}
    return words | {"id_token_signing_alg_values_supported": list(ALGORITHMS)}


def ask(question: Callable[[reach.Session], Response]) -> dict[str, Any]:
    """Ask a provider something; return its answer, which is an object, or raise NotLetIn."""
    try:
        with reach.Session() as way:
            answer = question(way)
        answer.raise_for_status()
        said = answer.json() if answer.status_code == 200 else None
    except (RequestException, ValueError) as error:
        raise NotLetIn(Reason.UNREACHABLE) from error
    if not isinstance(said, dict):
        raise NotLetIn(Reason.UNREACHABLE)
    return said

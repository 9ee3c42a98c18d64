"""One municipality's side of OpenID Connect: authorization code with PKCE, by Authlib, configured at the moment."""

import time
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from authlib.common.security import generate_token
from authlib.integrations.base_client import BaseApp, OAuthError, OpenIDMixin
from authlib.integrations.base_client.sync_app import OAuth2Mixin
from joserfc.errors import JoseError
from requests import RequestException

from ayumi.signon import discovery, reach
from ayumi.signon.trouble import NotLetIn, Reason

SCOPE = "openid email profile"
LEEWAY = 60  # seconds two clocks may differ
LONGEST_SUBJECT = 255
JUST_NOW = 300  # seconds since somebody has proved to the provider who they are
# What providers say when somebody has shown two factors: RFC 8176, and the words of Entra ID and Keycloak.
TWO_FACTORS = frozenset(
    {"mfa", "possessionorinherence", "phr", "phrh", "http://schemas.openid.net/pape/policies/2007/06/multi-factor"}
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a municipality has entered about its provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send somebody, and what must come back with them."""

    url: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by the word of a provider. ``email`` only where the provider has verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str | None
    second_factor: bool


class Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    """Authlib's client, made for one login; provider's words and keys come from where they are remembered."""

    client_cls = reach.Session

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        words = discovery.of(configuration.issuer)
        super().__init__(
            framework=None,
            client_id=configuration.client_id,
            client_secret=configuration.client_secret,
            client_auth_methods=[("client_secret_basic", in_the_header)],
            client_kwargs={
                "scope": SCOPE,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": way_to_show_the_secret(words),
            },
            **words,
        )

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """Return the provider's keys; ``force``: a token was signed with one that is not among them."""
        return discovery.keys(self.configuration.issuer, fresh=force)


def way_to_show_the_secret(words: dict[str, Any]) -> str:
    """Return how this provider wants to be shown the client's secret: in the header, unless it says otherwise."""
    ways = words.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_post" if "client_secret_basic" not in ways else "client_secret_basic"


def in_the_header(client: Any, method: str, uri: str, headers: Any, body: str) -> tuple[str, Any, str]:
    """Show name and secret of the client, each form-encoded first (RFC 6749, 2.3.1), which Authlib leaves out."""
    shown = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {b64encode(shown.encode()).decode()}"
    return uri, headers, body


def depart(configuration: Configuration, *, again: bool = False) -> Departure:
    """Return where to send somebody. ``again``: the provider is to ask who they are even if it knows."""
    more = {"prompt": "login", "max_age": 0} if again else {}
    made = Client(configuration).create_authorization_url(configuration.redirect_uri, state=generate_token(43), **more)
    return Departure(made["url"], made["state"], made["nonce"], made["code_verifier"])


def arrive(
    configuration: Configuration,
    *,
    code: str,
    said_issuer: str | None,
    nonce: str,
    code_verifier: str,
    again: bool = False,
) -> Identity:
    """Turn the code somebody came back with into who they are, or raise NotLetIn. ``again``: they must have proved it
    a moment ago.
    """
    client = Client(configuration)
    if said_issuer is not None or client.server_metadata.get("authorization_response_iss_parameter_supported"):
        _same_issuer(said_issuer, configuration.issuer)
    token = _exchange(client, code, code_verifier)
    claims = _claims(client, token, nonce)
    if again:
        _proved_just_now(claims.get("auth_time"))
    return _identity(claims, claims if "email" in claims else claims | _more(client, token, claims["sub"]))


def _same_issuer(said: str | None, expected: str) -> None:
    """RFC 9207: an answer of one provider must not be taken for another's."""
    if said != expected:
        raise NotLetIn(Reason.TOKEN)


def _proved_just_now(auth_time: Any) -> None:
    if not isinstance(auth_time, int | float) or time.time() - auth_time > JUST_NOW:
        raise NotLetIn(Reason.TOKEN)


def _exchange(client: Client, code: str, code_verifier: str) -> dict[str, Any]:
    try:
        token: dict[str, Any] = client.fetch_access_token(
            client.configuration.redirect_uri, code=code, code_verifier=code_verifier
        )
    except (OAuthError, RequestException, ValueError, TypeError) as error:
        raise NotLetIn(Reason.EXCHANGE) from error
    if not isinstance(token.get("id_token"), str):
        raise NotLetIn(Reason.TOKEN)
    return token


def _claims(client: Client, token: dict[str, Any], nonce: str) -> dict[str, Any]:
    wanted = {
        "iss": {"essential": True, "value": client.configuration.issuer},
        "aud": {"essential": True, "value": client.configuration.client_id},
        "nonce": {"essential": True, "value": nonce},
        "sub": {"essential": True},
    }
    try:
        claims = client.parse_id_token(token, nonce=nonce, claims_options=wanted, leeway=LEEWAY)
    except (JoseError, RequestException, ValueError, TypeError, KeyError) as error:
        raise NotLetIn(Reason.TOKEN) from error
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise NotLetIn(Reason.TOKEN)
    return dict(claims)


def _more(client: Client, token: dict[str, Any], subject: str) -> dict[str, Any]:
    """Most providers keep the address out of the token and tell it when asked; about the same person only."""
    if "userinfo_endpoint" not in client.server_metadata:
        return {}
    try:
        said = client.userinfo(token=token)
    except (OAuthError, RequestException, ValueError, TypeError) as error:
        raise NotLetIn(Reason.EXCHANGE) from error
    if said.get("sub") != subject:
        raise NotLetIn(Reason.TOKEN)
    return {name: said[name] for name in ("email", "email_verified", "name") if name in said}


def _identity(token: dict[str, Any], told: dict[str, Any]) -> Identity:
    email, name = told.get("email"), told.get("name")
    verified = isinstance(email, str) and told.get("email_verified") is True
    shown = [*(token.get("amr") or []), token.get("acr")]
    return Identity(
        issuer=token["iss"],
        subject=token["sub"],
        email=str(email).strip().lower() if verified else None,
        name=name if isinstance(name, str) else None,
        second_factor=any(isinstance(each, str) and each in TWO_FACTORS for each in shown),
    )

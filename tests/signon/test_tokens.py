"""What a provider says is believed only when everything about it fits. The provider here is a stand-in that lies."""

import base64
import hmac
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ayumi.accounts.model import LoginSession, Party, Role
from ayumi.kernel import clock
from ayumi.kernel.db import visiting
from ayumi.kernel.tenancy import Door, Place
from ayumi.signon import discovery
from tests.signon.providers import Forge, Liar, come_back, give_provider, honest, lying_provider, set_out
from tests.world import Member, a_member, a_town


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying_provider() as provider:
        yield provider


@pytest.fixture
def member(app: Flask, liar: Liar) -> Member:
    town = a_town(app)
    give_provider(app, town, liar.issuer)
    made = a_member(app, town, Party.STAFF, Role.CASEWORKER)
    liar.claims["email"] = made.email
    return made


def arrive(app: Flask, member: Member, liar: Liar, **more: str) -> TestResponse:
    client = app.test_client()
    return come_back(client, liar.send_back(set_out(client, member.town), **more))


def sessions(app: Flask, member: Member) -> int:
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        query = select(func.count(LoginSession.id)).where(LoginSession.account_id == member.account_id)
        return session.scalar(query) or 0


def soon(seconds: int) -> int:
    return int(clock.now().timestamp()) + seconds


def test_a_token_in_which_everything_fits_lets_its_owner_in(app: Flask, member: Member, liar: Liar) -> None:
    assert arrive(app, member, liar).status_code == 302
    assert sessions(app, member) == 1


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://login.elsewhere.example"},
    "an issuer with a slash more": {"iss": "/"},
    "another audience": {"aud": "another-client"},
    "another audience in the name of ours": {"aud": "another-client", "azp": "ayumi"},
    "several audiences and nobody in whose name": {"aud": ["ayumi", "another-client"]},
    "several audiences in the name of another": {"aud": ["ayumi", "another-client"], "azp": "another-client"},
    "ours in the name of another": {"azp": "another-client"},
    "another nonce": {"nonce": "of another login"},
    "an empty nonce": {"nonce": ""},
    "no subject to speak of": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a subject of endless length": {"sub": "x" * 256},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_with_a_wrong_claim_lets_nobody_in(
    app: Flask, member: Member, liar: Liar, claims: dict[str, Any]
) -> None:
    if claims.get("iss") == "/":
        claims = {"iss": liar.issuer + "/"}
    liar.claims |= claims
    assert arrive(app, member, liar).status_code == 403
    assert sessions(app, member) == 0


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "iat", "nonce"])
def test_a_token_without_a_claim_lets_nobody_in(app: Flask, member: Member, liar: Liar, name: str) -> None:
    liar.missing = (name,)
    assert arrive(app, member, liar).status_code == 403
    assert sessions(app, member) == 0


@pytest.mark.parametrize(("name", "seconds"), [("exp", -120), ("iat", 600), ("nbf", 600)])
def test_a_token_of_another_time_lets_nobody_in(
    app: Flask, member: Member, liar: Liar, name: str, seconds: int
) -> None:
    liar.claims[name] = soon(seconds)
    assert arrive(app, member, liar).status_code == 403
    assert sessions(app, member) == 0


def packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], _key: RSAKey) -> str:
    return f"{packed({'alg': 'none'})}.{packed(claims)}."


def by_the_public_key(claims: dict[str, Any], key: RSAKey) -> str:
    """HMAC with what everybody can read: works on whoever lets the token choose the algorithm."""
    head = f"{packed({'alg': 'HS256', 'kid': key.kid})}.{packed(claims)}"
    mark = hmac.new(key.as_pem(private=False), head.encode(), sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def by_another_key(claims: dict[str, Any], _key: RSAKey) -> str:
    return honest(claims, RSAKey.generate_key(2048, {"kid": "one"}))


def by_a_key_it_brings(claims: dict[str, Any], _key: RSAKey) -> str:
    own = RSAKey.generate_key(2048, {"kid": "mine"})
    from_itself = {"alg": "RS256", "kid": "mine", "jwk": own.as_dict(private=False)}
    head = f"{packed(from_itself)}.{packed(claims)}"
    signed = honest(claims, own).rsplit(".", 1)[1]
    return f"{head}.{signed}"


def altered(claims: dict[str, Any], key: RSAKey) -> str:
    head, _body, mark = honest(claims, key).split(".")
    return f"{head}.{packed(claims | {'sub': 'somebody else'})}.{mark}"


def no_token(_claims: dict[str, Any], _key: RSAKey) -> str:
    return "what is this"


FORGERIES: list[Forge] = [unsigned, by_the_public_key, by_another_key, by_a_key_it_brings, altered, no_token]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_token_lets_nobody_in(app: Flask, member: Member, liar: Liar, forge: Forge) -> None:
    liar.forge = forge
    assert arrive(app, member, liar).status_code == 403
    assert sessions(app, member) == 0


def test_an_algorithm_stays_forbidden_even_where_the_provider_advertises_it(
    app: Flask, member: Member, liar: Liar
) -> None:
    liar.words["id_token_signing_alg_values_supported"] = ["none", "HS256"]
    for forge in (unsigned, by_the_public_key):
        liar.forge = forge
        assert arrive(app, member, liar).status_code == 403


def test_keys_that_the_provider_has_changed_are_read_again(
    app: Flask, member: Member, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(app, member, liar)
    liar.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    monkeypatch.setattr(discovery, "REST", 0)
    assert arrive(app, member, liar).status_code == 302
    assert liar.asked.count("/keys") == 2


def test_a_flood_of_unknown_keys_does_not_make_us_ask_each_time(app: Flask, member: Member, liar: Liar) -> None:
    arrive(app, member, liar)
    liar.forge = by_a_key_it_brings
    for _time in range(3):
        assert arrive(app, member, liar).status_code == 403
    assert liar.asked.count("/keys") == 1


@pytest.mark.parametrize("said", [False, "true", 1, None])
def test_an_address_the_provider_has_not_verified_opens_nothing(
    app: Flask, member: Member, liar: Liar, said: object
) -> None:
    liar.claims["email_verified"] = said
    assert arrive(app, member, liar).status_code == 403
    assert sessions(app, member) == 0


def test_what_is_told_about_somebody_else_is_not_believed(app: Flask, member: Member, liar: Liar) -> None:
    liar.missing = ("email", "email_verified")
    liar.told = {"sub": "liar-2", "email": member.email, "email_verified": True}
    assert arrive(app, member, liar).status_code == 403
    liar.told["sub"] = "liar-1"
    assert arrive(app, member, liar).status_code == 302


def test_an_answer_that_names_another_provider_is_not_believed(app: Flask, member: Member, liar: Liar) -> None:
    assert arrive(app, member, liar, iss="https://login.elsewhere.example").status_code == 403
    assert arrive(app, member, liar, iss=liar.issuer).status_code == 302


def test_an_answer_must_name_the_provider_where_it_promises_to(app: Flask, member: Member, liar: Liar) -> None:
    liar.words["authorization_response_iss_parameter_supported"] = True
    assert arrive(app, member, liar).status_code == 403
    assert arrive(app, member, liar, iss=liar.issuer).status_code == 302


def test_a_provider_that_calls_itself_otherwise_is_not_asked(app: Flask, member: Member, liar: Liar) -> None:
    liar.words["issuer"] = "https://login.elsewhere.example"
    assert app.test_client().get(f"/signon/{member.town.slug}/start").status_code == 403


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "phr"}, {"acr": "possessionorinherence"}], ids=str)
def test_two_factors_shown_to_the_provider_count_here(
    app: Flask, member: Member, liar: Liar, claims: dict[str, Any]
) -> None:
    liar.claims |= claims
    arrive(app, member, liar)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        opened = session.scalars(select(LoginSession).where(LoginSession.account_id == member.account_id)).one()
        assert opened.second_factor_at is not None


@pytest.mark.parametrize("claims", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": ["mfa"]}], ids=str)
def test_one_factor_shown_to_the_provider_is_one_factor_here(
    app: Flask, member: Member, liar: Liar, claims: dict[str, Any]
) -> None:
    liar.claims |= claims
    arrive(app, member, liar)
    with app.app_context(), visiting(Place(Door.OWNER)) as session:
        query = select(LoginSession).where(LoginSession.account_id == member.account_id)
        assert [each.second_factor_at for each in session.scalars(query)] in ([None], [])

"""What browsers carry is signed with HMAC-SHA-256; the same signed with SHA-1 is worth nothing."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.testing import FlaskClient
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ayumi.accounts.model import Party, Role
from tests.world import a_member, a_town, csrf_of, logged_in

Digest = Callable[..., Any]


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return logged_in(app, a_member(app, a_town(app), Party.STAFF, Role.CASEWORKER))


def of_cookie(app: Flask, digest: Digest) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        str(app.secret_key),
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": digest},
    )


def of_mark(app: Flask, digest: Digest) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token", signer_kwargs={"digest_method": digest})


def test_the_session_is_signed_with_sha_256_and_not_with_sha_1(app: Flask, browser: FlaskClient) -> None:
    browser.get("/account")
    cookie = browser.get_cookie("ayumi")
    assert cookie is not None
    said = of_cookie(app, hashlib.sha256).loads(cookie.value)
    with pytest.raises(BadSignature):
        of_cookie(app, hashlib.sha1).loads(cookie.value)
    stranger = app.test_client()
    stranger.set_cookie("ayumi", str(of_cookie(app, hashlib.sha1).dumps(said)))
    assert stranger.get("/account").status_code == 302
    stranger.set_cookie("ayumi", str(of_cookie(app, hashlib.sha256).dumps(said)))
    assert stranger.get("/account").status_code == 200


def test_a_forms_mark_is_signed_with_sha_256_and_not_with_sha_1(app: Flask, browser: FlaskClient) -> None:
    raw = of_mark(app, hashlib.sha256).loads(csrf_of(browser))
    for digest, status in ((hashlib.sha1, 400), (hashlib.sha256, 302)):
        fields = {"language": "ja", "csrf_token": of_mark(app, digest).dumps(raw)}
        assert browser.post("/account/language", data=fields).status_code == status

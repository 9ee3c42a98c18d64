"""What tests of console pages share: a page read as text, a form sent as the page would send it."""

import re
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ayumi.kernel import ids
from tests.world import Member, csrf_of


def path(member: Member, tail: str) -> str:
    """Return the address of a page in a member's municipality."""
    return f"/t/{member.town.slug}{tail}"


def text_of(client: FlaskClient, address: str) -> str:
    """Return a page that must be there."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return page.get_data(as_text=True)


def token() -> str:
    """Return a name for what a form will make."""
    return str(ids.new())


def send(client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Send a form with its CSRF token; files as (stream, name)."""
    return client.post(address, data=fields | {"csrf_token": csrf_of(client)}, content_type="multipart/form-data")


def made(answer: TestResponse) -> UUID:
    """Return the identifier at the end of the address one is led to."""
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", answer.location)
    return UUID(found[-1])

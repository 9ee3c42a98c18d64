"""Employers who come in as they do: by the link in their mail and the code that follows."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ayumi.placements import months
from jobs import confirmation_links
from tests.employers.scene import LAST_MONTH, Scene, a_placement, a_scene, some_days
from tests.notices.inbox import codes, links
from tests.world import inside, working

MONTH = f"/portal/employer/month/{LAST_MONTH}"


def an_asked_employer(app: Flask, *numbers: int) -> Scene:
    """Make an employer with days of last month that has been sent its link."""
    scene = a_scene(app)
    some_days(app, scene, a_placement(app, scene), *(numbers or (2, 5, 9)))
    ask(app, scene, 1)
    return scene


def ask(app: Flask, scene: Scene, number: int) -> None:
    """Send the employer its link."""
    with working(app, scene.town):
        confirmation_links.send_one(employer_id=str(scene.employer_id), month=str(LAST_MONTH), number=number)


def address_of(app: Flask, scene: Scene) -> str:
    """The contact person's address."""
    with inside(app, scene.worker):
        return str(months.month_state(LAST_MONTH)[0].contact_email)


def token_in(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def press(client: FlaskClient, seen: str, path: str, **fields: object) -> TestResponse:
    """Send a form of the page at ``seen`` to ``path``."""
    page = client.get(seen).get_data(as_text=True)
    return client.post(path, data=fields | {"csrf_token": token_in(page)})


def come_in(app: Flask, scene: Scene) -> FlaskClient:
    """Open the newest link in a new browser, ask for the code and enter it."""
    client, address = app.test_client(), address_of(app, scene)
    link = links(address)[-1]
    press(client, link, link)
    press(client, f"{link}/code", f"{link}/code", code=codes(address)[-1])
    return client

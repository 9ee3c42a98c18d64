"""Everyone's week as a browser sees and sends it."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from ayumi.records.content import Content
from tests.records.scene import LAST_MONDAY, Scene, a_person, a_scene, expect, standing, the_week
from tests.world import inside


def address(scene: Scene, rest: str = str(LAST_MONDAY)) -> str:
    """Where everyone's week stands, or a part of it."""
    return f"/portal/{scene.town.slug}/records/weeks/{rest}"


def two_rows(app: Flask, family_name: str = "及川") -> tuple[Scene, UUID, UUID]:
    scene = a_scene(app, with_firm=True)
    other = a_person(
        app, scene.town, supporter=scene.supporter, firm_id=scene.firm_id, family_name=family_name, given_name="誠"
    )
    expect(app, scene.town)
    with inside(app, scene.supporter):
        return scene, the_week(scene.person_id).id, the_week(other).id


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    """Every field of the page's form, as a browser would send it untouched."""
    return fields_in(client.get(path).text)


def a_cell(scene: Scene, record_id: UUID, **more: str) -> dict[str, str]:
    prefix = f"{record_id}.{LAST_MONDAY}."
    given = {"menu_id": str(scene.town.menu_id), "attendance": "attended", "starts_at": "10:00", "ends_at": "12:00"}
    return {f"{prefix}{name}": value for name, value in (given | more).items()}


def stored(app: Flask, scene: Scene, record_id: UUID) -> Content:
    with inside(app, scene.supporter):
        return standing(record_id)


def fields_in(text: str) -> dict[str, str]:
    """Every field of a piece of a page, as it stands there."""
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        fields[name] = chosen[1] if chosen else ""
    for name, said in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        fields[name] = unescape(said)
    fields.pop("csrf_token", None)
    return fields


def panel_of(client: FlaskClient, scene: Scene, record_id: UUID, where: object = LAST_MONDAY) -> dict[str, Any]:
    """What a script is given to open a panel."""
    answer = client.get(address(scene, f"{record_id}/{where}"))
    assert answer.status_code == 200
    said: dict[str, Any] = answer.get_json()
    return said


def words_of(client: FlaskClient, scene: Scene, record_id: UUID, **typed: str) -> dict[str, str]:
    """The fields of a row's words, as its panel holds them, with what was typed there."""
    held = fields_in(panel_of(client, scene, record_id, "words")["html"])
    return held | {f"{record_id}.words.{name}": text for name, text in typed.items()}

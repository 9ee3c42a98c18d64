"""A firm finds its own people, sees what it needs of them, and nobody else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.participants import queries, reach, rules
from tests.records.scene import Scene, a_scene
from tests.records.scene import a_person as a_person_in_support
from tests.world import a_member, inside, logged_in


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene(app, with_firm=True)


@pytest.fixture
def client(app: Flask, scene: Scene) -> FlaskClient:
    return logged_in(app, scene.supporter)


def text_of(client: FlaskClient, scene: Scene, path: str = "/", status: int = 200) -> str:
    answer = client.get(f"/portal/{scene.town.slug}/people{path}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_supporter_begins_with_those_they_support(app: Flask, scene: Scene, client: FlaskClient) -> None:
    colleague = a_member(app, scene.town, Party.FIRM, Role.SUPPORTER, firm_id=scene.firm_id)
    a_person_in_support(
        app, scene.town, supporter=colleague, firm_id=scene.firm_id, family_name="同僚", given_name="担当"
    )
    assert "高橋 陽子" in text_of(client, scene)
    assert "同僚" not in text_of(client, scene)
    assert "同僚" in text_of(client, scene, "/?who=all")


def test_people_of_the_house_are_not_there(app: Flask, scene: Scene, client: FlaskClient) -> None:
    own = a_person_in_support(app, scene.town, caseworker=scene.caseworker, family_name="直営")
    assert "直営" not in text_of(client, scene, "/?who=all&status=any")
    text_of(client, scene, f"/{own}", status=404)


def test_household_number_and_note_of_the_office_never_reach_a_firm(
    app: Flask, scene: Scene, client: FlaskClient
) -> None:
    with inside(app, scene.caseworker):
        person = queries.one(scene.person_id)
        edition = person.edition
        rules.edit(person, edition=edition, household_number="世帯七七", note="職員だけの話", phone="090-1")
    text = text_of(client, scene, f"/{scene.person_id}")
    assert "090-1" in text
    assert "世帯七七" not in text
    assert "職員だけの話" not in text
    for kind in ("week", "decision", "work", "change"):
        assert "世帯七七" not in text_of(client, scene, f"/{scene.person_id}?kind={kind}")


def test_once_consent_is_gone_the_person_is_gone(app: Flask, scene: Scene, client: FlaskClient) -> None:
    text_of(client, scene, f"/{scene.person_id}")
    with inside(app, scene.caseworker):
        reach.move(scene.person_id, reach.NONE)
    text_of(client, scene, f"/{scene.person_id}", status=404)


def test_pages_of_the_house_are_no_pages_of_a_firm(scene: Scene, client: FlaskClient) -> None:
    text = text_of(client, scene, f"/{scene.person_id}")
    assert "/edit" not in text
    assert "/assign" not in text
    text_of(client, scene, "/new", status=404)
    assert client.get(f"/t/{scene.town.slug}/people/").status_code == 404


def test_an_accountant_of_the_firm_sees_no_people(app: Flask, scene: Scene) -> None:
    accountant = a_member(app, scene.town, Party.FIRM, Role.ACCOUNTING, firm_id=scene.firm_id)
    assert logged_in(app, accountant).get(f"/portal/{scene.town.slug}/people/").status_code == 403

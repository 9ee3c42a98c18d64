"""Menus on the page: for staff with their tiers, for the person side by side and without any."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ayumi.accounts.model import Party, Role
from ayumi.kernel import ids
from ayumi.menus import queries, rules
from ayumi.menus.model import Tier
from tests.tenants.pages import path, send, text_of, token
from tests.world import Member, a_member, a_town, inside, logged_in


@pytest.fixture
def leader(app: Flask) -> Member:
    return a_member(app, a_town(app), Party.STAFF, Role.SUPERVISING_CASEWORKER)


@pytest.fixture
def client(app: Flask, leader: Member) -> FlaskClient:
    return logged_in(app, leader)


def a_form(**more: Any) -> dict[str, Any]:
    given = {"_token": token(), "name": "散歩の会", "tier": "social", "description": "公園を歩きます。"}
    return given | {"usual_place": "中央公園", "usual_time": "水曜 10:00"} | more


def test_a_menu_is_written_once_offered_and_then_stands_in_the_brochure(
    app: Flask, leader: Member, client: FlaskClient
) -> None:
    form = a_form()
    for _click in range(2):
        assert send(client, path(leader, "/menus/new"), **form).status_code == 302
    brochure = path(leader, "/menus/brochure")
    assert "散歩の会" not in text_of(client, brochure)
    with inside(app, leader):
        menu_id = next(row.id for row in queries.every() if row.name == "散歩の会")
    assert send(client, path(leader, f"/menus/{menu_id}/publish")).status_code == 302
    page = text_of(client, brochure)
    assert "公園を歩きます。" in page
    assert "中央公園" in page


def test_the_brochure_names_no_level(leader: Member, client: FlaskClient) -> None:
    page = text_of(client, path(leader, "/menus/brochure"))
    assert "朝の会" in page
    assert not [word for word in ("日常生活", "社会生活", "Daily life") if word in page]


def test_a_name_that_is_taken_is_told_beside_its_field(leader: Member, client: FlaskClient) -> None:
    answer = send(client, path(leader, "/menus/new"), **a_form(name="朝の会"))
    assert answer.status_code == 422
    assert 'href="#field-name"' in answer.get_data(as_text=True)
    assert "公園を歩きます。" in answer.get_data(as_text=True)


def test_a_menus_words_are_changed(app: Flask, leader: Member, client: FlaskClient) -> None:
    at = path(leader, f"/menus/{leader.town.menu_id}")
    assert 'value="朝の会"' in text_of(client, at)
    assert send(client, at, **a_form(name="朝の集い", edition=1)).status_code == 302
    assert send(client, at, **a_form(name="", edition=2)).status_code == 422
    with inside(app, leader):
        assert queries.one(leader.town.menu_id).name == "朝の集い"


def test_of_two_people_changing_a_menu_the_second_is_told_and_keeps_what_was_typed(
    app: Flask, leader: Member, client: FlaskClient
) -> None:
    at = path(leader, f"/menus/{leader.town.menu_id}")
    assert send(client, at, **a_form(name="先の名", edition=1)).status_code == 302
    late = send(client, at, **a_form(name="後の名", edition=1))
    assert late.status_code == 409
    assert 'value="後の名"' in late.text
    with inside(app, leader):
        assert queries.one(leader.town.menu_id).name == "先の名"
    assert send(client, at, **a_form(name="後の名", edition=2)).status_code == 302


def test_menus_are_put_in_order_and_retired(app: Flask, leader: Member, client: FlaskClient) -> None:
    with inside(app, leader):
        second = rules.draw_up(id=ids.new(), name="夜の会", tier=Tier.DAILY_LIFE).id
    assert send(client, path(leader, f"/menus/{second}/move"), way="up").status_code == 302
    page = text_of(client, path(leader, "/menus/"))
    assert page.index("夜の会") < page.index("朝の会")
    assert send(client, path(leader, f"/menus/{second}/retire")).status_code == 409
    assert send(client, path(leader, f"/menus/{leader.town.menu_id}/retire")).status_code == 302
    with inside(app, leader):
        assert queries.published() == []


def test_caseworkers_read_menus_and_write_none(app: Flask, leader: Member) -> None:
    worker = logged_in(app, a_member(app, leader.town, Party.STAFF, Role.CASEWORKER))
    page = text_of(worker, path(leader, "/menus/"))
    assert "朝の会" in page
    assert "/menus/new" not in page
    assert worker.get(path(leader, "/menus/new")).status_code == 403
    assert send(worker, path(leader, f"/menus/{leader.town.menu_id}/retire")).status_code == 403


def test_menus_of_another_municipality_are_not_there(app: Flask, leader: Member, client: FlaskClient) -> None:
    other = a_town(app)
    assert client.get(path(leader, f"/menus/{other.menu_id}")).status_code == 404
    assert send(client, path(leader, f"/menus/{other.menu_id}/retire")).status_code == 404

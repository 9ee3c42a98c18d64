"""Placements and days on the pages that the office and firms share."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ayumi.accounts.model import Party, Role
from ayumi.kernel import ids
from ayumi.kernel.db import db
from ayumi.placements import confirmations, queries
from ayumi.placements.model import ExperienceDay, Placement
from tests.employers.scene import LAST_MONTH, Scene, a_contact, a_person, a_placement, a_plan, a_scene, some_days
from tests.overheard import overheard
from tests.world import Member, a_member, csrf_of, inside, logged_in


@pytest.fixture(params=[False, True], ids=["own staff", "firm"])
def scene(app: Flask, request: pytest.FixtureRequest) -> Scene:
    return a_scene(app, with_firm=request.param)


@pytest.fixture
def client(app: Flask, scene: Scene) -> FlaskClient:
    return logged_in(app, scene.who)


def face(scene: Scene, member: Member | None = None) -> str:
    kind = "portal" if (member or scene.who).party is Party.FIRM else "t"
    return f"/{kind}/{scene.town.slug}"


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data=fields | {"csrf_token": csrf_of(client)})


def typed(scene: Scene, **given: Any) -> dict[str, Any]:
    said = a_plan(scene, **given)
    del said["id"]
    return {name: str(value) for name, value in said.items()}


def test_a_placement_is_planned_once_however_often_it_is_sent(app: Flask, scene: Scene, client: FlaskClient) -> None:
    path, token = f"{face(scene)}/people/{scene.person_id}/placements/new", str(ids.new())
    sent = [send(client, path, _token=token, **typed(scene)) for _twice in range(2)]
    assert sent[0].status_code == 302 and sent[0].location == sent[1].location
    with inside(app, scene.worker):
        assert len(db.session.scalars(select(Placement.id)).all()) == 1


def test_what_is_wrong_is_said_beside_its_field_and_the_rest_kept(scene: Scene, client: FlaskClient) -> None:
    path = f"{face(scene)}/people/{scene.person_id}/placements/new"
    answer = send(client, path, **typed(scene, nickname="高橋さん"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "名字が入っています" in page and "袋詰め" in page


def test_it_is_prepared_started_and_shown(app: Flask, scene: Scene, client: FlaskClient) -> None:
    path = f"{face(scene)}/people/{scene.person_id}/placements/new"
    placement = send(client, path, _token=str(ids.new()), **typed(scene)).location
    assert "/start" not in client.get(placement).get_data(as_text=True)
    assert send(client, f"{placement}/start").status_code == 409
    send(client, f"{placement}/meeting", meeting_held_on=str(LAST_MONTH.first), meeting_note="10時に集合")
    assert f"{placement}/start" in client.get(placement).get_data(as_text=True)
    assert send(client, f"{placement}/start").status_code == 302
    assert "体験中" in client.get(placement).get_data(as_text=True)


def test_somebody_quicker_is_told_and_nothing_is_lost(app: Flask, scene: Scene, client: FlaskClient) -> None:
    placement_id = a_placement(app, scene)
    path = f"{face(scene)}/placements/{placement_id}/edit"
    with inside(app, scene.who):
        edition = queries.one(placement_id).edition
    first = send(client, path, **typed(scene) | {"tasks": "洗い物"}, edition=edition)
    assert first.status_code == 302
    late = send(client, path, **typed(scene) | {"tasks": "品出し"}, edition=edition)
    assert late.status_code == 409
    assert "品出し" in late.get_data(as_text=True)
    with inside(app, scene.who):
        assert queries.one(placement_id).tasks == "洗い物"


class TestMonth:
    @pytest.fixture
    def path(self, app: Flask, scene: Scene) -> str:
        return f"{face(scene)}/placements/{a_placement(app, scene)}/days/{LAST_MONTH}"

    def ticks(self, *numbers: int, **times: str) -> dict[str, Any]:
        days = [LAST_MONTH.first.replace(day=n).isoformat() for n in numbers]
        said = {"starts_at": "10:00", "ends_at": "12:00", "rest": "0"} | times
        return {"day": days} | {f"{day}.{name}": value for day in days for name, value in said.items()}

    def test_ticked_days_are_recorded_and_the_page_sent_again_adds_none(
        self, app: Flask, scene: Scene, client: FlaskClient, path: str
    ) -> None:
        assert send(client, path, **self.ticks(2, 5, 9)).status_code == 302
        assert send(client, path, **self.ticks(2, 5, 9)).status_code == 302
        with inside(app, scene.worker):
            assert len(db.session.scalars(select(ExperienceDay.id)).all()) == 3

    def test_weekdays_are_ticked_at_once_without_a_script(self, client: FlaskClient, path: str) -> None:
        tuesdays = len([on for on in LAST_MONTH.days() if on.weekday() == 1])
        page = client.get(f"{path}?weekday=1").get_data(as_text=True)
        assert page.count('name="day"') == len(list(LAST_MONTH.days()))
        assert sum('name="day"' in line and "checked" in line for line in page.splitlines()) == tuesdays

    def test_times_that_do_not_fit_come_back_as_typed(self, client: FlaskClient, path: str) -> None:
        answer = send(client, path, **self.ticks(2, ends_at="09:15"))
        assert answer.status_code == 422
        assert 'value="09:15"' in answer.get_data(as_text=True)

    def test_nothing_ticked_is_said(self, client: FlaskClient, path: str) -> None:
        assert send(client, path).status_code == 422


class TestDay:
    @pytest.fixture
    def day_id(self, app: Flask, scene: Scene) -> UUID:
        return some_days(app, scene, a_placement(app, scene), 2)[0]

    def test_a_questioned_day_is_changed_and_asked_anew(
        self, app: Flask, scene: Scene, client: FlaskClient, day_id: UUID
    ) -> None:
        with inside(app, a_contact(app, scene)):
            confirmations.dispute(day_id, word="午後でした")
        path = f"{face(scene)}/days/{day_id}"
        assert "午後でした" in client.get(f"{face(scene)}/placements/").get_data(as_text=True)
        assert "午後でした" in client.get(path).get_data(as_text=True)
        assert (
            send(client, f"{path}/times", starts_at="13:00", ends_at="15:00", rest="0", edition="2").status_code == 302
        )
        with inside(app, scene.worker):
            assert queries.day(day_id).status.value == "recorded"

    def test_a_day_is_withdrawn_with_its_reason_only(
        self, app: Flask, scene: Scene, client: FlaskClient, day_id: UUID
    ) -> None:
        path = f"{face(scene)}/days/{day_id}/withdraw"
        assert send(client, path).status_code == 422
        assert send(client, path, why="日を間違えました").status_code == 302

    def test_a_confirmed_day_is_withdrawn_by_the_office_alone(
        self, app: Flask, scene: Scene, client: FlaskClient, day_id: UUID
    ) -> None:
        with inside(app, a_contact(app, scene)):
            confirmations.confirm(scene.employer_id, LAST_MONTH, id=ids.new(), given_by="高田")
        answer = send(client, f"{face(scene)}/days/{day_id}/withdraw", why="間違い")
        assert answer.status_code == (403 if scene.firm_id else 302)


def test_a_person_one_may_not_see_has_no_placements_either(app: Flask) -> None:
    scene = a_scene(app)
    hidden = a_person(app, scene.town, scene.worker, family="森", family_kana="モリ", restricted=True)
    placement_id = a_placement(app, scene, person_id=hidden)
    day_id = some_days(app, scene, placement_id, 2)[0]
    client = logged_in(app, a_member(app, scene.town, Party.STAFF, Role.CASEWORKER))
    town = face(scene)
    for path in (f"/placements/{placement_id}", f"/days/{day_id}", f"/people/{hidden}/placements"):
        assert client.get(town + path).status_code == 404
    for path in (
        "/placements/",
        f"/employers/{scene.employer_id}",
        f"/employers/{scene.employer_id}/months/{LAST_MONTH}",
    ):
        assert "森" not in client.get(town + path).get_data(as_text=True)


def test_the_profile_sheet_needs_the_persons_consent(app: Flask, scene: Scene, client: FlaskClient) -> None:
    placement = f"{face(scene)}/placements/{a_placement(app, scene)}"
    assert client.get(f"{placement}/sheet").status_code == 409
    assert client.get(f"{placement}/profile").status_code == 409


def test_a_firms_accountant_does_not_read_whose_placement_it_is(app: Flask) -> None:
    scene = a_scene(app, with_firm=True)
    placement_id = a_placement(app, scene)
    accountant = a_member(app, scene.town, Party.FIRM, Role.ACCOUNTING, firm_id=scene.firm_id)
    client = logged_in(app, accountant)
    assert client.get(f"{face(scene, accountant)}/placements/{placement_id}").status_code == 403
    page = client.get(f"{face(scene, accountant)}/employers/{scene.employer_id}").get_data(as_text=True)
    assert "北上川ベーカリー" in page and "高橋" not in page


def test_a_list_asks_the_database_little(app: Flask, scene: Scene, client: FlaskClient) -> None:
    a_placement(app, scene)
    for path in ("/placements/", "/employers/"):
        with overheard(app, "firm" if scene.firm_id else "staff") as said:
            assert client.get(face(scene) + path).status_code == 200
        assert len([each for each in said if each.startswith("SELECT")]) <= 6, said
